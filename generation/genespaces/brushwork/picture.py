"""A whole picture: paper, a thin wash, the layers of strokes, and the light on their relief.

Strokes are drawn in turns: those of one turn are so far apart that they hardly touch, so all of
them are laid over the picture at once; where two do, one covers the other. Each is a small patch of
columns, or of rows if it is steep, along its middle line.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from generation.finishing.oklab import from_oklab
from generation.genespaces.brushwork.bristles import (
    ACROSS,
    ALONG,
    STROKE_ACROSS,
    STROKE_ALONG,
    bristles,
    grain,
)
from generation.genespaces.brushwork.layout import COLOURS
from generation.genespaces.brushwork.plan import Plan, read_plan
from generation.genespaces.brushwork.scene import Scene
from generation.genespaces.brushwork.strokes import LAYERS, Layer, Strokes, lay
from generation.yielding import YieldPoint, ignore_progress

MOST = 1 << 16  # Pixels of patches that are worked on at once.
_PAPER = COLOURS.index("paper")
_WASH = 40  # Edge of the grid on which the wash is mixed.
_BAND = 1 << 16  # Pixels that are developed at once.
_STROKES = 0.9  # The part of the progress that strokes take.


def paint(genes: np.ndarray, *, size: int, yield_point: YieldPoint = ignore_progress) -> np.ndarray:
    """The picture, uint8 sRGB [size, size, 3].

    yield_point: called with the progress, 0 to 1, every few milliseconds.
    """
    plan = read_plan(genes)
    scene = Scene(plan)
    sheet = _Sheet(plan, size)
    sheet.wash(scene, lambda: yield_point(0.0))
    for number, (layer, strokes) in enumerate(zip(LAYERS, lay(plan, scene), strict=True)):
        texture = bristles(round(layer.width * size / 2, 2))
        done = 0
        for bundle in _bundles(_groups(strokes, layer, size)):
            sheet.draw(strokes, bundle, texture, layer)
            done += sum(len(group.places) for group in bundle)
            yield_point(_STROKES * (number + done / len(strokes.x)) / len(LAYERS))
    picture = np.empty((size, size, 3), np.uint8)
    rows = max(1, _BAND // size)
    for top in range(0, size, rows):
        bottom = min(size, top + rows)
        picture[top:bottom] = from_oklab(sheet.developed(top, bottom))
        yield_point(_STROKES + (1 - _STROKES) * bottom / size)
    return picture


@dataclass(frozen=True)
class _Group:
    """Strokes that are laid at once: their numbers, and about how many pixels their patches have.

    All are steep, or none.
    """

    places: np.ndarray
    is_steep: bool
    pixels: float


def _groups(strokes: Strokes, layer: Layer, size: int) -> Iterator[_Group]:
    """One turn after another; flat and steep strokes apart, in groups that need little memory."""
    steep = np.abs(strokes.sine) > np.abs(strokes.cosine)
    for turn in range(layer.turns**2):
        for is_steep in (False, True):
            places = np.flatnonzero((strokes.turn == turn) & (steep == is_steep))
            if not len(places):
                continue
            reach, wide = strokes.half[places].max(), strokes.wide[places].max()
            one = (reach * size + 2) * (2 * wide * size + 2)
            each = max(1, int(MOST / one))
            for start in range(0, len(places), each):
                some = places[start : start + each]
                yield _Group(some, is_steep, len(some) * one)


def _bundles(groups: Iterable[_Group]) -> Iterator[list[_Group]]:
    """Groups that follow each other, as many as need little memory, but at least one."""
    bundle: list[_Group] = []
    for group in groups:
        if bundle and sum(one.pixels for one in bundle) + group.pixels > MOST:
            yield bundle
            bundle = []
        bundle.append(group)
    if bundle:
        yield bundle


class _Sheet:
    """The picture while it is painted: planes of lightness, a, b and thickness of the paint."""

    def __init__(self, plan: Plan, size: int) -> None:
        self._plan, self._size = plan, size
        self._grain = grain(size)
        self._planes = np.zeros((4, size, size), np.float32)

    def wash(self, scene: Scene, pause: Callable[[], None]) -> None:
        """Lay a thin coat of the scene's colours on the paper, which leaves the grain open."""
        size, plan = self._size, self._plan
        edge = np.linspace(-1, 1, _WASH, dtype=np.float32)
        y, x = (grid.ravel() for grid in np.meshgrid(edge, edge, indexing="ij"))
        mixed = scene.look(x, y).lab.reshape(3, _WASH, _WASH)
        paper = plan.colours[_PAPER].astype(np.float32)
        place = np.linspace(0, _WASH - 1, size, dtype=np.float32)
        low = np.minimum(place.astype(int), _WASH - 2)
        part = place - low
        across = np.abs(np.linspace(-1, 1, size, dtype=np.float32))
        frame = np.float32(1 - 0.04 - max(float(plan.paper["margin"]), -0.1))
        bare = np.float32(0.35 + 0.5 * max(float(plan.paper["bare"]), 0.0))
        rows = max(1, _BAND // size)
        for top in range(0, size, rows):
            band = slice(top, min(size, top + rows))
            grains = self._grain[band]
            inside = frame - np.maximum(across[band, None], across)
            cover = np.clip(inside * 22 + (0.5 - grains) * 1.2 + 0.5, 0, 1)
            cover *= np.clip(1.05 - bare * (0.3 + grains), 0, 1)
            for plane, colours, bare_colour in zip(self._planes, mixed, paper, strict=False):
                first, second = colours[low[band]], colours[low[band] + 1]
                lines = first + (second - first) * part[band, None]
                coat = lines[:, low] + (lines[:, low + 1] - lines[:, low]) * part
                plane[band] = bare_colour + (coat - bare_colour) * cover
            pause()

    def draw(
        self, strokes: Strokes, bundle: list[_Group], texture: np.ndarray, layer: Layer
    ) -> None:
        """Lay groups of strokes over the picture, one after the other.

        The paint of all is mixed first: in small pictures, numpy takes long for a call on the few
        pixels of one group.
        """
        mixed: dict[bool, Iterator[tuple[np.ndarray, ...]]] = {}
        for is_steep in {group.is_steep for group in bundle}:
            alike = [group.places for group in bundle if group.is_steep == is_steep]
            some = strokes.take(np.concatenate(alike))
            counts = np.array([len(places) for places in alike])
            patch = _Patch(some, counts, self._size, is_steep=is_steep)
            place, alpha, paint, which = self._mix(some, patch, texture, layer)
            ends = np.searchsorted(which, np.cumsum(counts))
            parts = (np.split(part, ends[:-1], axis=-1) for part in (place, alpha, paint))
            mixed[is_steep] = zip(*parts, strict=True)
        planes = self._planes.reshape(len(self._planes), -1)
        for group in bundle:
            place, alpha, paint = next(mixed[group.is_steep])
            old = np.take(planes, place, axis=1)
            planes[:, place] = old + (paint - old) * alpha

    def _mix(
        self, strokes: Strokes, patch: "_Patch", texture: np.ndarray, layer: Layer
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """What strokes leave, in their order: places in a plane, opacity, paint, and whose it is.

        paint: lightness, a, b and thickness, [4, n].
        """
        brush = self._plan.brush
        u, v, which, bristle = patch.u, patch.v, patch.which, patch.read(texture)
        grains = np.take(self._grain.reshape(-1), patch.place)
        luck, slim = strokes.luck[3][which], patch.slim[which]
        # The sides are ragged by a few bristles.
        side = patch.side
        side += 0.35 * (bristle - 0.6)
        alpha = np.clip(side * patch.crisp[which] + 0.3, 0, 1)
        # Paint runs out: towards the end, only full bristles still touch the tops of the grain.
        dry = np.float32(brush["dryness"])
        load = 1.25 - (0.25 + 0.9 * dry) * u * (0.6 + 0.8 * luck)
        load += 0.9 * (bristle - 0.5) - (0.15 + 0.5 * dry) * (grains - 0.35)
        alpha *= np.clip(3.2 * load - 0.6, 0, 1)
        end = (1 - u) * slim + 0.5 * (bristle - 0.6)
        alpha *= np.clip(3 * end + 0.1, 0, 1)
        alpha *= np.clip(u * slim * 4 + 0.4 * (bristle - 0.2), 0, 1)
        alpha *= strokes.opacity[which]
        kept = np.flatnonzero(alpha > 0.01)
        place, alpha, bristle, v, which = (
            values[kept] for values in (patch.place, alpha, bristle, v, which)
        )
        share = np.clip(0.5 + 0.7 * v + 1.1 * (bristle - 0.5), 0, 1)
        streak = (bristle - 0.5) * np.float32(0.04 + 0.16 * brush["streaks"])
        start = np.take(strokes.start, which, axis=1)
        paint = np.empty((4, len(kept)), share.dtype)
        paint[:3] = start + share * np.take(strokes.end - strokes.start, which, axis=1)
        paint[0] += streak
        thick = 0.35 + 0.75 * bristle + 0.35 * v * v
        paint[3] = thick * np.float32(layer.width**0.5 * 2.2)
        return place, alpha, paint, which

    def developed(self, top: int, bottom: int) -> np.ndarray:
        """Some rows in the light that falls from above and the left: OKLab [rows, size, 3]."""
        relief = np.float32(self._plan.brush["relief"])
        rough = np.float32(0.25 + 0.6 * float(self._plan.paper["grain"]))
        above = max(top - 1, 0)  # The slope is measured from the row above.
        thick = self._planes[3, above:bottom]
        # Bare paper shows its grain; thick paint hides it.
        thick = thick + rough * self._grain[above:bottom] * 0.35 / (1 + 2 * thick)
        slope = np.zeros_like(thick)
        slope[1:, 1:] = thick[1:, 1:] - thick[:-1, :-1]
        # Steps between neighbours are smaller where there are more of them.
        steep = np.tanh(slope[top - above :] * np.float32((self._size / 256) ** 0.6 * 1.1))
        lab = np.moveaxis(self._planes[:3, top:bottom], 0, -1).copy()
        lab[..., 0] = np.clip(lab[..., 0] + (0.03 + 0.11 * relief) * steep, 0.02, 0.995)
        return lab


class _Patch:
    """The pixels around the middle lines of some strokes that may get paint, [n], in their order.

    They are found in rows if the strokes are steep, else in columns. counts: of strokes in each
    group; a patch is as large as the largest of its group, since paint reaches beyond the ends of
    strokes.

    place: of a pixel in a plane. which: the number of its stroke. u: along the stroke, 0 to 1. v:
    across, -1 to 1 from side to side. side: how far it is from the sides, which narrow to both
    ends. Of each stroke, [strokes]: crisp, how steeply its sides fade, and slim, its length over
    its width.
    """

    def __init__(self, strokes: Strokes, counts: np.ndarray, size: int, *, is_steep: bool) -> None:
        self._strokes = strokes
        half_edge = np.float32(size / 2)
        x, y, cosine, sine = strokes.x, strokes.y, strokes.cosine, strokes.sine
        bend, twist = strokes.bend, strokes.twist
        if is_steep:  # The same, mirrored at the diagonal.
            x, y, cosine, sine, bend, twist = y, x, sine, cosine, -bend, -twist
        self.slim = np.clip(strokes.half / strokes.wide, 1, 6)
        self.crisp = np.minimum(strokes.wide * half_edge, 6)
        x, y, cosine, sine, bend, twist, half, wide = (
            values.reshape(-1, 1)
            for values in (x, y, cosine, sine, bend, twist, strokes.half, strokes.wide)
        )
        middle_x, middle_y = (x + 1) * half_edge - 0.5, (y + 1) * half_edge - 0.5
        sideways = half * half * np.abs(bend) + half**3 * np.abs(twist)
        reach = (half * np.abs(cosine) + (wide + sideways) * np.abs(sine)) * half_edge
        first = np.floor(middle_x - reach)
        steps = _steps(reach, counts)
        number = np.arange(steps.max(), dtype=np.float32)
        columns = first + number
        dx = (columns - middle_x) / half_edge
        s = np.clip(dx / cosine, -half, half)
        for _ in range(2):
            s = np.clip((dx + (bend + twist * s) * s * s * sine) / cosine, -half, half)
        middle = s * sine + (bend + twist * s) * s * s * cosine
        across = 1.15 * wide / np.abs(cosine) * half_edge
        top = np.floor(middle_y + middle * half_edge - across)
        seen = np.flatnonzero((columns >= 0) & (columns < size) & (number < steps))
        owner = seen // len(number)
        columns, dx, top = (values.reshape(-1, 1)[seen] for values in (columns, dx, top))
        steps = _steps(across, counts)
        number = np.arange(steps.max(), dtype=np.float32)
        rows = top + number
        is_inside = (rows >= 0) & (rows < size) & (number < steps[owner])
        dy = (rows - middle_y[owner]) / half_edge
        cosine, sine, bend, twist, half, wide = (
            values[owner] for values in (cosine, sine, bend, twist, half, wide)
        )
        s = dx * cosine + dy * sine
        near = np.clip(s, -1.1 * half, 1.1 * half)
        slope = (2 * bend + 3 * twist * near) * near
        t = dy * cosine - dx * sine - (bend + twist * near) * near * near
        u = s / (2 * half) + 0.5
        v = t / (wide * np.sqrt(1 + slope * slope))
        z = 2 * u - 1
        z *= z
        side = 1 - np.abs(v) - 0.6 * z * z * z
        # Not even a full bristle reaches further.
        furthest = -0.25 - 0.3 / self.crisp[owner, None]
        kept = np.flatnonzero((side > furthest) & is_inside)
        line = kept // len(number)
        i, j = rows.reshape(-1)[kept].astype(np.int32), columns[line, 0].astype(np.int32)
        self.place = j * size + i if is_steep else i * size + j
        self.which = owner[line]
        self.u, self.v, self.side = (values.reshape(-1)[kept] for values in (u, v, side))
        if is_steep:
            self.v = -self.v

    def read(self, texture: np.ndarray) -> np.ndarray:
        """The texture of bristles under each pixel, between two of its samples along."""
        first, second = self._strokes.luck[4:6].take(self.which, axis=1)
        row = ((self.v * 0.5 + first * 16) * STROKE_ACROSS).astype(np.int32) & (ACROSS - 1)
        along = np.clip(self.u, -0.2, 1.2) * STROKE_ALONG + (second + 1) * ALONG
        low = along.astype(np.int32)
        part = along - low
        row *= ALONG
        flat = texture.reshape(-1)
        one = np.take(flat, row + (low & (ALONG - 1)))
        two = np.take(flat, row + ((low + 1) & (ALONG - 1)))
        return one + (two - one) * part


def _steps(reach: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """How many pixels twice the reach takes, where the largest of each group counts: int [n, 1].

    reach: in pixels, [n, 1]. counts: of strokes in each group.
    """
    largest = np.maximum.reduceat(reach[:, 0], np.cumsum(counts) - counts)
    return np.repeat(np.ceil(2 * largest).astype(int) + 2, counts)[:, None]
