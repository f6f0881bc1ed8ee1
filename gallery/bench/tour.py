"""The stops of the tour of the bench: where each points, and what it says. A stop whose control is
not there is left out.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Stop:
    """key: a word for tests and styles. target: a CSS selector on the bench. medium: "picture",
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
            "These works lie on your bench. You may take one off, or add up to four from the"
            " garden."
        ),
    ),
    Stop(
        "preview",
        "#bench-preview",
        gettext_lazy("Their child"),
        gettext_lazy(
            "This picture does not exist yet anywhere else. It is painted anew whenever you move"
            " something."
        ),
        "picture",
    ),
    Stop(
        "preview",
        "#bench-preview, #bench-tune",
        gettext_lazy("Their child"),
        gettext_lazy(
            "These are the notes of a tune that does not exist yet anywhere else. Press play, and"
            " go on changing it while it sounds."
        ),
        "music",
    ),
    Stop(
        "blend",
        "#bench-pair, #bench-pad",
        gettext_lazy("Closer to one or the other"),
        gettext_lazy(
            "Slide, and the child takes after one parent or the other. Most beauty lies somewhere"
            " between."
        ),
    ),
    Stop(
        "surprise",
        ".bench-dials",
        gettext_lazy("Let chance help"),
        gettext_lazy(
            "Surprise adds what no parent had. Roll for another surprise, and try Patchwork instead"
            " of Melt."
        ),
    ),
    Stop(
        "genes",
        ".bench-genes:not(.bench-finish)",
        gettext_lazy("Turn a single trait"),
        gettext_lazy(
            "Each slider changes one thing and leaves the rest. The question mark beside it says"
            " which."
        ),
    ),
    Stop(
        "finish",
        "#bench-finish",
        gettext_lazy("Finish it"),
        gettext_lazy(
            "Another style, another palette, a clear ground: switches that change the picture after"
            " it is painted."
        ),
        "picture",
    ),
    Stop(
        "brood",
        ".bench-brood-head, #bench-seedlings",
        gettext_lazy("Or simply choose"),
        gettext_lazy(
            "Twelve sisters grow here. Click the ones you like and breed on with them, again and"
            " again."
        ),
    ),
    Stop(
        "publish",
        "#bench-publish",
        gettext_lazy("Hang it on the wall"),
        gettext_lazy(
            "When you like what you see, publish it. Its parents and their makers are named with it"
            " for good."
        ),
    ),
)
