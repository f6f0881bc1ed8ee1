"""What the page of a tune shows: its score, the players, and its key, tempo and style."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from gallery.i18n.stored_sentences import translated
from gallery.models import Artwork
from gallery.models.texts import isolate
from gallery.types import Words
from generation.codecs.score_svg import COLOURS, DRUM_COLOUR, score_svg, with_signs
from generation.finishing.styles import STYLES

ROLE_LABELS = {
    "melody": gettext_lazy("Melody"),
    "harmony": gettext_lazy("Second voice"),
    "chords": gettext_lazy("Chords"),
    "bass": gettext_lazy("Bass"),
    "pad": gettext_lazy("Background"),
    "drums": gettext_lazy("Rhythm"),
}
MODES = {
    "major": gettext_lazy("major"),
    "minor": gettext_lazy("minor"),
    "dorian": gettext_lazy("dorian"),
    "mixolydian": gettext_lazy("mixolydian"),
}
MAX_NOTES_SIZE = 2_000_000  # Bytes; a tune has some 60,000.


@dataclass(frozen=True)
class TunePage:
    """What the page of a tune shows.

    score: the drawing. seconds: the length. players: colour sign, role and instrument of each.
    facts: pairs of a label and a value.
    """

    score: SafeString
    seconds: float
    players: tuple[tuple[SafeString, Words, str], ...]
    facts: tuple[tuple[str, str], ...]


def read_notes(artwork: Artwork) -> dict[str, Any] | None:
    """The notes of a tune as `generation.song.Song.to_json` wrote them.

    None if the file is missing or damaged.
    """
    if not artwork.notes:
        return None
    try:
        with artwork.notes.open("rb") as stored:
            found = json.loads(stored.read(MAX_NOTES_SIZE))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("parts") else None


def tune_page(artwork: Artwork) -> TunePage | None:
    """What the page of a tune shows; None while it has no notes."""
    notes = read_notes(artwork)
    if notes is None:
        return None
    seconds = notes["beats"] * 60 / notes["bpm"]
    style = translated(STYLES[notes["style"]].label) if notes["style"] in STYLES else notes["style"]
    tempo = gettext("{count} beats a minute").format(count=f"{notes['bpm']:.0f}")
    facts = (
        (gettext("Style"), style),
        (gettext("Key"), describe_key(notes["key"])),
        (gettext("Tempo"), tempo),
    )
    label = gettext("The score of {title}").format(title=isolate(artwork.title))
    return TunePage(draw_score(notes, label=label), seconds, _players(notes), facts)


def describe_key(name: str) -> str:
    """A key such as "F# minor" in the active language, with musical accidentals."""
    tonic, _, mode = name.partition(" ")
    return gettext("{tonic} {mode}").format(tonic=with_signs(tonic), mode=MODES.get(mode, mode))


def draw_score(notes: Mapping[str, Any], *, label: str) -> SafeString:
    """The large piano roll as an SVG element; `score_svg` has escaped every text in it."""
    return mark_safe(score_svg(notes, label=label))


def _players(notes: Mapping[str, Any]) -> tuple[tuple[SafeString, Words, str], ...]:
    """Colour sign, role and instrument of every part that has notes."""
    by_role = {part["role"]: part["name"] for part in notes["parts"] if part["notes"]}
    return tuple(
        (_colour_sign(COLOURS.get(role, DRUM_COLOUR)), label, translated(by_role[role]))
        for role, label in ROLE_LABELS.items()
        if role in by_role
    )


def _colour_sign(colour: str) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">'
        '<rect width="10" height="10" rx="2" fill="{}"/></svg>',
        colour,
    )
