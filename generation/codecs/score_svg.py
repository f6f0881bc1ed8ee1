"""Drawings of a tune as SVG: the square card for walls, and the large score of its page.

They are drawn from the notes of `generation.song.Song.to_json`, with times in beats. Colours are
part of the drawing, because a card is shown as an image, which the page's style sheet does not
reach.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any

# From back to front. They differ in lightness too, so that people who confuse colours can tell
# them apart.
COLOURS = {
    "pad": "#4f7568",
    "chords": "#5fae9c",
    "bass": "#8a9be8",
    "harmony": "#ee9480",
    "melody": "#ffd489",
}
DRUM_COLOUR = "#b9b3a4"
GROUND, LINE, WORDS, QUIET_WORDS = "#12201a", "#2a3b33", "#fffdf8", "#b8c4bb"
CARD_EDGE = 512
CARD_BEATS = 32  # Eight bars; the notes of a whole tune would be too small to see.
CARD_GROUNDS = {
    "folk": "#1c2b1a",
    "lofi": "#261c33",
    "chamber": "#301a1c",
    "synth": "#101f38",
    "bossa": "#33260f",
    "lullaby": "#11302f",
}
SCORE_WIDTH, SCORE_HEIGHT = 1600, 600
CHORD_SIZE, LETTER_WIDTH = 22, 0.62  # In units of the drawing, and as a part of that size.
# The y coordinates of the rows of the score.
SECTIONS_AT, CHORDS_AT, NOTES_FROM, DRUMS_FROM = 26, 62, 84, 544
BEATS_A_BAR = 4
AIR = 2  # Empty rows above the highest and below the lowest note.


def card_svg(notes: Mapping[str, Any]) -> str:
    """A square picture of a tune's first eight bars after the intro, for walls and pedigrees.

    The SVG file has about 5 kB.
    """
    margin = CARD_EDGE // 12
    begin = float(notes["sections"][0][0]) if notes["sections"] else 0.0
    end = min(begin + CARD_BEATS, float(notes["beats"]))
    parts = [{**part, "notes": _between(part["notes"], begin, end)} for part in notes["parts"]]
    shown = {"beats": end - begin, "parts": parts}
    rows = _Rows(
        shown,
        left=margin,
        top=1.5 * margin,
        width=CARD_EDGE - 2 * margin,
        height=CARD_EDGE - 3 * margin,
    )
    ground = card_ground(notes)
    size = f'viewBox="0 0 {CARD_EDGE} {CARD_EDGE}" width="{CARD_EDGE}" height="{CARD_EDGE}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}><rect width="100%" height="100%"'
        f' fill="{ground}"/>{"".join(rows.paths(round_ends=True))}</svg>'
    )


def card_ground(notes: Mapping[str, Any]) -> str:
    """The background colour of a tune's card, which is its accent on the site."""
    return CARD_GROUNDS.get(notes["style"], GROUND)


def _between(notes: Iterable[Sequence[float]], begin: float, end: float) -> list[list[float]]:
    """The notes that begin in this stretch, with times from its beginning."""
    return [
        [start - begin, min(stop, end) - begin, *rest]
        for start, stop, *rest in notes
        if begin <= start < end
    ]


def score_svg(notes: Mapping[str, Any], *, label: str) -> str:
    """The large piano roll of a tune.

    Sections and chord names above, bars, every part in its colour, drums as ticks below. label: its
    description for screen readers.
    """
    beats = float(notes["beats"])
    across = SCORE_WIDTH / beats
    rows = _Rows(
        notes, left=0, top=NOTES_FROM, width=SCORE_WIDTH, height=DRUMS_FROM - NOTES_FROM - 8
    )
    bars = "".join(
        f"M{bar * across:.1f} {NOTES_FROM}V{SCORE_HEIGHT}"
        for bar in range(BEATS_A_BAR, int(beats), BEATS_A_BAR)
    )
    sections = [
        f'<path d="M{start * across:.1f} 6V{SCORE_HEIGHT}" stroke="{QUIET_WORDS}"'
        f' opacity=".5"/><text x="{start * across + 6:.1f}" y="{SECTIONS_AT}" fill="{QUIET_WORDS}"'
        f' font-size="20">{escape(name)}</text>'
        for start, name in notes["sections"]
    ]
    return (
        f'<svg class="score" viewBox="0 0 {SCORE_WIDTH} {SCORE_HEIGHT}" role="img"'
        f' aria-label="{escape(label)}">'
        f'<rect width="100%" height="100%" fill="{GROUND}"/><path d="{bars}" stroke="{LINE}"/>'
        f"{''.join([*sections, *_chords(notes, across), *rows.paths(), *_drums(notes, across)])}"
        "</svg>"
    )


def _chords(notes: Mapping[str, Any], across: float) -> Iterable[str]:
    """A chord's name where it begins, smaller where the next one follows soon.

    A chord that goes on is not named again.
    """
    chords = notes["chords"]
    named = [
        chord
        for before, chord in zip([None, *chords], chords, strict=False)
        if not before or before[2] != chord[2]
    ]
    for (start, _, name), (end, *_) in pairwise([*named, (float(notes["beats"]),)]):
        words = with_signs(name)
        size = min(CHORD_SIZE, ((end - start) * across - 6) / (len(words) * LETTER_WIDTH))
        yield (
            f'<text x="{start * across + 6:.1f}" y="{CHORDS_AT}" fill="{WORDS}"'
            f' font-size="{size:.1f}">{escape(words)}</text>'
        )


def _drums(notes: Mapping[str, Any], across: float) -> Iterable[str]:
    for part in notes["parts"]:
        if part["role"] == "drums":
            # Low drums stand low, cymbals high.
            heights = (
                (start, SCORE_HEIGHT - 16 - 1.5 * min(max(pitch - 35, 0), 24))
                for start, _, pitch, _ in part["notes"]
            )
            ticks = "".join(f"M{start * across:.1f} {height:.0f}v6" for start, height in heights)
            yield f'<path d="{ticks}" stroke="{DRUM_COLOUR}" stroke-width="3" opacity=".8"/>'


def with_signs(name: str) -> str:
    """The name of a chord or key with the signs of notation.

    "Bbm" is B♭m, "F# minor" is F♯ minor.
    """
    return name[:1] + name[1:2].replace("b", "♭").replace("#", "♯") + name[2:]


class _Rows:
    """The pitched notes of a tune, laid out in a box."""

    def __init__(
        self, notes: Mapping[str, Any], *, left: float, top: float, width: float, height: float
    ) -> None:
        by_role = {part["role"]: part["notes"] for part in notes["parts"]}
        self.parts = [(role, by_role[role]) for role in COLOURS if by_role.get(role)]
        pitches = [note[2] for _, part in self.parts for note in part] or [60]
        self.high = max(pitches) + AIR
        self.left, self.top = left, top
        self.across = width / float(notes["beats"])
        self.up = height / (self.high - min(pitches) + AIR + 1)

    def paths(self, *, round_ends: bool = False) -> Iterable[str]:
        """A path for each part, with a stroke for each note.

        A stroke is as thick as the row of its pitch is high, and never too thin to be seen.
        """
        thickness = max(self.up * (1.15 if round_ends else 0.86), 2.0)
        ends = ' stroke-linecap="round"' if round_ends else ""
        inset = thickness / 2 if round_ends else 0.6
        for role, part in self.parts:
            strokes = "".join(
                self._stroke(start, end, pitch, inset=inset) for start, end, pitch, _ in part
            )
            faint = ' opacity=".55"' if role == "pad" else ""
            yield (
                f'<path class="score-{role}" d="{strokes}" fill="none" stroke="{COLOURS[role]}" '
                f'stroke-width="{thickness:.1f}"{ends}{faint}/>'
            )

    def _stroke(self, start: float, end: float, pitch: int, *, inset: float) -> str:
        x, y = (
            self.left + start * self.across + inset,
            self.top + (self.high - pitch + 0.5) * self.up,
        )
        return f"M{x:.1f} {y:.1f}h{max((end - start) * self.across - 2 * inset, 0.5):.1f}"
