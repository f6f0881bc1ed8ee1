"""Finishing as a whole: every step and setting, determinism, sizes, transparency, refusals."""

import numpy as np
import pytest

from generation.finishing.curated import CURATED
from generation.finishing.picture import WORKS, finish
from generation.finishing.presets import PALETTES, STYLES
from generation.finishing.settings import Amount
from generation.finishing.steps import STEPS, brief_steps, is_see_through, read_steps
from generation.finishing.style_vector import borrow_style
from generation.refusal import Refused
from tests.generation.finishing.picture_examples import make_figure

STRONG = {
    "background": {"kind": "plain", "colour": "#ff0000"},
    "style": {"style": "woodcut", "strength": 1},
    "colour": {"warmth": 1},
    "palette": {"colours": list(PALETTES["sea"])},
    "duotone": {},
    "detail": {"grain": 1},
    "pattern": {"count": 2},
    "mock-up": {"template": "shirt"},
}


@pytest.fixture(scope="module")
def figure() -> np.ndarray:
    return make_figure(96)


def strong(name: str, figure: np.ndarray) -> dict:
    return (
        {"vector": borrow_style(figure[:, ::-1]), "strength": 1}
        if name == "borrowed-style"
        else STRONG[name]
    )


def test_every_step_that_is_offered_is_carried_out():
    assert set(WORKS) | {"resolution"} == set(STEPS)


@pytest.mark.parametrize("name", sorted(WORKS))
def test_a_step_changes_the_picture_and_is_the_same_every_time(name, figure):
    step = (name, strong(name, figure))
    finished = finish(figure, (step,), size=96)
    assert finished.shape == (96, 96, 3)
    assert finished.dtype == np.uint8
    assert np.abs(finished.astype(int) - figure).mean() > 1
    assert np.array_equal(finished, finish(figure, (step,), size=96))


@pytest.mark.parametrize("name", sorted(set(WORKS) - {"background", "mock-up"}))
def test_transparency_survives_every_other_step(name, figure):
    steps = (("background", {"kind": "transparent"}), (name, strong(name, figure)))
    finished = finish(figure, steps, size=96)
    assert finished.shape == (96, 96, 4)
    assert {0, 255} <= set(np.unique(finished[..., 3]).tolist())


def test_without_steps_a_picture_is_only_brought_to_the_size(figure):
    assert np.array_equal(finish(figure, (), size=96), figure)
    assert finish(figure, (), size=200).shape == (200, 200, 3)


def test_the_resolution_comes_first_wherever_it_stands(figure):
    ink, large = ("duotone", {}), ("resolution", {"net": "pixels"})
    assert np.array_equal(
        finish(figure, (ink, large), size=128), finish(figure, (large, ink), size=128)
    )


def test_progress_grows_to_one(figure):
    seen = []
    finish(
        figure[::3, ::3],
        (("resolution", {}), ("duotone", {}), ("detail", {"grain": 1})),
        size=128,
        yield_point=seen.append,
    )
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len(seen) > 17


def test_settings_that_are_not_given_stand_at_their_default():
    ((name, settings),) = read_steps([["style", {"strength": 0.5}]])
    assert (name, settings["strength"], settings["style"]) == ("style", 0.5, "starry")
    assert set(settings) == {setting.key for setting in STEPS["style"].settings}


def test_the_style_net_has_as_many_styles_as_names():
    assert len(STYLES) == 26
    assert all(step.is_available for step in STEPS.values())


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([["glitter", {}]], "finishing step “glitter”, which this version lacks"),
        ([["colour", {"sparkle": 1}]], "has no setting “sparkle”"),
        ([["colour", {"warmth": 2}]], "The warmth must be a number from -1 to 1"),
        ([["colour", {"warmth": float("nan")}]], "The warmth must be a number"),
        ([["colour", {"warmth": True}]], "The warmth must be a number"),
        ([["colour", {"warmth": "1"}]], "The warmth must be a number"),
        ([["style", {"style": "van gogh"}]], "The style must be one of dawn"),
        ([["resolution", {"net": "giant"}]], "The enlarging method must be one of"),
        ([["duotone", {"dark": "red"}]], "must be a colour such as"),
        ([["palette", {"colours": ["#000000"]}]], "a list of 2 to 8 colours"),
        ([["palette", {"colours": ["#000000", 5]}]], "must be a colour such as"),
        ([["borrowed-style", {}]], "borrow it from a picture again"),
        ([["borrowed-style", {"vector": "AAAA"}]], "borrow it from a picture again"),
        ([["borrowed-style", {"vector": 7}]], "borrow it from a picture again"),
        ([["duotone", {"edition": 3}]], "has the editions 1 to 2"),
        ([["duotone", {"edition": True}]], "has the editions 1 to 2"),
        ([["colour", {"edition": 2}]], "has no setting “edition”"),
        ([["colour"]], "a pair"),
        ([["colour", 5]], "a pair"),
        ([[5, {}]], "which this version lacks"),
        ("colour", "a list of at most 8 steps"),
        ([["colour", {}]] * 9, "a list of at most 8 steps"),
    ],
)
def test_a_wrong_step_is_refused_by_a_sentence(steps, sentence):
    with pytest.raises(Refused, match=sentence):
        read_steps(steps)


def test_an_edition_is_kept_and_older_works_name_none():
    old, new = (read_steps([["duotone", given]]) for given in ({}, {"edition": 2}))
    assert "edition" not in old[0][1] and new[0][1]["edition"] == 2
    assert brief_steps(old) == [["duotone", {}]] and brief_steps(new) == [
        ["duotone", {"edition": 2}]
    ]
    assert read_steps(brief_steps(new)) == new
    assert STEPS["duotone"].fresh == {"edition": 2} and STEPS["colour"].fresh == {}


def test_finishings_of_chance_are_whole_and_of_the_newest_editions():
    for finishings in CURATED.values():
        for finishing in finishings:
            assert read_steps(finishing) == finishing
            for name, settings in finishing:
                assert STEPS[name].fresh.items() <= settings.items()


def test_limits_of_sliders_hold_their_defaults():
    for step in STEPS.values():
        for setting in step.settings:
            if isinstance(setting, Amount):
                assert setting.low <= setting.default <= setting.high


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [["background", {}]],
        [["background", {"kind": "glow"}]],
        [["background", {}], ["mock-up", {}]],
    ],
)
def test_it_is_known_beforehand_whether_a_picture_will_be_transparent(steps):
    assert (finish(make_figure(64), read_steps(steps), size=64).shape[2] == 4) == is_see_through(
        read_steps(steps)
    )
