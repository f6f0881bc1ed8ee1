"""How different two works look, from a small picture: cheap enough for pages, without any net.

A look is a short vector. The distance of two says how well people tell them apart; below NEAR, the
second is more of the same. That of a picture holds coarsely what lies where, and what does not
depend on the place: the colours, and how strong edges are and how they lie.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

NEAR = 1.0
_PLACES = 8
_HUES = 8
_GREY = 0.03  # OKLab chroma.
_STRENGTHS = np.array([0.0, 0.01, 0.03, 0.07, 0.15, 2.0])  # Of edges, differences of lightness.
# How much each part counts.
_WHERE, _COLOURS, _TONES, _EDGES, _KINDS = 1.5, 2.0, 3.0, 2.0, 1.0


@runtime_checkable
class HasLooks(Protocol):
    """A gene space that can tell how a work looks without painting it."""

    def look(self, genes: np.ndarray) -> np.ndarray:
        """The look of a work."""


def look_of(lab: np.ndarray, *, near: float, kind: Sequence[float] = ()) -> np.ndarray:
    """The look of a small picture, OKLab [3, edge, edge]; its edge is a multiple of 8 px.

    near: the distance that is to be NEAR; it differs, as sculptures have more in common than
    patterns. kind: shares of what it may be, which count besides, such as its material.
    """
    light, chroma = lab[0], np.hypot(lab[1], lab[2])
    step = lab.shape[-1] // _PLACES
    small = lab.reshape(3, _PLACES, step, _PLACES, step).mean(axis=(2, 4))
    hue = np.floor((np.arctan2(lab[2], lab[1]) / (2 * np.pi) % 1) * _HUES).astype(int) % _HUES
    hues = np.bincount(hue.ravel(), np.maximum(chroma - _GREY, 0).ravel(), _HUES)
    hues = np.append(hues, _GREY * light.size) / (hues.sum() + _GREY * light.size)
    down, across = np.diff(light, axis=0)[:, :-1], np.diff(light, axis=1)[:-1]
    strength = np.hypot(down, across)
    strengths = np.histogram(strength, _STRENGTHS)[0] / strength.size
    turn = np.floor((np.arctan2(down, across) / np.pi % 1) * 4).astype(int) % 4
    turns = np.bincount(turn.ravel(), strength.ravel(), 4) / (strength.sum() + 1e-6)
    parts = [
        _WHERE * (small - small.mean(axis=(1, 2), keepdims=True)).ravel() / _PLACES,
        _COLOURS * np.sqrt(hues),
        _TONES * np.array([light.mean(), light.std(), chroma.mean(), chroma.std()]),
        _EDGES * np.sqrt(strengths),
        _EDGES / 2 * np.sqrt(turns),
        _KINDS * np.array(kind),
    ]
    return (np.concatenate(parts) * (NEAR / near)).astype(np.float32)
