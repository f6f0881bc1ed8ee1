"""The measured figures on a species' card, in plain words.

A figure that the card does not hold is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from django.utils.translation import gettext

AS_FAR, NEARLY_AS_FAR = 0.95, 0.75  # Shares of the distance among real pictures.


@dataclass(frozen=True)
class Figure:
    """One figure. name: what is measured; value: with its unit; words: what it means."""

    name: str
    value: str
    words: str


def describe_figures(card: Any) -> list[Figure]:
    """The figures of a card, of pictures or of tunes. A damaged card has fewer."""
    if not isinstance(card, Mapping):
        return []
    return [*_of_pictures(card), *_of_tunes(card)]


def _number(card: Mapping[str, Any], *path: str) -> float | None:
    """The finite number at that path of a card; None when there is none."""
    value: Any = card
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and isfinite(value) else None


def _of_pictures(card: Mapping[str, Any]) -> Iterator[Figure]:
    """The figures of a net that makes pictures."""
    noise = _number(card, "figures", "held_out_psnr")
    if noise is not None:
        yield Figure(
            gettext("Redrawing unseen pictures"),
            f"{noise:.1f} dB",
            gettext(
                "How closely it redraws a picture it never learnt from (PSNR). At 20 dB you"
                " recognise it at once; at 30 dB you can hardly tell it from the original."
            ),
        )
    made, floor = (
        _number(card, "figures", "frechet_random_net", kind) for kind in ("samples", "floor")
    )
    if made is not None and floor is not None:
        value = gettext("{made}; best possible {floor}").format(
            made=f"{made:.1f}", floor=f"{floor:.1f}"
        )
        yield Figure(
            gettext("Distance from real pictures"),
            value,
            gettext(
                "The Fréchet distance between new founders and real pictures. Two halves of the"
                " real pictures are {floor} apart, so nothing could do better."
            ).format(floor=f"{floor:.1f}"),
        )
    cover, most = (_number(card, "figures", "coverage", kind) for kind in ("samples", "floor"))
    if cover is not None and most is not None:
        yield Figure(
            gettext("Variety"),
            f"{cover:.0%}",
            gettext(
                "This share of the real pictures has a new founder close by. Among themselves, real"
                " pictures reach {most}."
            ).format(most=f"{most:.0%}"),
        )
    yield from _originality(card)
    jump = _number(card, "figures", "smoothness", "tidied")
    if jump is not None:
        yield Figure(
            gettext("Smooth breeding"),
            gettext("{n} times").format(n=f"{jump:.1f}"),
            gettext(
                "On the way from one parent to the other, the largest step is this many times the"
                " usual one. 1 would be perfectly even."
            ),
        )


def _originality(card: Mapping[str, Any]) -> Iterator[Figure]:
    """How far new founders are from the training pictures, if the card says so."""
    made = _number(card, "figures", "samples", "nearest_median")
    real = _number(card, "figures", "samples", "nearest_among_real_median")
    if made is None or not real:
        return
    if made >= AS_FAR * real:
        words = gettext(
            "A new founder is as far from the nearest training picture as real pictures are from"
            " each other: no copies."
        )
    elif made >= NEARLY_AS_FAR * real:
        words = gettext(
            "A new founder is nearly as far from the nearest training picture as real pictures"
            " are from each other."
        )
    else:
        words = gettext(
            "A new founder is closer to the nearest training picture than real pictures are to"
            " each other."
        )
    yield Figure(gettext("Originality"), f"{made / real:.0%}", words)


def _of_tunes(card: Mapping[str, Any]) -> Iterator[Figure]:
    """The figures of a net that makes tunes."""
    right = _number(card, "novel_free_running_accuracy")
    if right is not None:
        yield Figure(
            gettext("Rewriting unseen phrases"),
            f"{right:.1%}",
            gettext(
                "This share of its notes and rests is right when it repeats phrases unlike any it"
                " learnt from."
            ),
        )
    copies = _number(card, "copies_in_1000")
    if copies is not None:
        yield Figure(
            gettext("Originality"),
            gettext("{n} in 1,000").format(n=f"{copies:.0f}"),
            gettext("This many new phrases match a phrase of the old tunes note for note."),
        )
    made, real = _number(card, "prior_diatonic"), _number(card, "real_diatonic")
    if made is not None and real is not None:
        words = gettext(
            "This share of its notes is in the key. In the old tunes it is {real}."
        ).format(real=f"{real:.1%}")
        yield Figure(gettext("In key"), f"{made:.1%}", words)
    made, real = _number(card, "prior_notes_per_bar"), _number(card, "real_notes_per_bar")
    if made is not None and real is not None:
        value = gettext("{n} notes per bar").format(n=f"{made:.1f}")
        yield Figure(
            gettext("Liveliness"), value, gettext("The old tunes have {n}.").format(n=f"{real:.1f}")
        )
    even = _number(card, "interpolation_monotone_steps")
    if even is not None:
        yield Figure(
            gettext("Smooth breeding"),
            f"{even:.1%}",
            gettext(
                "This share of the steps from one parent to the other leads onward, without coming"
                " back towards the first."
            ),
        )
