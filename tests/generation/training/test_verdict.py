import pytest

from generation.training.verdict import Judgement, grade, overall, report_verdict


@pytest.mark.parametrize(
    ("value", "bounds", "wanted"),
    [
        (0.8, {"good": 0.7, "fair": 0.4}, "good"),
        (0.5, {"good": 0.7, "fair": 0.4}, "fair"),
        (0.1, {"good": 0.7, "fair": 0.4}, "poor"),
        (0.0, {"good": 0.03, "fair": 0.15}, "good"),
        (0.1, {"good": 0.03, "fair": 0.15}, "fair"),
        (0.9, {"good": 0.03, "fair": 0.15}, "poor"),
        (float("nan"), {"good": 0.7, "fair": 0.4}, "poor"),
    ],
)
def test_figures_are_graded_whether_much_or_little_is_good(value, bounds, wanted):
    assert grade(value, **bounds) == wanted


def judgements(*grades):
    return [
        Judgement(f"side {number}", grade, f"it is {grade}", f"Mend the {grade} ones.")
        for number, grade in enumerate(grades)
    ]


@pytest.mark.parametrize(
    ("grades", "whole"),
    [
        (("good", "good", "good"), "good"),
        (("good", "fair", "good"), "good"),
        (("fair", "fair", "good"), "fair"),
        (("good", "good", "poor"), "poor"),
    ],
)
def test_one_poor_side_makes_the_whole_poor_and_one_fair_side_is_forgiven(grades, whole):
    assert overall(judgements(*grades)) == whole


def test_a_verdict_says_why_and_what_helps_once():
    said = []
    report_verdict(judgements("poor", "good", "poor"), report=said.append)
    assert said == [
        "Verdict: poor.",
        "  side 0: poor, it is poor.",
        "  side 1: good, it is good.",
        "  side 2: poor, it is poor.",
        "Mend the poor ones.",
    ]
