"""Game characters composed from the player tiles of Dungeon Crawl Stone Soup.

A character is a body with clothes, hair, a hat and things in its hands. The parts are 32 px pixel
art that fits together, so they give as many aligned characters as one likes, as DiceBear does with
portraits. Left out: parts that copy characters of films and games, and the one part on the artists'
list of unclear origin.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from generation.data.colouring import PASTELS

SIZE = 32
# People of the same build, so that every garment sits right.
BODIES = re.compile(
    r"(human|human2|human3|elf|deep_elf|demigod|demonspawn_(black|red)|orc|vampire|ghoul|mummy|gargoyle\w*|lorc)_[fm]\d?"
)
LEFT_OUT = re.compile(
    r"aragorn|arwen|boromir|frodo|gandalf|gil-galad|gimli|isildur|legolas|merry|pipin|^sam$|saruman|chunli|jessica|maxwell|kryias"
    r"|lears|talos|vanhel|zhor|^pj$|donald|louise|dyrovepreva|demonblade|bikini|garter|bloody|slit"
)
# Layers from back to front, with the share of characters that wear one.
LAYERS = (
    ("cloak", 0.35),
    ("base", 1.0),
    ("boots", 0.8),
    ("legs", 0.85),
    ("body", 0.95),
    ("gloves", 0.3),
    ("hair", 0.75),
    ("beard", 0.2),
    ("head", 0.45),
    ("hand1", 0.7),
    ("hand2", 0.4),
)


def read_parts(tiles: Path) -> dict[str, list[Image.Image]]:
    """Layer -> its parts, RGBA 32x32, in the order of their names."""
    parts = {}
    for layer, _ in LAYERS:
        paths = sorted((tiles / "player" / layer).glob("*.png"))
        is_wanted = BODIES.fullmatch if layer == "base" else lambda name: not LEFT_OUT.search(name)
        pictures = [Image.open(path).convert("RGBA") for path in paths if is_wanted(path.stem)]
        parts[layer] = [picture for picture in pictures if picture.size == (SIZE, SIZE)]
    return parts


def compose(parts: dict[str, list[Image.Image]], rng: np.random.Generator) -> np.ndarray:
    """One character on a pastel ground, uint8 [32, 32, 3]."""
    picture = Image.new(
        "RGBA", (SIZE, SIZE), (*(int(c) for c in PASTELS[rng.integers(len(PASTELS))]), 255)
    )
    for layer, share in LAYERS:
        if rng.random() < share:
            picture.alpha_composite(parts[layer][rng.integers(len(parts[layer]))])
    return np.asarray(picture.convert("RGB"))


def characters(tiles: Path, count: int, *, seed: int = 0) -> Iterator[np.ndarray]:
    """So many different characters; the same seed gives the same ones."""
    parts, rng = read_parts(tiles), np.random.default_rng(seed)
    for _ in range(count):
        yield compose(parts, rng)
