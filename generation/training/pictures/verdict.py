"""The verdict on a picture species, from the figures that `evaluate` measured.

The bounds are set by the shipped species, which are good or fair, and by nets that were stopped
after a few minutes, which are poor.
"""

from collections.abc import Mapping
from typing import Any

from generation.training.verdict import TRAIN_ON, Judgement, grade

MORE_DATA = (
    "Prepare more pictures of one kind of thing, or train a new run with --variety, which shows"
    " each in many colours and proportions."
)


def judge(figures: Mapping[str, Any]) -> list[Judgement]:
    """Judge a species by `evaluation.quality` and `evaluation.originality`."""
    sides = _sharpness, _likeness, _variety, _copies, _blends
    return [side(figures) for side in sides]


def _share(value: float) -> str:
    return f"{round(100 * value)} of 100"


def _sharpness(figures: Mapping[str, Any]) -> Judgement:
    edges = figures["sharpness"]["samples"] / max(figures["sharpness"]["floor"], 1e-9)
    return Judgement(
        "sharpness",
        grade(edges, good=0.7, fair=0.45),
        f"random works have {round(100 * edges)} % of the edges and details of real pictures",
        TRAIN_ON,
    )


def _likeness(figures: Mapping[str, Any]) -> Judgement:
    near = figures["precision"]
    return Judgement(
        "likeness",
        grade(near["samples"] / max(near["floor"], 1e-9), good=0.7, fair=0.4),
        f"{_share(near['samples'])} random works look like real pictures"
        f" ({_share(near['floor'])} real ones do)",
        TRAIN_ON,
    )


def _variety(figures: Mapping[str, Any]) -> Judgement:
    covered = figures["coverage"]
    return Judgement(
        "variety",
        grade(covered["samples"] / max(covered["floor"], 1e-9), good=0.4, fair=0.2),
        f"{_share(covered['samples'])} real pictures have a random work near them"
        f" ({_share(covered['floor'])} have a real one)",
        TRAIN_ON,
    )


def _copies(figures: Mapping[str, Any]) -> Judgement:
    copied = figures["samples"]["copies"]
    why = f"{_share(copied)} random works are nearly a training picture"
    return Judgement("copies", grade(copied, good=0.03, fair=0.15), why, MORE_DATA)


def _blends(figures: Mapping[str, Any]) -> Judgement:
    near = figures["precision"]
    kept = near["midpoints"] / max(near["samples"], 1e-9)
    remedy = "Blends learn in the adversarial phase: train on with more --hours."
    return Judgement(
        "blends",
        grade(kept if near["samples"] else 0.0, good=0.7, fair=0.4),
        f"{_share(near['midpoints'])} children of two works look like real pictures",
        remedy,
    )
