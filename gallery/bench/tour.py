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
        "parents",
        "#bench-cards",
        gettext_lazy("Everything here has parents"),
        gettext_lazy(
            "These works are on your bench. You can take one off, or add more from the garden,"
            " up to four."
        ),
    ),
    Stop(
        "preview",
        "#bench-preview",
        gettext_lazy("Their child"),
        gettext_lazy(
            "This picture exists nowhere else yet. It is repainted whenever you move something."
        ),
        "picture",
    ),
    Stop(
        "preview",
        "#bench-preview, #bench-tune",
        gettext_lazy("Their child"),
        gettext_lazy(
            "These are the notes of a tune that exists nowhere else yet. Press play, and keep"
            " changing it as it plays."
        ),
        "music",
    ),
    Stop(
        "blend",
        "#bench-pair, #bench-pad",
        gettext_lazy("Closer to one or the other"),
        gettext_lazy(
            "Slide to make the child take after one parent or the other. The best is often"
            " somewhere in between."
        ),
    ),
    Stop(
        "surprise",
        ".bench-dials",
        gettext_lazy("Let chance help"),
        gettext_lazy(
            "Surprise adds what no parent had. Roll again for a different surprise, and try"
            " Patchwork instead of Melt."
        ),
    ),
    Stop(
        "genes",
        ".bench-genes:not(.bench-finish)",
        gettext_lazy("Change a single trait"),
        gettext_lazy(
            "Each slider changes one thing and leaves the rest alone. The question mark beside"
            " it explains which."
        ),
    ),
    Stop(
        "finish",
        "#bench-finish",
        gettext_lazy("Finish it"),
        gettext_lazy(
            "Another style, a new palette, a transparent background: these switches change the"
            " picture after it is painted."
        ),
        "picture",
    ),
    Stop(
        "brood",
        ".bench-brood-head, #bench-seedlings",
        gettext_lazy("Or just choose"),
        gettext_lazy(
            "Twelve siblings grow here. Click the ones you like and breed on with them, again"
            " and again."
        ),
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
