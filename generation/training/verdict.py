"""A verdict in words on a trained net: good, fair or poor, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from generation.data.sources import Report

GOOD, FAIR, POOR = "good", "fair", "poor"
TRAIN_ON = "The net has not learnt long enough: train on with more --hours, and export it again."


@dataclass(frozen=True)
class Judgement:
    """One side of a net. why: what was measured, in words. remedy: what helps where it is poor."""

    side: str
    grade: str
    why: str
    remedy: str = ""


def grade(value: float, *, good: float, fair: float) -> str:
    """Grade a figure by the bounds from which it is good and fair; large is good if good > fair."""
    sign = 1 if good > fair else -1
    if sign * value >= sign * good:
        return GOOD
    return FAIR if sign * value >= sign * fair else POOR


def overall(judgements: Sequence[Judgement]) -> str:
    """Return the grade of the whole: a poor side makes it poor, and one fair side is forgiven."""
    grades = [judgement.grade for judgement in judgements]
    if POOR in grades:
        return POOR
    return GOOD if grades.count(FAIR) <= 1 else FAIR


def report_verdict(judgements: Sequence[Judgement], *, report: Report) -> None:
    """Say the verdict, one line for each side, and what helps."""
    report(f"Verdict: {overall(judgements)}.")
    for one in judgements:
        report(f"  {one.side}: {one.grade}, {one.why}.")
    remedies = [one.remedy for one in judgements if one.grade == POOR and one.remedy]
    for remedy in dict.fromkeys(remedies):
        report(remedy)
