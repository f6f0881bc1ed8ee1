"""What is painted: the colour, the direction and the importance of every place of the picture.

A sky with swirls and a disc, up to three ridges, water, and up to ten rounded or lobed masses,
which become trees, fruit, blossoms, clouds or nothing in particular. Everything is smooth in the
genes; edges are made by the strokes.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from generation.genespaces.brushwork.layout import COLOURS
from generation.genespaces.brushwork.plan import Plan

_PETALS = (5, 6, 8, 5, 7, 6, 5, 9, 6, 5)  # Petals of each mass.
_WAVES = ((1.0, 0.35), (-0.45, 1.1), (0.9, -1.3))  # Directions of the waves of the flow.
_EDGE = 0.03  # Half the width of the edge of a thing.


@dataclass(frozen=True)
class Look:
    """Colour OKLab [3, n], direction [2, n] of length 0 to 1, and importance [n], 0 to 1."""

    lab: np.ndarray
    direction: np.ndarray
    weight: np.ndarray

    def take(self, places: np.ndarray) -> "Look":
        """What there is at some of the places."""
        return Look(self.lab[:, places], self.direction[:, places], self.weight[places])


class Scene:
    """The scene of a plan, to be looked at anywhere."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._colours = dict(zip(COLOURS, plan.colours.astype(np.float32), strict=True))

    def look(self, x: np.ndarray, y: np.ndarray) -> Look:
        """What there is at the places x, y, float32 [n]."""
        plan = self._plan
        # Half a mirror would smear; a blend passes it quickly.
        water = _smooth(float(plan.water["amount"]) * 3 - 1)
        under = np.maximum(y - np.float32(plan.water["level"]), 0)
        x = x + np.float32(0.05 * water) * np.minimum(under * 6, 1) * np.sin(34 * y)
        y = y - np.float32(2 * water) * under
        canvas = _Canvas(self._sky(x, y), self._flow(x, y), np.full_like(x, 0.25))
        self._add_swirls(canvas, x, y)
        self._add_disc(canvas, x, y)
        self._add_ridges(canvas, x, y)
        self._add_masses(canvas, x, y)
        # What is mirrored is darker, and is painted by level strokes.
        wet = np.float32(water) * np.minimum(under * 9, 1)
        canvas.lab[0] -= np.float32(0.06) * wet
        canvas.turn(np.ones_like(x), np.float32(0.12) * np.sin(9 * y + 5 * x), 0.9 * wet)
        canvas.weight *= 1 - 0.4 * wet
        vignette = np.float32(0.13 * plan.light["glow"])
        canvas.lab[0] -= vignette * (x * x + y * y - 0.6)
        return Look(canvas.lab, np.stack([canvas.vx, canvas.vy]), canvas.weight)

    def _sky(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        horizon = np.clip(self._plan.ridges["height"].min(), -0.4, 1.0)
        share = _smooth((y + 1) / np.float32(horizon + 1) + 0.12 * np.sin(2.1 * x + 3 * y))
        top, low = self._colours["top"][:, None], self._colours["low"][:, None]
        return top + (low - top) * share

    def _flow(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        flow = self._plan.flow
        length = np.float32(flow["length"])
        angle = np.full_like(x, flow["angle"])
        for number, (along, down) in enumerate(_WAVES):
            phase = np.float32(flow[("phase", "phase2", "phase3")[number]])
            wave = np.sin(length * (1 + 0.45 * number) * (along * x + down * y) + phase)
            angle += np.float32(flow["wave"] * (0.5, 0.35, 0.25)[number]) * wave
        return np.cos(angle), np.sin(angle)

    def _add_swirls(self, canvas: "_Canvas", x: np.ndarray, y: np.ndarray) -> None:
        swirls = self._plan.swirls
        light = self._colours["light"]
        for number in range(len(swirls["x"])):
            strength = float(swirls["strength"][number])
            reach = float(swirls["reach"][number])
            dx = x - np.float32(swirls["x"][number])
            dy = y - np.float32(swirls["y"][number])
            far = np.hypot(dx, dy) / np.float32(reach)
            share = np.float32(_smooth(abs(strength) * 1.6)) * np.exp(-(far**4))
            side = math.copysign(1.0, strength)
            turn = 1 / np.maximum(far * np.float32(reach), 1e-3)
            canvas.turn((-dy * side - 0.22 * dx) * turn, (dx * side - 0.22 * dy) * turn, share)
            rings = np.sin(np.float32(7.5) * far - 1.2)
            canvas.lab[0] += np.float32(0.055) * share * rings
            core = np.exp(-((far * 2.6) ** 2)) * np.float32(0.75 * _smooth(abs(strength)))
            canvas.cover(light, core)
            canvas.weight += 0.35 * share

    def _add_disc(self, canvas: "_Canvas", x: np.ndarray, y: np.ndarray) -> None:
        disc, light = self._plan.disc, self._colours["light"]
        size = max(float(disc["size"]), 0.0)
        here = np.float32(_smooth(size / 0.06))
        dx, dy = x - np.float32(disc["x"]), y - np.float32(disc["y"])
        far = np.hypot(dx, dy)
        beyond = np.maximum(far - np.float32(size), 0)
        glow = np.exp(-beyond / np.float32(0.05 + 0.4 * float(disc["halo"])))
        around = here * np.float32(0.75 * _smooth(float(disc["halo"]) * 1.4)) * glow
        canvas.cover(light, 0.8 * around)
        turn = 1 / np.maximum(far, 1e-3)
        canvas.turn(-dy * turn, dx * turn, np.minimum(1.4 * around, here))
        inside = here * _smooth((np.float32(size) - far) / _EDGE + 0.5)
        canvas.cover(light + np.array([0.03, 0, 0], np.float32), inside)
        canvas.weight += 0.6 * inside

    def _add_ridges(self, canvas: "_Canvas", x: np.ndarray, y: np.ndarray) -> None:
        ridges = self._plan.ridges
        far, near = self._colours["far"], self._colours["near"]
        for number in range(len(ridges["height"])):
            swing = np.float32(ridges["swing"][number])
            length = np.float32(ridges["length"][number])
            one = length * x + np.float32(ridges["phase"][number])
            two = 2.3 * length * x + np.float32(ridges["phase2"][number])
            line = np.float32(ridges["height"][number]) + swing * (
                0.62 * np.sin(one) + 0.3 * np.sin(two)
            )
            slope = swing * length * (0.62 * np.cos(one) + 0.69 * np.cos(two))
            depth = y - line
            inside = _smooth(depth / _EDGE + 0.5)
            share = np.float32(0.12 + 0.38 * number)
            tone = far + (near - far) * share
            lit = np.float32(0.09) * np.exp(-np.maximum(depth, 0) * 5)
            shaded = np.float32(0.05) * np.sin(one * 2 + 6 * depth)
            fields = tone[:, None] + np.zeros_like(x)
            fields[0] += lit + shaded - 0.03
            canvas.cover(fields, inside)
            blades = np.float32(_smooth(float(ridges["blades"][number]) * 2 - 0.5))
            lean = 0.35 * np.sin(3 * x + 4 * y)
            # Along the slope, turning to upright where grass grows.
            size = 1 / np.sqrt(1 + slope * slope)
            canvas.turn(
                size * (1 - blades) + blades * lean,
                slope * size * (1 - blades) - blades,
                0.92 * inside,
            )
            canvas.weight *= 1 - 0.3 * inside
            canvas.weight += 0.3 * np.exp(-((depth / 0.09) ** 2))

    def _add_masses(self, canvas: "_Canvas", x: np.ndarray, y: np.ndarray) -> None:
        bodies = [
            {name: float(values[number]) for name, values in self._plan.masses.items()}
            | {"petals": petals}
            for number, petals in enumerate(_PETALS)
        ]
        there = [body for body in bodies if body["size"] > 0]
        for body in there:
            self._cast_shadow(canvas, body, x, y)
        for body in there:
            self._add_mass(canvas, body, x, y)

    def _cast_shadow(
        self, canvas: "_Canvas", body: Mapping[str, float], x: np.ndarray, y: np.ndarray
    ) -> None:
        """Darken the ground at the foot of a mass, on the side away from the light."""
        shadow, side = float(self._plan.light["shadow"]), float(self._plan.light["side"])
        if shadow <= 0:
            return
        size, down = body["size"], math.exp(0.5 * body["tall"])
        dx = (x - np.float32(body["x"] - side * 0.7 * size)) / np.float32(1.3 * size)
        dy = (y - np.float32(body["y"] + 0.92 * size * down)) / np.float32(0.3 * size)
        cast = np.float32(_presence(size) * shadow) * np.exp(-((dx * dx + dy * dy) ** 2))
        canvas.lab[0] -= np.float32(0.2) * cast

    def _add_mass(
        self, canvas: "_Canvas", body: Mapping[str, float], x: np.ndarray, y: np.ndarray
    ) -> None:
        size, here = body["size"], _presence(body["size"])
        figure, other = self._colours["figure"], self._colours["figure2"]
        lean = 0.5 * body["lean"]
        cosine, sine = np.float32(math.cos(lean)), np.float32(math.sin(lean))
        dx, dy = x - np.float32(body["x"]), y - np.float32(body["y"])
        across, along = dx * cosine + dy * sine, dy * cosine - dx * sine
        tall = math.exp(0.5 * body["tall"])
        u, v = across / np.float32(size / tall), along / np.float32(size * tall)
        radius = np.hypot(u, v) + 1e-4
        lobes = min(max(body["lobes"], 0.0), 0.5)
        rim = 1 + np.float32(lobes) * np.cos(body["petals"] * np.arctan2(v, u))
        inside = np.float32(here) * _smooth((rim - radius) * np.float32(size) / _EDGE + 0.5)
        tone = (figure + (other - figure) * np.float32(_smooth(body["tone"])))[:, None]
        tone = tone + np.zeros_like(x)
        shade = np.float32(0.2 * min(max(body["shade"], 0.0), 1.0))
        side = np.float32(self._plan.light["side"])
        tone[0] += shade * (side * u - 0.8 * v) * np.minimum(radius, 1.2)
        tone[0] += np.float32(0.12 * lobes) * (radius - 0.6)
        canvas.cover(tone, inside)
        eye = np.float32(here * _smooth(body["eye"]))
        canvas.cover(self._colours["light"], eye * _smooth((0.34 - radius) * 6 + 0.5))
        lu, lv = _grain_of(body, across, along, u, v)
        canvas.turn(lu * cosine - lv * sine, lu * sine + lv * cosine, inside)
        canvas.weight += (1 - canvas.weight) * inside * 0.8


class _Canvas:
    """What has been put there so far, from back to front."""

    def __init__(
        self, lab: np.ndarray, flow: tuple[np.ndarray, np.ndarray], weight: np.ndarray
    ) -> None:
        self.lab = lab
        self.vx, self.vy = flow
        self.weight = weight

    def cover(self, colour: np.ndarray, share: np.ndarray) -> None:
        """Lay a colour, [3] or [3, n], over everything."""
        self.lab += (colour.reshape(3, -1) - self.lab) * share

    def turn(self, vx: np.ndarray, vy: np.ndarray, share: np.ndarray) -> None:
        """Turn the directions towards another."""
        self.vx += (vx - self.vx) * share
        self.vy += (vy - self.vy) * share


def _smooth(t: Any) -> Any:
    """From 0 at 0 to 1 at 1, level at both ends."""
    t = np.clip(t, 0, 1)
    return t * t * (3 - 2 * t)


def _presence(size: float) -> float:
    """How much of a mass there is, which comes up where it is still tiny."""
    return float(_smooth(size / 0.05))


def _grain_of(
    body: Mapping[str, float], across: np.ndarray, along: np.ndarray, u: np.ndarray, v: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Which way strokes run on a mass, in its own axes.

    Out of its middle or around it, as its grain says; with the long axis where it is tall.
    """
    grain = min(max(body["grain"], 0.0), 1.0)
    far = np.hypot(across, along) + 1e-6
    ru, rv = across / far, along / far
    upright = min(max(body["tall"], 0.0), 1.0)
    lu = ru * (1 - grain) - rv * grain
    lv = rv * (1 - grain) + ru * grain
    lu = lu * np.float32(1 - upright) + np.float32(upright * 0.5) * u * np.sign(v)
    lv = lv * np.float32(1 - upright) - np.float32(upright)
    length = 1 / np.maximum(np.hypot(lu, lv), 0.3)
    return lu * length, lv * length
