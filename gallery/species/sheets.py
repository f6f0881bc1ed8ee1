"""The sheets of a learnt species: new founders side by side, and pictures at stages of training.

Both are grids with white lines of one pixel, written by generation/training/pictures/sheets.py; the
edge of a tile follows from the width of the file. The address of a sheet holds a digest of its
content, so browsers may cache it forever.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from PIL import Image

from generation.checkpoints import Checkpoint

COLUMNS = {"samples.png": 16, "learning.png": 8}
COARSE = 40  # Tiles of at most so many pixels are shown without smoothing.
STRIP = (8, 2)  # Columns and rows of the strip on the overview.
MAX_BYTES = 4_000_000


@dataclass(frozen=True)
class Sheet:
    """A sheet as its page shows it.

    width, height: of the file, in pixels; step: from tile to tile, in pixels; columns, rows: how
    many tiles.
    """

    url: str
    width: int
    height: int
    step: int
    columns: int
    rows: int

    @property
    def is_coarse(self) -> bool:
        return self.step <= COARSE

    @property
    def count(self) -> int:
        return self.columns * self.rows

    @property
    def strip(self) -> str:
        """An SVG view box that shows the first few columns and rows, without the outer lines."""
        columns, rows = min(STRIP[0], self.columns), min(STRIP[1], self.rows)
        return f"1 1 {columns * self.step - 1} {rows * self.step - 1}"

    @property
    def bands(self) -> list[str]:
        """An SVG view box for each row."""
        return [
            f"1 {row * self.step + 1} {self.columns * self.step - 1} {self.step - 1}"
            for row in range(self.rows)
        ]


def read_sheet(checkpoint: Checkpoint | None, name: str) -> Sheet | None:
    """A sheet of a checkpoint; None when it has none, or the file is no such grid."""
    path = find_file(checkpoint, name)
    if checkpoint is None or path is None:
        return None
    try:
        digest, width, height = _measure(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    step = (width - 1) // COLUMNS[name]
    if step < 2 or width != COLUMNS[name] * step + 1 or height <= step or (height - 1) % step:
        return None
    url = reverse("species_file", args=[checkpoint.key, digest, name])
    return Sheet(url, width, height, step, COLUMNS[name], (height - 1) // step)


def find_file(checkpoint: Checkpoint | None, name: str) -> Path | None:
    """The file of that sheet; None when it is no sheet, too large, or missing."""
    if checkpoint is None or name not in COLUMNS:
        return None
    path = checkpoint.folder / name
    return path if path.is_file() and path.stat().st_size <= MAX_BYTES else None


@lru_cache(maxsize=64)
def _measure(path: Path, changed_ns: int) -> tuple[str, int, int]:
    """Digest, width and height of a file. changed_ns: its mtime, so that a change is noticed."""
    with Image.open(path, formats=["PNG"]) as image:
        width, height = image.size
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12], width, height


def learning_stages(sheet: Sheet, card: Any) -> list[dict[str, Any]]:
    """The rows of the learning sheet: `box`, an SVG view box, and `words`.

    The words say how many pictures the net had seen by then, if the card holds that for every row;
    else they number the stage.
    """
    counts = card.get("learning") if isinstance(card, dict) else None
    if (
        isinstance(counts, list)
        and len(counts) == sheet.rows
        and all(isinstance(count, int) for count in counts)
    ):
        words = [
            ngettext("{n} picture seen", "{n} pictures seen", count).format(n=f"{count:,}")
            for count in counts
        ]
    else:
        words = [
            gettext("Stage {n} of {all}").format(n=row + 1, all=sheet.rows)
            for row in range(sheet.rows)
        ]
    return [{"box": box, "words": text} for box, text in zip(sheet.bands, words, strict=True)]
