"""Help texts of the controls that every bench has."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Help:
    """name: the control's label. words: what it does. term: anchor of its glossary entry, or ""."""

    name: Promise
    words: Promise
    term: str = ""


CONTROLS: dict[str, Help] = {
    "parents": Help(
        gettext_lazy("Parents"),
        gettext_lazy(
            "The one to four works that the child is bred from. Click a parent to change it or to"
            " take it off; drop a work on it to replace it."
        ),
        "parent",
    ),
    "new-pair": Help(
        gettext_lazy("New pair"),
        gettext_lazy(
            "Puts two other works on the bench, drawn at random. Undo brings your present bench"
            " back."
        ),
    ),
    "pair": Help(
        gettext_lazy("Closeness"),
        gettext_lazy(
            "Slide towards a parent, and the child takes more after it. In the middle it has half"
            " of each."
        ),
        "blend",
    ),
    "pad": Help(
        gettext_lazy("Closeness"),
        gettext_lazy(
            "Drag the knob towards a parent, and the child takes more after it. In the middle it"
            " takes equally after all."
        ),
        "blend",
    ),
    "surprise": Help(
        gettext_lazy("Surprise"),
        gettext_lazy(
            "How much of the child comes from no parent at all. A little varies it, a lot leads"
            " somewhere new."
        ),
        "surprise",
    ),
    "dice": Help(
        gettext_lazy("Roll"),
        gettext_lazy(
            "Rolls the dice again: different surprises of the same size, or different pieces in"
            " a patchwork."
        ),
        "surprise",
    ),
    "operator": Help(
        gettext_lazy("Melt or patchwork"),
        gettext_lazy(
            "Melt puts every part between the parents. Patchwork takes each part whole from one of"
            " them."
        ),
        "crossover",
    ),
    "genes": Help(
        gettext_lazy("Genes"),
        gettext_lazy(
            "Each slider changes one trait of the child and leaves the rest alone. With A, B or"
            " Blend you choose which parent a part comes from. Delete sets a slider back."
        ),
        "genes",
    ),
    "band": Help(
        gettext_lazy("Band"),
        gettext_lazy(
            "Who plays the tune. The melody stays the same; the instruments, the chords and the"
            " drums change."
        ),
    ),
    "psi": Help(
        gettext_lazy("Character"),
        gettext_lazy(
            "How close the child keeps to what is typical of its species. To the left it is calm"
            " and clean, to the right daring and odd."
        ),
        "truncation",
    ),
    "finish": Help(
        gettext_lazy("Finish"),
        gettext_lazy(
            "What happens to the picture after it is painted. It belongs to the work, but never"
            " changes its genes."
        ),
        "finish",
    ),
    "brood": Help(
        gettext_lazy("Brood"),
        gettext_lazy(
            "Twelve siblings of the child. Point at one to compare it with its parents, click the"
            " ones you like; “Breed on” makes them the next parents."
        ),
        "brood",
    ),
    "tune": Help(
        gettext_lazy("Playing"),
        gettext_lazy(
            "Plays the tune with simple sounds while you change it. “Hear it properly” plays it"
            " with real instruments after a few seconds."
        ),
    ),
}
