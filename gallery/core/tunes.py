"""What the pages of a tune show: its score, who plays what, and its key, tempo and style in
words.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from gallery.i18n.stored_sentences import translated
from gallery.models import Artwork
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
LARGEST_NOTES = 2_000_000  # Bytes; a tune has some 60,000.


@dataclass(frozen=True)
class TunePage:
    """score: the drawing; seconds: its length; players: colour sign, role and instrument; facts:
    terms and their words.
    """

    score: SafeString
    seconds: float
    players: tuple[tuple[SafeString, str, str], ...]
    facts: tuple[tuple[str, str], ...]


def read_notes(artwork: Artwork) -> dict[str, Any] | None:
    """The notes of a tune as `generation.finishing.song.Song.to_json` wrote them; None where the
    file is missing or damaged.
    """
    if not artwork.notes:
        return None
    try:
        with artwork.notes.open("rb") as stored:
            found = json.loads(stored.read(LARGEST_NOTES))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("parts") else None


def tune_page(artwork: Artwork) -> TunePage | None:
    """What the page of a tune shows, or None while it has no notes."""
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
    label = gettext("The score of {title}").format(title=artwork.title)
    return TunePage(draw_score(notes, label=label), seconds, _players(notes), facts)


def describe_key(name: str) -> str:
    """A key such as "F# minor" in the reader's language, with the signs of notation."""
    tonic, _, mode = name.partition(" ")
    return gettext("{tonic} {mode}").format(tonic=with_signs(tonic), mode=MODES.get(mode, mode))


def draw_score(notes: Mapping[str, Any], *, label: str) -> SafeString:
    """The large piano roll as an element of a page. Every word in it was escaped when it was
    drawn.
    """
    return mark_safe(score_svg(notes, label=label))


def _players(notes: Mapping[str, Any]) -> tuple[tuple[SafeString, str, str], ...]:
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
