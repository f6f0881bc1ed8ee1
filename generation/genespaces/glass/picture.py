"""A whole window: panes between lead, shapes that lie over them, gaps, and the wall behind."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from generation.finishing.oklab import from_oklab
from generation.genespaces.glass.cells import Cells, find_cells
from generation.genespaces.glass.layout import RAMP
from generation.genespaces.glass.plan import Plan, read_plan
from generation.genespaces.glass.sites import Sites, place
from generation.genespaces.patterns.palette import TABLE_SIZE, palette_table
from generation.yielding import YieldPoint, ignore_progress

MOST = 1 << 12  # Places that are worked on at once.
_THIN = 0.006
_ABSENT = 0.7  # What is cut from all sides of a cell that is not there; none is so large.
_TEXTURE = 1024  # Edge of the textures, which wrap.
_ALL_WAVES = 432  # From this size of picture on, a texture has all its waves.


def paint(genes: np.ndarray, *, size: int, yield_point: YieldPoint = ignore_progress) -> np.ndarray:
    """The picture, uint8 sRGB [size, size, 3].

    yield_point: called with the progress, 0 to 1, every few milliseconds.
    """
    window = Window(read_plan(genes), size)
    grid = 16 if size <= 640 else 64
    edge = -(-size // grid)
    inside = np.arange(edge)
    picture = np.empty((grid * edge, grid * edge, 3), np.uint8)
    each = max(1, MOST // edge**2)
    tiles = np.arange(grid * grid)
    for start in range(0, len(tiles), each):
        some = tiles[start : start + each]
        rows = (some // grid * edge)[:, None, None] + inside[:, None]
        columns = (some % grid * edge)[:, None, None] + inside
        rows, columns = (
            np.broadcast_to(axis, (len(some), edge, edge)).reshape(len(some), -1)
            for axis in (rows, columns)
        )
        x, y = (((axis + 0.5) * (2 / size) - 1).astype(np.float32) for axis in (columns, rows))
        picture[rows, columns] = from_oklab(window.look(x, y))
        yield_point((start + len(some)) / len(tiles))
    return np.ascontiguousarray(picture[:size, :size])


@dataclass(frozen=True)
class Shapes:
    """What discs and hills do at places: [tiles, places] each.

    tone: what they add to the tone. shade: how dark their shadow is. line: how far their edge is.
    whole: how far a disc is of one pane, 0 to 1, and pane: the tone of that.
    """

    tone: np.ndarray
    shade: np.ndarray
    line: np.ndarray
    whole: np.ndarray
    pane: np.ndarray


class Window:
    """A window of a plan, seen at a size in pixels."""

    def __init__(self, plan: Plan, size: int) -> None:
        self._plan, self._size = plan, size
        self._clear = min(size, _ALL_WAVES)
        self._sites = place(plan)
        self._table = palette_table(plan.colours[:RAMP])
        self._lead, self._wall = plan.colours[RAMP:].astype(np.float32)
        self._presence = _presence(plan, self._sites)
        self._tone = _tones(plan, self._sites)
        apart = self._sites.apart + 9 * np.eye(len(self._tone), dtype=np.float32)
        # What is missing of a cell is cut from all its sides.
        self._inset = (1 - self._presence) * apart.min(axis=1) * np.float32(0.75)
        self._inset[self._presence <= 0] = _ABSENT
        self._has_gaps = bool((self._presence < 1).any())
        light = plan.light
        far = max(math.hypot(light["x"], light["y"]), 0.3)
        self._towards = np.float32(light["x"] / far), np.float32(light["y"] / far)

    def look(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The colours at places x, y, [tiles, places] each: OKLab [tiles, places, 3]."""
        plan, size = self._plan, self._size
        cells = find_cells(self._sites, *self._bent(x, y))
        per_pixel = np.float32(size / 2)
        # Thin lead is not lost in small pictures.
        wide = np.float32(max(plan.lead["width"], min(1.2 / size, _THIN)))
        corner = np.float32(plan.lead["corner"]) + np.float32(1e-4)
        # Where two borders meet, solder rounds the corner.
        blunt = np.maximum(corner - (cells.next - cells.near), 0)
        blunt *= blunt / (4 * corner)
        inset = self._inset[cells.own]
        rim = cells.near - blunt - inset
        shapes = self._shapes(x, y)
        # Within a disc of one pane, borders of cells thin out.
        added = (1.6 * wide + blunt + inset) * shapes.whole
        inner = np.minimum(rim + added, shapes.line)
        deep = np.minimum(rim + added + 0.3 * shapes.whole, shapes.line) - wide
        lab = self._glass(cells, x, y, deep, shapes)
        lab[0] -= shapes.shade
        self._lead_over(lab, cells, inner, wide, per_pixel)
        if self._has_gaps:
            # Panes that touch leave no gap, not even at their corners.
            rim += blunt * (1 - np.minimum(inset / corner, 1))
            touching = np.clip(1 - self._inset[cells.other] * per_pixel, 0, 1)
            covered = np.maximum(np.clip(rim * per_pixel + touching, 0, 1), shapes.whole)
            wall = self._behind(x, y)
            lab = wall + (lab - wall) * covered
        np.clip(lab[0], 0.02, 0.99, out=lab[0])
        return np.moveaxis(lab, 0, -1)

    def _bent(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The space in which cells have straight borders."""
        bend = self._plan.bend
        amount = np.float32(max(bend["amount"], 0.0))
        length = np.float32(bend["length"])
        first, second = np.float32(bend["phase"]), np.float32(bend["phase2"])
        return (
            x + amount * np.sin(length * y + first) * np.cos(0.6 * length * x + second),
            y + amount * np.sin(length * x + second) * np.cos(0.7 * length * y - first),
        )

    def _shapes(self, x: np.ndarray, y: np.ndarray) -> "Shapes":
        """What discs and hills do at places."""
        plan = self._plan
        tone, shade, whole = (np.zeros_like(x) for _ in range(3))
        line = np.full_like(x, 9.0)
        pane = np.zeros_like(x)
        extra = np.float32(0.5 * plan.lead["width"])  # These edges have broader lead.
        soft = np.float32(self._size / 2)
        deep = np.float32(0.16 * plan.light["shadow"])
        ox, oy = (np.float32(-0.07) * part for part in self._towards)
        for hill in plan.hills:
            length, swing = np.float32(hill["length"]), np.float32(hill["swing"])
            angle = length * x + np.float32(hill["phase"])
            slope = swing * length * np.cos(angle)
            inside = (y - np.float32(hill["height"]) - swing * np.sin(angle)) / np.sqrt(
                1 + slope * slope
            )
            tone += np.float32(hill["tone"]) * np.clip(inside * soft + 0.5, 0, 1)
            shade += deep * np.exp(np.minimum(inside, 0) * 14) * (inside < 0)
            np.minimum(line, np.abs(inside) - extra, out=line)
        for number, disc in enumerate(plan.discs):
            dx, dy = x - np.float32(disc["x"]), y - np.float32(disc["y"])
            inside = np.float32(disc["size"]) - np.hypot(dx, dy)
            if inside.max() < -0.2:
                continue
            absent = np.float32(3 * max(-disc["size"], 0.0))
            within = np.clip(inside * soft + 0.5, 0, 1)
            share = np.float32(min(max(disc["whole"], 0.0), 1.0)) * within
            whole += (1 - whole) * share
            pane += (np.float32(plan.tones["start"] + 0.13 * number) - pane) * share
            tone += np.float32(disc["tone"]) * within
            under = np.float32(disc["size"]) - np.hypot(dx - ox, dy - oy)
            shade += deep * np.clip(under * 14, 0, 1) * np.clip(-inside * soft + 0.5, 0, 1)
            np.minimum(line, np.abs(inside) - extra + absent, out=line)
        return Shapes(tone, shade, line, whole, pane)

    def _glass(
        self, cells: Cells, x: np.ndarray, y: np.ndarray, deep: np.ndarray, shapes: "Shapes"
    ) -> np.ndarray:
        """The panes, lit from behind: OKLab [3, tiles, places]. deep: distance from the lead."""
        glass, light, sites = self._plan.glass, self._plan.light, self._sites
        own = 1 - shapes.whole  # How much a place has of its cell, and not of a disc.
        angle = np.float32(glass["turn"]) + own * (1.5 * (sites.luck[3] - 0.5))[cells.own]
        cosine, sine = np.cos(angle), np.sin(angle)
        shift = own * sites.luck[1][cells.own] * _TEXTURE
        along, across = x * cosine + y * sine, y * cosine - x * sine
        streak = _read(_streaks(self._clear), across * 300 + shift, along * 80 + shift)
        ripple = _read(_ripples(self._clear), x * 360 + shift, y * 360 + shift)
        mixed = np.float32(0.015 + 0.065 * glass["streaks"]) * streak
        tone = self._tone[cells.own] * own + shapes.pane * shapes.whole + shapes.tone + mixed
        lab = np.take(self._table, (tone * TABLE_SIZE).astype(np.int32) % TABLE_SIZE, axis=1)
        lab[0] = 0.2 + 0.8 * lab[0]  # Light comes through even dark glass.
        lab[1:] *= 1.12
        cloud = np.float32(glass["cloud"]) * np.clip(0.25 + 0.5 * streak, 0, 1)
        lab[1:] *= 1 - 0.45 * cloud
        lab[0] += 0.10 * cloud
        dx, dy = x - np.float32(light["x"]), y - np.float32(light["y"])
        near = np.exp(-0.9 * (dx * dx + dy * dy))
        strength = np.float32(light["strength"])
        lab[0] += strength * (0.26 * near - 0.13)
        lab[1:] *= 1 + 0.25 * strength * (near - 0.3)
        # Thick at the rim, thin in the middle.
        glow = np.float32(glass["glow"])
        lab[0] += glow * (0.07 - 0.2 * np.exp(-np.maximum(deep, 0) * 22))
        lab[0] += np.float32(0.015 + 0.075 * glass["ripple"]) * ripple * (0.4 + lab[0])
        facing = self._facing(cells)
        slope = np.clip(1 - deep * np.float32(1 / 0.028), 0, 1)
        side = own * facing * (slope > 0) * (0.5 + 0.5 * slope)
        lab[0] += np.float32(0.24 * glass["bevel"]) * side
        return lab

    def _facing(self, cells: Cells) -> np.ndarray:
        """How much the side of a pane that faces its nearest border is turned to the light."""
        sites = self._sites
        span = sites.apart[cells.own, cells.other]
        nx = (sites.x[cells.other] - sites.x[cells.own]) / span
        ny = (sites.y[cells.other] - sites.y[cells.own]) / span
        return nx * self._towards[0] + ny * self._towards[1]

    def _lead_over(
        self,
        lab: np.ndarray,
        cells: Cells,
        inner: np.ndarray,
        wide: np.float32,
        per_pixel: np.float32,
    ) -> None:
        shine = np.float32(self._plan.lead["shine"])
        part = np.clip(inner / wide, 0, 1)
        lit = shine * (0.16 * (1 - part) ** 2 + 0.1 * self._facing(cells) * part)
        share = np.clip((wide - inner) * per_pixel + 0.5, 0, 1)
        lead = self._lead.reshape(3, 1, 1) + np.zeros_like(lab)
        lead[0] += lit
        lab += (lead - lab) * share

    def _behind(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The wall, with the light on it and the shadow of the window: OKLab [3, ...]."""
        light = self._plan.light
        lab = self._wall.reshape(3, 1, 1) + np.zeros((3, *x.shape), np.float32)
        dx, dy = x - np.float32(light["x"]), y - np.float32(light["y"])
        lab[0] += 0.06 * np.exp(-0.8 * (dx * dx + dy * dy)) - 0.03
        lab[0] += 0.012 * _read(_ripples(self._clear), x * 440, y * 440)
        ox, oy = (np.float32(-0.05) * part for part in self._towards)
        cells = find_cells(self._sites, *self._bent(x - ox, y - oy))
        rim = cells.near - self._inset[cells.own]
        lab[0] -= np.float32(0.05 + 0.2 * light["shadow"]) * np.clip(rim * 16 + 0.35, 0, 1)
        return lab


def _presence(plan: Plan, sites: Sites) -> np.ndarray:
    """How much of each cell there is, 0 to 1."""
    gaps = plan.gaps
    luck = 0.5 + 0.5 * np.sin(2 * math.pi * sites.luck[0] + gaps["phase"])
    beyond = np.maximum(np.hypot(sites.x, sites.y) - 0.78, 0)
    need = gaps["amount"] + 4 * max(gaps["round"], 0.0) * beyond
    return np.clip(6 * (luck - need) + 0.5, 0, 1).astype(np.float32)


def _tones(plan: Plan, sites: Sites) -> np.ndarray:
    """The place of each cell on the ramp of colours, where 1 is once up and down again."""
    tones, (x, y) = plan.tones, sites.home
    far, angle = np.hypot(x, y), np.arctan2(y, x)
    ring = np.minimum(far * 1.6, 1)
    tone = tones["start"] + tones["radius"] * far * 0.7 + tones["height"] * y * 0.6
    tone += ring * (tones["petals4"] * np.cos(8 * angle) + tones["petals6"] * np.cos(6 * angle))
    tone += tones["waves"] * np.sin(4 * x + 2.5 * y) * 0.5
    tone += tones["luck"] * (sites.luck[3] - 0.5)
    tone += max(tones["accents"], 0.0) * np.clip(12 * (sites.luck[2] - 0.82), 0, 1)
    return tone.astype(np.float32)


@lru_cache(maxsize=3)  # While something moves, at rest, and in print.
def _streaks(size: int) -> np.ndarray:
    return _noise(size, ((5, 9, 1.0), (12, 30, 0.8), (24, 90, 0.6), (40, 200, 0.4)))


@lru_cache(maxsize=3)
def _ripples(size: int) -> np.ndarray:
    return _noise(size, ((24, 24, 1.0), (50, 50, 0.8), (110, 110, 0.5)))


def _noise(size: int, octaves: tuple[tuple[int, int, float], ...]) -> np.ndarray:
    """A texture that wraps, mean 0 and spread .5, float32 [1024, 1024].

    Waves that are finer than the pixels of a picture of this size are left out.
    """
    total = np.zeros((_TEXTURE, _TEXTURE), np.float32)
    spread = 0.0
    for along, across, amount in octaves:
        # The texture spans somewhat more than three halves of the edge.
        part = amount * min(max(0.7 * size / max(along, across) - 0.5, 0.0), 1.0)
        if part > 0:
            total += np.float32(part) * _octave(along, across)
        spread += part**2
    return total * np.float32(0.5 / max(spread, 0.04) ** 0.5)


def _octave(along: int, across: int) -> np.ndarray:
    """Noise with waves down to so many a texture along columns and across them, of spread 1."""
    rng = np.random.default_rng(43 + across)
    half = _TEXTURE // 2 + 1
    rows, columns = np.fft.fftfreq(_TEXTURE, 1 / _TEXTURE)[:, None], np.arange(half)
    kept = np.exp(-((rows / across) ** 2) - (columns / along) ** 2)
    waves = rng.normal(size=(_TEXTURE, half)) + 1j * rng.normal(size=(_TEXTURE, half))
    noise = np.fft.irfft2(waves * kept, s=(_TEXTURE, _TEXTURE))
    return (noise / noise.std()).astype(np.float32)


def _read(texture: np.ndarray, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """A texture between its samples."""
    top, left = np.floor(row), np.floor(column)
    down, right = row - top, column - left
    top, left = top.astype(np.int32) % _TEXTURE, left.astype(np.int32) % _TEXTURE
    low, next_ = (top + 1) % _TEXTURE * _TEXTURE, (left + 1) % _TEXTURE
    top = top * _TEXTURE
    flat = texture.reshape(-1)
    upper = flat[top + left] * (1 - right) + flat[top + next_] * right
    lower = flat[low + left] * (1 - right) + flat[low + next_] * right
    return upper * (1 - down) + lower * down
