"""Feature vectors of works: unit vectors that are close for works that look or sound alike.

They are hand-crafted. Pictures: OKLab colours on a 4 x 4 grid [48], histograms of hue and lightness
[8 + 8], and orientations of edges in each quarter [4 x 8]. Tunes: pitch classes relative to the
most frequent one [12], melodic intervals [25], positions in the bar [16], lengths of notes [8], and
density and pitch of each part [4 x 2].

Similar works are found by locality-sensitive hashing with random hyperplanes (Charikar, "Similarity
estimation techniques from rounding algorithms", STOC 2002): a vector falls into one bucket of each
band, and close vectors often fall into the same.
"""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image

from gallery.models import Medium
from generation.finishing.oklab import to_oklab

VERSION = 1
UNREADABLE = f"unread-{VERSION}"  # The kind of a work whose file could not be read.
LENGTHS = {Medium.PICTURE: 96, Medium.MUSIC: 69}
BANDS, BITS = 8, 12
EDGE, GRID, HUES, TONES, ORIENTATIONS = 64, 4, 8, 8, 8
BACKGROUND = (128, 128, 128)  # Behind transparent pixels.
BEATS, BAR_STEPS, LONGEST_INTERVAL = 4, 16, 12


def kind_of(medium: str) -> str:
    """The kind of the vectors of a medium; those of different kinds cannot be compared."""
    return f"{medium}-{VERSION}"


def vector_of_picture(data: bytes) -> np.ndarray:
    """The vector of an encoded picture, float32 [96]. Raises OSError if it cannot be decoded."""
    with Image.open(io.BytesIO(data)) as opened:
        small = opened.convert("RGBA").resize((EDGE, EDGE), Image.Resampling.BOX)
    ground = Image.new("RGBA", small.size, (*BACKGROUND, 255))
    lab = to_oklab(np.asarray(Image.alpha_composite(ground, small).convert("RGB")))  # [64, 64, 3]
    cell = EDGE // GRID
    layout = lab.reshape(GRID, cell, GRID, cell, 3).mean(axis=(1, 3)) - np.array(
        [0.55, 0, 0], np.float32
    )
    hue = np.arctan2(lab[..., 2], lab[..., 1]) / (2 * np.pi) % 1
    hues = np.bincount(
        (hue * HUES).astype(int).ravel() % HUES, np.hypot(lab[..., 1], lab[..., 2]).ravel(), HUES
    )
    tones = (
        np.bincount(np.clip(lab[..., 0] * TONES, 0, TONES - 1).astype(int).ravel(), minlength=TONES)
        / EDGE**2
    )
    # Differences of colour are a third as large as those of lightness, and matter as much.
    layout = layout * np.array([1, 3, 3], np.float32)
    hues = (hues - hues.mean()) / EDGE**2
    return _join(
        (layout, 1.0, 0.5),
        (hues, 0.5, 0.01),
        (tones - 1 / TONES, 0.4, 0.2),
        (_edges(lab[..., 0]), 0.7, 0.1),
    )


def _edges(lightness: np.ndarray) -> np.ndarray:
    """The strength of edges of each orientation in each quarter [4, 8], minus the mean."""
    down, across = np.gradient(lightness)
    turn = np.arctan2(down, across) / np.pi % 1
    strength = np.hypot(down, across)
    half = EDGE // 2
    rows = []
    for top in (0, half):
        for left in (0, half):
            part = (slice(top, top + half), slice(left, left + half))
            bins = (turn[part] * ORIENTATIONS).astype(int).ravel() % ORIENTATIONS
            rows.append(np.bincount(bins, strength[part].ravel(), ORIENTATIONS))
    edges = np.array(rows)
    return edges / (edges.sum() or 1.0) - 1 / edges.size


def vector_of_tune(data: bytes | str) -> np.ndarray:
    """The vector of a tune's notes (Song.to_json), float32 [69]. Raises ValueError if damaged."""
    try:
        tune = json.loads(data)
        notes = [
            np.array(part["notes"], float).reshape(-1, 4)
            for part in tune["parts"]
            if part["role"] != "drums"
        ]
        beats = float(tune["beats"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("These are no notes of a tune.") from error
    return _vector_of_notes(notes, beats=beats)


def _vector_of_notes(parts: list[np.ndarray], *, beats: float) -> np.ndarray:
    """The vector of the melodic parts of a tune in 4/4.

    parts: [notes, 4] each, with start and end in beats, pitch and loudness.
    """
    parts = [part[np.lexsort((part[:, 2], part[:, 0]))] for part in parts if len(part)]
    every = np.concatenate(parts) if parts else np.zeros((0, 4))
    classes = _spread(every[:, 2] % 12, 12)
    classes = np.roll(classes, -int(classes.argmax()))
    steps = np.concatenate([np.diff(part[:, 2]) for part in parts]) if parts else np.zeros(0)
    intervals = _spread(
        np.clip(steps, -LONGEST_INTERVAL, LONGEST_INTERVAL) + LONGEST_INTERVAL,
        2 * LONGEST_INTERVAL + 1,
    )
    places = _spread(np.round(every[:, 0] % BEATS / BEATS * BAR_STEPS) % BAR_STEPS, BAR_STEPS)
    lengths = _spread(np.clip(np.log2(np.maximum(every[:, 1] - every[:, 0], 1 / 16)) + 4, 0, 7), 8)
    texture = np.zeros((4, 2))
    for place, part in enumerate(parts[:4]):
        texture[place] = len(part) / max(beats, 1.0) / 4, part[:, 2].mean() / 127
    return _join(
        (classes, 1.0, 0.1),
        (intervals, 1.0, 0.1),
        (places, 0.8, 0.1),
        (lengths, 0.7, 0.1),
        (texture - 0.3, 0.5, 0.1),
    )


def _spread(values: np.ndarray, bins: int) -> np.ndarray:
    """The part of the values in each bin [bins], minus the mean."""
    counts = np.bincount(values.astype(int), minlength=bins)[:bins]
    return counts / (counts.sum() or 1) - 1 / bins


def _join(*blocks: tuple[np.ndarray, float, float]) -> np.ndarray:
    """The concatenation of blocks as a unit vector.

    blocks: (values, weight, least norm). A block is scaled to the norm `weight`; one with less than
    the least norm stays smaller, so that the noise of a flat picture does not count as edges.
    """
    parts = [
        weight * block.ravel() / max(float(np.linalg.norm(block)), least)
        for block, weight, least in blocks
    ]
    joined = np.concatenate(parts).astype(np.float32)
    return joined / (np.linalg.norm(joined) or np.float32(1))


def pack(vector: np.ndarray) -> bytes:
    """A vector as it is stored: little-endian float16."""
    return vector.astype("<f2").tobytes()


def unpack(rows: Sequence[bytes | memoryview]) -> np.ndarray:
    """Stored vectors of one kind, float32 [rows, length]."""
    return np.array([np.frombuffer(bytes(row), "<f2") for row in rows], np.float32)


def buckets_of(vector: np.ndarray, *, medium: str) -> list[int]:
    """The bucket of each band [BANDS] that a vector falls into."""
    return [_bucket(medium, band, bits) for band, bits in enumerate(_project(vector) > 0)]


def buckets_near(vector: np.ndarray, *, medium: str) -> list[int]:
    """The buckets to search for similar vectors.

    These are its own bucket of each band, and the one across the nearest hyperplane.
    """
    found = []
    for band, distances in enumerate(_project(vector)):
        bits = distances > 0
        beyond = bits.copy()
        beyond[np.abs(distances).argmin()] ^= True
        found += [_bucket(medium, band, bits), _bucket(medium, band, beyond)]
    return found


def _project(vector: np.ndarray) -> np.ndarray:
    """The signed distances [BANDS, BITS] of a vector from the hyperplanes."""
    return (_planes(len(vector)) @ vector).reshape(BANDS, BITS)


def _bucket(medium: str, band: int, bits: np.ndarray) -> int:
    """The number of a bucket: medium, version, band and the signs [BITS] in one integer."""
    number = int(np.packbits(bits, bitorder="little").view("<u2")[0])
    return (list(LENGTHS).index(Medium(medium)) << 32) | (VERSION << 24) | (band << 16) | number


@lru_cache
def _planes(length: int) -> np.ndarray:
    """The hyperplanes [BANDS * BITS, length] of signs.

    They come from a hash, so that they are the same on every machine and in every version of numpy.
    """
    count = BANDS * BITS * length
    signs = np.unpackbits(
        np.frombuffer(hashlib.shake_256(b"similar works").digest(-(-count // 8)), np.uint8)
    )[:count]
    return signs.reshape(BANDS * BITS, length).astype(np.float32) * 2 - 1


def features_of(medium: str, data: bytes) -> Mapping[str, Any]:
    """The fields of an ArtworkFeature and its buckets, from a thumbnail or from notes.

    Raises ValueError or OSError for a file that cannot be read.
    """
    vector = vector_of_tune(data) if medium == Medium.MUSIC else vector_of_picture(data)
    return {
        "kind": kind_of(medium),
        "vector": pack(vector),
        "buckets": buckets_of(vector, medium=medium),
    }
