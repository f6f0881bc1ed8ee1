"""The verdict on a music net, from the figures that `evaluate` measured.

The bounds are set by the shipped nets, which are good.
"""

from collections.abc import Mapping

from generation.training.verdict import TRAIN_ON, Judgement, grade

MORE_DATA = "Prepare more tunes: the net knows these by heart."


def judge(figures: Mapping[str, float]) -> list[Judgement]:
    """Judge a net by `metrics.all_figures`, or one that continues by `prediction_figures`."""
    if "next_token_accuracy" in figures:
        return [_foresight(figures)]
    return [_memory(figures), _melody(figures), _copies(figures), _blends(figures)]


def _foresight(figures: Mapping[str, float]) -> Judgement:
    plain = figures["always_hold_accuracy"]
    gained = (figures["next_token_accuracy"] - plain) / max(1 - plain, 1e-9)
    return Judgement(
        "foresight",
        grade(gained, good=0.35, fair=0.15),
        f"of what is no mere holding of a note it foresees {_percent(gained)}",
        TRAIN_ON,
    )


def _memory(figures: Mapping[str, float]) -> Judgement:
    right = figures["free_running_accuracy"]
    return Judgement(
        "memory",
        grade(right, good=0.95, fair=0.75),
        f"it writes {_percent(right)} of unknown phrases down again as they were",
        TRAIN_ON,
    )


def _melody(figures: Mapping[str, float]) -> Judgement:
    in_scale = figures["prior_diatonic"] / max(figures["real_diatonic"], 1e-9)
    density = figures["prior_notes_per_bar"] / max(figures["real_notes_per_bar"], 1e-9)
    return Judgement(
        "melody",
        grade(min(in_scale, density, 1 / max(density, 1e-9)), good=0.85, fair=0.65),
        f"of fresh melodies {_percent(figures['prior_diatonic'])} of the notes are in the scale"
        f" (of real ones {_percent(figures['real_diatonic'])}), with"
        f" {figures['prior_notes_per_bar']:.1f} notes a bar (real ones:"
        f" {figures['real_notes_per_bar']:.1f})",
        TRAIN_ON,
    )


def _copies(figures: Mapping[str, float]) -> Judgement:
    copied = figures["copies_in_1000"]
    return Judgement(
        "copies",
        grade(copied, good=20, fair=100),
        f"{copied:g} of 1,000 fresh melodies are in the tunes that it learnt from",
        MORE_DATA,
    )


def _blends(figures: Mapping[str, float]) -> Judgement:
    steady = figures["interpolation_monotone_steps"]
    return Judgement(
        "blends",
        grade(steady, good=0.95, fair=0.85),
        f"{_percent(steady)} of the steps from one tune to another lead away from the first",
        TRAIN_ON,
    )


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"
