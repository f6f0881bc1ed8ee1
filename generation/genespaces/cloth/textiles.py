"""The textiles: where the light colour of a cloth lies, and where its accent.

A textile is a function of coordinates in repeats, float32 arrays of one shape. `width` is that of
a pixel in repeats: every edge is as soft as a pixel, so that a cloth is sharp at any size. `share`
is how much of the cloth is light, about .1 to .9. It answers two coverages, 0 to 1: of the light
colour over the dark one, and of the accent over both.
"""

import math
from collections.abc import Callable

import numpy as np

Coverages = tuple[np.ndarray, np.ndarray]
Textile = Callable[[np.ndarray, np.ndarray, float, float], Coverages]

_TURN = np.float32(2 * math.pi)
_SCATTER = 32  # Flowers are scattered alike after so many repeats.


def plain(u: np.ndarray, v: np.ndarray, width: float, share: float) -> Coverages:
    """One colour, the accent."""
    one = np.ones_like(u)
    return one * np.float32(share), one


def stripes(u: np.ndarray, v: np.ndarray, width: float, share: float) -> Coverages:
    """Stripes, with fine lines of the accent in their wider half."""
    off = _off_centre(u)
    light = _inside(share / 2 - off, width)
    # Two fine lines, in the middle of the light or of the dark stripes.
    in_dark = _inside(0.035 - np.abs(0.5 - off - 0.16 * (1 - share)), width)
    in_light = _inside(0.035 - np.abs(off - 0.16 * share), width)
    return light, in_dark * np.float32(_smooth(0.75 - share)) + in_light * np.float32(
        _smooth(share + 0.25)
    )


def tartan(u: np.ndarray, v: np.ndarray, width: float, share: float) -> Coverages:
    """Checks of two crossing bands, half-tones where they overlap, with lines of the accent."""
    light, lines = np.zeros_like(u), np.ones_like(u)
    for along in (u, v):
        off = _off_centre(along)
        broad = _inside(share / 2 - off, width)
        # A pair of narrow bands beside the broad one.
        narrow = _inside(0.03 - np.abs(off - 0.5 * share - 0.09), width)
        light += np.float32(0.5) * np.maximum(broad, narrow)
        lines *= 1 - np.float32(0.8) * _inside(0.028 - np.abs(0.5 - off), width)
    return light, 1 - lines


def dots(u: np.ndarray, v: np.ndarray, width: float, share: float) -> Coverages:
    """Light dots on dark cloth; as the share grows they meet, and dark dots on light are left."""
    # Turned by an eighth, so that every second row is shifted.
    across, down = (u + v) * np.float32(0.5), (u - v) * np.float32(0.5)
    a, b = across * _TURN, down * _TURN
    hills = np.cos(a) + np.cos(b)
    # Of either sort they are round, and only in a short way between are they squares that touch.
    level = 1.75 * math.copysign(abs(1 - 2 * share) ** 0.4, 0.5 - share)
    slope = np.float32(math.pi) * np.sqrt(np.sin(a) ** 2 + np.sin(b) ** 2 + np.float32(0.1))
    light = np.clip((hills - np.float32(level)) / (slope * np.float32(1.4 * width)) + 0.5, 0, 1)
    small = np.clip((-hills - np.float32(1.72)) / (slope * np.float32(1.4 * width)) + 0.5, 0, 1)
    return light, small


def herringbone(u: np.ndarray, v: np.ndarray, width: float, share: float) -> Coverages:
    """Slanting lines that turn at every column, and are broken there."""
    column = np.floor(u)
    inside = u - column
    is_odd = column - 2 * np.floor(column * np.float32(0.5))
    slant = np.where(is_odd > 0.5, -inside, inside + np.float32(0.5)) * 2
    light = _inside(0.25 + 0.5 * (share - 0.5) - _off_centre(v * 2 + slant), 2.8 * width)
    seam = _inside(0.035 - np.minimum(inside, 1 - inside), width)
    return light, seam * np.float32(0.7) * (1 - is_odd)


def houndstooth(u: np.ndarray, v: np.ndarray, width: float, share: float) -> Coverages:
    """Broken checks: threads of two colours in both directions, bound in a diagonal twill."""
    half = 0.25 + 0.14 * (share - 0.5)
    warp, weft = _inside(half - _off_centre(u), width), _inside(half - _off_centre(v), width)
    bound = _inside(0.25 - _off_centre((u - v) * 2 + np.float32(0.25)), 2.8 * width)
    light = weft + (warp - weft) * bound
    # A thread of the accent runs through the middle of the other checks.
    thread = _inside(0.03 - np.abs(np.float32(0.5) - _off_centre(v)), width)
    return light, thread * np.float32(0.75)


def argyle(u: np.ndarray, v: np.ndarray, width: float, share: float) -> Coverages:
    """Tall diamonds in two colours, crossed by fine lines of the accent."""
    down = v * np.float32(0.62)
    a, b = (u + down) * np.float32(0.5), (u - down) * np.float32(0.5)
    half = 0.25 + 0.12 * (share - 0.5)
    left, right = _inside(half - _off_centre(a), width), _inside(half - _off_centre(b), width)
    light = left * right + (1 - left) * (1 - right)
    lines = [_inside(0.02 - _off_centre(one), 0.6 * width) for one in (a + 0.25, b + 0.25)]
    return light, np.maximum(*lines)


def flowers(u: np.ndarray, v: np.ndarray, width: float, share: float) -> Coverages:
    """Scattered flowers with five petals and hearts of the accent, and buds between them."""
    reach = 0.3 + 0.12 * (1 - abs(2 * share - 1))
    petals, hearts = _blossoms(u, v, width, reach=reach, seed=0)
    more, more_hearts = _blossoms(u + 0.5, v + 0.5, width, reach=0.55 * reach, seed=1)
    petals, hearts = np.maximum(petals, more), np.maximum(hearts, more_hearts)
    # Light flowers on dark cloth, or dark ones on light cloth.
    inverse = np.float32(_smooth(4 * (share - 0.5) + 0.5))
    return petals + inverse * (1 - 2 * petals), hearts


def marbled(u: np.ndarray, v: np.ndarray, width: float, share: float) -> Coverages:
    """Winding bands, as if ink had been combed on water; fine lines of the accent follow them."""
    u, v = u * np.float32(0.8), v * np.float32(0.55)
    bent = v + np.float32(0.34) * np.sin(u * np.float32(2.3) + np.sin(v * np.float32(2.9)))
    height = (
        u
        + np.float32(0.42) * np.sin(bent * np.float32(4.1) + 1)
        + np.float32(0.17) * np.sin(bent * np.float32(9.3) - 2 * u)
    )
    off = _off_centre(height)
    steep = 3.0 * width
    return _inside(share / 2 - off, steep), _inside(0.03 - np.abs(off - 0.25 - share / 4), steep)


BY_NAME: dict[str, Textile] = {
    "plain": plain,
    "stripes": stripes,
    "tartan": tartan,
    "dots": dots,
    "herringbone": herringbone,
    "houndstooth": houndstooth,
    "argyle": argyle,
    "flowers": flowers,
    "marbled": marbled,
}
# How many of its repeats fit where others have one.
FINENESS = {"herringbone": 1.3, "houndstooth": 1.25, "dots": 2.0, "flowers": 0.8, "argyle": 1.3}


def _off_centre(along: np.ndarray) -> np.ndarray:
    """The distance to the nearest whole number, 0 to .5."""
    return np.abs(along - np.rint(along))


def _inside(depth: np.ndarray, width: float) -> np.ndarray:
    """The coverage where an edge lies `depth` away, positive inside."""
    return np.clip(depth * np.float32(1 / width) + np.float32(0.5), 0, 1)


def _smooth(value: float) -> float:
    value = min(max(value, 0.0), 1.0)
    return value * value * (3 - 2 * value)


def _scatter(seed: int) -> np.ndarray:
    """Of flowers in cells: shift across and down, cosine and sine of a turn, size, [5, 32, 32]."""
    rng = np.random.default_rng([_SCATTER, seed])
    turn = rng.uniform(0, 2 * math.pi, (_SCATTER, _SCATTER))
    shift = rng.uniform(-0.13, 0.13, (2, _SCATTER, _SCATTER))
    size = rng.uniform(0.8, 1.1, (_SCATTER, _SCATTER))
    return np.stack([*shift, np.cos(turn), np.sin(turn), size]).astype(np.float32)


_SCATTERED = [_scatter(seed) for seed in (0, 1)]


def _blossoms(u: np.ndarray, v: np.ndarray, width: float, *, reach: float, seed: int) -> Coverages:
    """Petals and hearts of one flower in every cell."""
    across, down = np.floor(u), np.floor(v)
    cell = (across.astype(np.int32) % _SCATTER) * _SCATTER + down.astype(np.int32) % _SCATTER
    left, up, cosine, sine, size = (plane.ravel()[cell] for plane in _SCATTERED[seed])
    x, y = u - across - np.float32(0.5) - left, v - down - np.float32(0.5) - up
    square = x * x + y * y + np.float32(1e-6)
    radius = np.sqrt(square)
    # (x + iy)^5 / r^5: the cosine and the sine of five times the angle.
    xx, yy = x * x, y * y
    both = np.float32(10) * xx * yy
    real = x * (xx * xx - both + np.float32(5) * yy * yy)
    imaginary = y * (yy * yy - both + np.float32(5) * xx * xx)
    lobes = (cosine * real + sine * imaginary) / (square * square * radius)
    rim = size * np.float32(reach) * (np.float32(0.8) + np.float32(0.2) * lobes)
    return _inside(rim - radius, 1.3 * width), _inside(0.27 * reach * size - radius, width)
