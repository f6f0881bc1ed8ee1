"""What a work looks or sounds like as a vector of length 1, so that similar works lie close
together. Nothing is learnt.

Pictures: a layout of OKLab colours on a 4 x 4 grid [48], how much of each hue and lightness there
is [8 + 8], and the orientations of edges in each quarter [4 x 8]. Tunes: pitch classes counted from
the most frequent [12], intervals of the melodies [25], places in the bar [16], lengths of notes [8]
and how densely and high each part plays [8].

Similar ones are found by locality-sensitive hashing with random hyperplanes (Charikar, "Similarity
estimation techniques from rounding algorithms", STOC 2002): a vector falls into one bucket of each
band, close vectors often into the same.
"""

import hashlib
import io
import json
from collections.abc import Mapping
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
GROUND = (128, 128, 128)  # Behind transparent pixels.
BEATS, BAR_STEPS, LONGEST_INTERVAL = 4, 16, 12


def kind_of(medium: str) -> str:
    """The kind of a feature: vectors of another kind are not comparable."""
    return f"{medium}-{VERSION}"


def vector_of_picture(data: bytes) -> np.ndarray:
    """float32 [96] of an encoded picture. Raises OSError for bytes that are none."""
    with Image.open(io.BytesIO(data)) as opened:
        small = opened.convert("RGBA").resize((EDGE, EDGE), Image.Resampling.BOX)
    ground = Image.new("RGBA", small.size, (*GROUND, 255))
    lab = to_oklab(np.asarray(Image.alpha_composite(ground, small).convert("RGB")))  # [64, 64, 3]
    cell = EDGE // GRID
    layout = lab.reshape(GRID, cell, GRID, cell, 3).mean(axis=(1, 3)) - np.float32([0.55, 0, 0])
    hue = np.arctan2(lab[..., 2], lab[..., 1]) / (2 * np.pi) % 1
    hues = np.bincount(
        (hue * HUES).astype(int).ravel() % HUES, np.hypot(lab[..., 1], lab[..., 2]).ravel(), HUES
    )
    tones = (
        np.bincount(np.clip(lab[..., 0] * TONES, 0, TONES - 1).astype(int).ravel(), minlength=TONES)
        / EDGE**2
    )
    # Colour differences are a third as large as those of lightness and matter as much.
    layout = layout * np.float32([1, 3, 3])
    hues = (hues - hues.mean()) / EDGE**2
    return _join(
        (layout, 1.0, 0.5),
        (hues, 0.5, 0.01),
        (tones - 1 / TONES, 0.4, 0.2),
        (_edges(lab[..., 0]), 0.7, 0.1),
    )


def _edges(lightness: np.ndarray) -> np.ndarray:
    """How strongly edges of each orientation show in each quarter [4, 8], around their mean."""
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
    """float32 [69] of a tune's notes as stored (Song.to_json). Raises ValueError for what is
    none.
    """
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
    """parts: [notes, 4] each, columns begin and end in beats, pitch, loudness. Bars have four
    beats.
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
    """Parts of the values in each bin [bins], around their mean."""
    counts = np.bincount(values.astype(int), minlength=bins)[:bins]
    return counts / (counts.sum() or 1) - 1 / bins


def _join(*blocks: tuple[np.ndarray, float, float]) -> np.ndarray:
    """Blocks as one vector of length 1, each of the length that its weight gives it.

    Each comes with the length below which it says less and less, so that the noise of a flat
    picture does not count as edges.
    """
    parts = [
        weight * block.ravel() / max(float(np.linalg.norm(block)), least)
        for block, weight, least in blocks
    ]
    joined = np.concatenate(parts).astype(np.float32)
    return joined / (np.linalg.norm(joined) or np.float32(1))


def pack(vector: np.ndarray) -> bytes:
    """A vector as it is stored."""
    return vector.astype("<f2").tobytes()


def unpack(rows: list[bytes]) -> np.ndarray:
    """Stored vectors of one kind, float32 [rows, length]."""
    return np.array([np.frombuffer(bytes(row), "<f2") for row in rows], np.float32)


def buckets_of(vector: np.ndarray, *, medium: str) -> list[int]:
    """The bucket of each band [BANDS] that a vector falls into."""
    return [_bucket(medium, band, bits) for band, bits in enumerate(_project(vector) > 0)]


def buckets_near(vector: np.ndarray, *, medium: str) -> list[int]:
    """Where to look for similar vectors: its own bucket of each band, and the one beyond its
    nearest hyperplane.
    """
    found = []
    for band, distances in enumerate(_project(vector)):
        bits = distances > 0
        beyond = bits.copy()
        beyond[np.abs(distances).argmin()] ^= True
        found += [_bucket(medium, band, bits), _bucket(medium, band, beyond)]
    return found


def _project(vector: np.ndarray) -> np.ndarray:
    return (_planes(len(vector)) @ vector).reshape(BANDS, BITS)


def _bucket(medium: str, band: int, bits: np.ndarray) -> int:
    number = (
        int(np.packbits(bits, bitorder="little").view("<u2")[0])
        if BITS > 8
        else int(np.packbits(bits)[0])
    )
    return (list(LENGTHS).index(medium) << 32) | (VERSION << 24) | (band << 16) | number


@lru_cache
def _planes(length: int) -> np.ndarray:
    """The hyperplanes [BANDS * BITS, length] of signs, from a hash: the same on every machine and
    for ever.
    """
    count = BANDS * BITS * length
    signs = np.unpackbits(
        np.frombuffer(hashlib.shake_256(b"similar works").digest(-(-count // 8)), np.uint8)
    )[:count]
    return signs.reshape(BANDS * BITS, length).astype(np.float32) * 2 - 1


def features_of(medium: str, data: bytes) -> Mapping[str, Any]:
    """The fields of an ArtworkFeature, and its buckets, from a thumbnail or from notes. Raises
    ValueError and OSError.
    """
    vector = vector_of_tune(data) if medium == Medium.MUSIC else vector_of_picture(data)
    return {
        "kind": kind_of(medium),
        "vector": pack(vector),
        "buckets": buckets_of(vector, medium=medium),
    }
