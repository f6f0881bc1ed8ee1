"""The functions of the plane that bend a flame, named as in the paper.

Scott Draves and Erik Reckase, "The Fractal Flame Algorithm" (2008), appendix. Two things differ.
Here all are finite everywhere: where the paper divides by the radius, a little is added to it. And
angles have no sign where it would tear the plane along a line, which shows as a hard notch.
"""

from collections.abc import Callable
from functools import cached_property

import numpy as np

Pair = tuple[np.ndarray, np.ndarray]
_NEAR = np.float32(0.02)
_HALF, _ONE, _TWO, _FOUR = (np.float32(value) for value in (0.5, 1, 2, 4))
_PI = np.float32(np.pi)
_RIPPLE, _RIPPLES = np.float32(0.25), np.float32(3.5)


class Points:
    """Points of the plane, float32 [n], with what several variations need, computed once.

    The angle is measured from the y axis, as in the paper. sign: 1 or -1, drawn for each point.
    """

    def __init__(self, x: np.ndarray, y: np.ndarray, sign: np.ndarray) -> None:
        self.x, self.y, self.sign = x, y, sign

    @cached_property
    def square(self) -> np.ndarray:
        return self.x * self.x + self.y * self.y

    @cached_property
    def radius(self) -> np.ndarray:
        return np.sqrt(self.square)

    @cached_property
    def inverse(self) -> np.ndarray:
        """One over the radius, at most 50."""
        return _ONE / (self.radius + _NEAR)

    @cached_property
    def angle(self) -> np.ndarray:
        """0 to pi, the same on both sides of the y axis."""
        return np.arctan2(np.abs(self.x), self.y)

    @cached_property
    def sine(self) -> np.ndarray:
        """Of the radius."""
        return np.sin(self.radius)

    @cached_property
    def cosine(self) -> np.ndarray:
        """Of the radius."""
        return np.cos(self.radius)


def _linear(p: Points) -> Pair:
    return p.x, p.y


def _sinusoidal(p: Points) -> Pair:
    return np.sin(p.x), np.sin(p.y)


def _spherical(p: Points) -> Pair:
    factor = _ONE / (p.square + _NEAR)
    return p.x * factor, p.y * factor


def _swirl(p: Points) -> Pair:
    sine, cosine = np.sin(p.square), np.cos(p.square)
    return p.x * sine - p.y * cosine, p.x * cosine + p.y * sine


def _horseshoe(p: Points) -> Pair:
    return (p.x - p.y) * (p.x + p.y) * p.inverse, p.x * p.y * p.inverse * _TWO


def _polar(p: Points) -> Pair:
    return p.angle * (_TWO / _PI) - _ONE, p.radius - _ONE


def _handkerchief(p: Points) -> Pair:
    # radius * sin(angle + radius) and radius * cos(angle - radius), without the angle.
    return p.x * p.cosine + p.y * p.sine, p.y * p.cosine + p.x * p.sine


def _heart(p: Points) -> Pair:
    turned = p.angle * p.radius
    return p.radius * np.sin(turned), -p.radius * np.cos(turned)


def _disc(p: Points) -> Pair:
    share, turned = p.angle * (_ONE / _PI), p.radius * _PI
    return share * np.sin(turned), share * np.cos(turned)


def _spiral(p: Points) -> Pair:
    return (
        (p.y * p.inverse + p.sine) * p.inverse,
        (p.x * p.inverse - p.cosine) * p.inverse,
    )


def _diamond(p: Points) -> Pair:
    return p.x * p.inverse * p.cosine, p.y * p.inverse * p.sine


def _julia(p: Points) -> Pair:
    # The square root of a complex number, without the angle; the sign chooses one of its two.
    up = np.sqrt(np.maximum(p.radius + p.y, 0) * _HALF) * p.sign
    side = np.sqrt(np.maximum(p.radius - p.y, 0) * _HALF) * p.sign
    return up, np.copysign(side, p.x * p.sign)


def _bubble(p: Points) -> Pair:
    factor = _FOUR / (p.square + _FOUR)
    return p.x * factor, p.y * factor


def _eyefish(p: Points) -> Pair:
    factor = _TWO / (p.radius + _ONE)
    return p.x * factor, p.y * factor


def _cylinder(p: Points) -> Pair:
    return np.sin(p.x), p.y


def _waves(p: Points) -> Pair:
    return p.x + np.sin(p.y * _RIPPLES) * _RIPPLE, p.y + np.sin(p.x * _RIPPLES) * _RIPPLE


# By name; the order is that of the genes.
VARIATIONS: dict[str, Callable[[Points], Pair]] = {
    "linear": _linear,
    "sinusoidal": _sinusoidal,
    "spherical": _spherical,
    "swirl": _swirl,
    "horseshoe": _horseshoe,
    "polar": _polar,
    "handkerchief": _handkerchief,
    "heart": _heart,
    "disc": _disc,
    "spiral": _spiral,
    "diamond": _diamond,
    "julia": _julia,
    "bubble": _bubble,
    "eyefish": _eyefish,
    "cylinder": _cylinder,
    "waves": _waves,
}
# Those that bend a finished flame well.
LENSES: dict[str, Callable[[Points], Pair]] = {
    name: VARIATIONS[name] for name in ("spherical", "swirl", "bubble", "eyefish", "polar")
}
