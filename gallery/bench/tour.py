"""The stops of the bench's tour; the page leaves out a stop whose control is not there."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Stop:
    """One stop: what it points at and what it says.

    key: names it for tests and styles. target: a CSS selector on the bench. medium: "picture",
    "music", or "" for both.
    """

    key: str
    target: str
    title: Promise
    words: Promise
    medium: str = ""


STOPS: tuple[Stop, ...] = (
    Stop(
        "blend",
        "#bench-blend",
        gettext_lazy("Closer to one or the other"),
        gettext_lazy(
            "The child takes after its parents. Slide between them; click a parent to change it,"
            " or add another, up to four."
        ),
    ),
    Stop(
        "brood",
        ".bench-brood-head, .bench-seeds",
        gettext_lazy("Or just choose"),
        gettext_lazy(
            "Twelve siblings grow here. Point at one, or hold your finger on it, to compare it with"
            " its parents; pick the ones you like and breed on, again and again."
        ),
        "picture",
    ),
    Stop(
        "brood",
        ".bench-brood-head, .bench-seeds",
        gettext_lazy("Or just choose"),
        gettext_lazy(
            "Twelve siblings grow here. Point at one, or hold your finger on it, to hear it; pick"
            " the ones you like and breed on, again and again."
        ),
        "music",
    ),
    Stop(
        "publish",
        "#bench-publish",
        gettext_lazy("Hang it on the wall"),
        gettext_lazy(
            "When you like what you see, publish it. Its parents and their makers stay credited"
            " for good."
        ),
    ),
)
