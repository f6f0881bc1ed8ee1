"""A song as a drawing: one SVG path a part, notes as strokes. Small enough to stand inline on a
wall of many tunes.

Colours are the page's: every path has a class `roll-ROLE`. Bars and sections are thin lines with
the classes `roll-bar` and `roll-section`.
"""

from collections.abc import Iterable, Sequence
from html import escape

from generation.song import Note, Part, Song

DRAWN = ("pad", "chords", "bass", "harmony", "melody")  # From the back to the front.
MARGIN = 2  # Pitches of air above and below.
BEATS_A_BAR = 4


def piano_roll_svg(
    song: Song, *, width: int, height: int, roles: Sequence[str] = DRAWN, label: str = ""
) -> str:
    """An SVG element of this view box; stretched by the page, its strokes keep their thickness in
    pitches.

    label: what a screen reader says; empty draws a decoration that it skips.
    """
    parts = [part for role in DRAWN if role in roles for part in song.parts if part.role == role]
    pitches = [note.pitch for part in parts for note in part.notes] or [60]
    low, high = min(pitches) - MARGIN, max(pitches) + MARGIN
    across, up = width / song.beats, height / (high - low + 1)
    described = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    lines = _grid(song, across=across, height=height)
    strokes = (_path(part, across=across, up=up, high=high) for part in parts if part.notes)
    return (
        f'<svg class="roll" viewBox="0 0 {width} {height}" preserveAspectRatio="none" {described}>'
        f"{''.join(lines)}{''.join(strokes)}</svg>"
    )


def _path(part: Part, *, across: float, up: float, high: int) -> str:
    drawn = "".join(_stroke(note, across=across, up=up, high=high) for note in part.notes)
    return (
        f'<path class="roll-{part.role}" d="{drawn}" fill="none" stroke="currentColor"'
        f' stroke-width="{up:.2f}"/>'
    )


def _stroke(note: Note, *, across: float, up: float, high: int) -> str:
    length = max((note.end - note.start) * across, 0.3)
    return f"M{note.start * across:.1f} {(high - note.pitch + 0.5) * up:.1f}h{length:.1f}"


def _grid(song: Song, *, across: float, height: int) -> Iterable[str]:
    """A line at every bar in one path, and one at every section."""
    bars = "".join(
        f"M{bar * across:.1f} 0v{height}"
        for bar in range(BEATS_A_BAR, int(song.beats), BEATS_A_BAR)
    )
    sections = "".join(f"M{start * across:.1f} 0v{height}" for start, _ in song.sections)
    for name, drawn in (("bar", bars), ("section", sections)):
        if drawn:
            yield (
                f'<path class="roll-{name}" d="{drawn}" fill="none" stroke="currentColor"'
                ' stroke-width=".4" opacity=".3"/>'
            )
