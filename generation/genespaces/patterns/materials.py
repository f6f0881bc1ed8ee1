"""What a pattern is made of: cut paper, a line drawing, halftone, stitches, stained glass.

Like `shading`, which paints silk, it is written for numpy and torch alike. Edges are hard and
anti-aliased over one sample. What repeats (dots, threads, lines) is drawn in coordinates of the
picture, so that a print shows what the preview did; where it would be finer than the samples, its
mean stands in its place.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from generation.genespaces.patterns.formula import Array, Kit
from generation.genespaces.patterns.palette import TABLE_HALF, TABLE_SIZE
from generation.genespaces.patterns.plan import Plan

_GOLDEN = 0.618  # Stitch ends of neighbouring threads never line up.
# Fewer samples than the first for one dot or thread show its mean alone, more than the second
# show it whole.
_TOO_FEW, _ENOUGH = 2.0, 3.2


@dataclass(frozen=True)
class Ground:
    """What materials are laid on, arrays [..., h, w] unless said otherwise.

    t: place on the colour ramp, with a border of one sample all round. other: a second field, with
    the same border. diffuse: light on the relief, .6 where it is level. x, y: coordinates that
    broadcast to [..., h, w]. step: distance of samples.
    """

    kit: Kit
    plan: Plan
    t: Array
    other: Array
    diffuse: Array
    x: Array
    y: Array
    step: float

    @property
    def level(self) -> Array:
        return self.t[..., 1:-1, 1:-1]

    def slope(self, field: Array) -> tuple[Array, Array, Array]:
        """Across, down, and the steepness of a bordered field, per unit of length."""
        across = (field[..., 1:-1, 2:] - field[..., 1:-1, :-2]) * (0.5 / self.step)
        down = (field[..., 2:, 1:-1] - field[..., :-2, 1:-1]) * (0.5 / self.step)
        return across, down, self.kit.xp.sqrt(across * across + down * down + 1e-4)

    def colour(self, t: Array) -> list[Array]:
        """OKLab of the ramp at a place, which may be anywhere."""
        # Above zero, so that truncation is a floor.
        place = (t + 2.0 * TABLE_SIZE) * float(TABLE_HALF)
        return [self.kit.lookup(self.plan.table[channel], place) for channel in range(3)]

    def ink(self, place: int) -> list[float]:
        return [float(self.plan.table[channel, place]) for channel in range(3)]

    def shown(self, pitch: float) -> float:
        """How far something that repeats at this distance is drawn, 0 to 1."""
        return min(max((pitch / self.step - _TOO_FEW) / (_ENOUGH - _TOO_FEW), 0.0), 1.0)

    def count(self, coarse: float, fine: float) -> float:
        """How often something repeats, by the grain; whole where the picture is a tile."""
        count = coarse * (fine / coarse) ** self.plan.surface["grain"]
        return float(round(count)) if self.plan.tile > 0.5 else count


def flatten(kit: Kit, t: Array, steepness: Array, count: float, step: float) -> tuple[Array, Array]:
    """Bands of one value each, and the distance to the nearest edge between two of them.

    The distance, in the picture's units, is negative on the lower side. Bands that are narrower
    than samples become the slope that they are.
    """
    xp = kit.xp
    scaled = t * count
    edge = xp.floor(scaled + 0.5)
    reach = steepness * count
    away = (scaled - edge) / reach
    hard = xp.clip(away * (1 / step), -0.5, 0.5)
    hard += edge
    thin = xp.clip(reach * (2.5 * step) - 0.75, 0, 1)
    hard += (scaled - hard) * thin
    return hard * (1 / count), away


def _paper(g: Ground) -> list[Array]:
    """Sheets of paper, cut out and laid over one another; upper ones throw a shadow."""
    xp, s = g.kit.xp, g.plan.surface
    across, down, steepness = g.slope(g.t)
    count = max(s["bands"], 3.0 + 3 * s["grain"])
    t, away = flatten(g.kit, g.level, steepness, count, g.step)
    lab = g.colour(t)
    # The lamp stands where it does for silk; sheets whose edge is turned away from it throw more.
    facing = across * math.cos(s["light_angle"]) + down * math.sin(s["light_angle"])
    depth = (facing / steepness * 0.45 + 0.55) * (0.22 + 0.2 * min(s["light"], 1.2))
    below = xp.clip(away * (-1 / 0.055), 0, 1)
    is_below = xp.clip(away * (-1 / g.step) + 0.5, 0, 1)
    gloom = 1 - below
    lab[0] *= 1 - gloom * gloom * is_below * depth
    rim = xp.clip(1 - away * (1 / 0.009), 0, 1) * (1 - is_below)
    lab[0] += rim * (1.1 - depth) * 0.06
    return lab


def _line(g: Ground) -> list[Array]:
    """An engraving: lines along the form, wide in the shade and thin in the light, on a wash."""
    xp, s = g.kit.xp, g.plan.surface
    _, _, steepness = g.slope(g.t)
    light_first = s["phase"] > -0.15
    paper, ink = (TABLE_HALF - 24, 24) if light_first else (24, TABLE_HALF - 60)
    bands, _ = flatten(g.kit, g.level, steepness, max(s["bands"], 3.0), g.step)
    wash, base, pen = g.colour(bands), g.ink(paper), g.ink(ink)
    lab = [base[0] + (wash[0] - base[0]) * 0.22] + [
        base[channel] + (wash[channel] - base[channel]) * 0.55 for channel in (1, 2)
    ]
    count = 9 + 9 * s["grain"]
    tone = g.colour(g.level)[0] * ((g.diffuse - 0.6) * (0.5 + 0.6 * s["light"]) + 1)
    dark = xp.clip((0.86 - tone) * 1.15 if light_first else (tone - 0.2) * 1.15, 0.06, 0.75)
    scaled = g.level * count
    apart = xp.abs(scaled - xp.floor(scaled) - 0.5)
    reach = steepness * count
    # A wide line has a limit in the picture's units, or calm areas would become blots.
    half = xp.minimum(dark * 0.5, reach * 0.008)
    cover = xp.clip((half - apart) / (reach * g.step) + 0.5, 0, 1)
    few = xp.clip(reach * (4 * g.step) - 1.0, 0, 1)
    cover += (dark - cover) * few
    for channel in range(3):
        lab[channel] += (pen[channel] - lab[channel]) * cover
    return lab


def _halftone(g: Ground) -> list[Array]:
    """Two printings: flat colours, and over them a screen of dots that grow with the shade."""
    xp, s = g.kit.xp, g.plan.surface
    _, _, steepness = g.slope(g.t)
    flat, _ = flatten(g.kit, g.level, steepness, max(s["bands"], 3.0), g.step)
    lab = g.colour(flat)
    tone = g.colour(g.level)[0] * ((g.diffuse - 0.6) * (0.4 + 0.7 * s["light"]) + 1)
    dark = xp.clip((0.8 - tone) * 1.15, 0, 0.9)
    # Screens stand at 45 degrees, so that mirrored pictures stay so, and tiles meet.
    count = g.count(16, 28)
    turn = math.pi * count
    screen = (xp.cos((g.x + g.y) * turn) + xp.cos((g.x - g.y) * turn)) * 0.5
    sharp = 1 / (turn * 0.8 * g.step)
    cover = xp.clip((screen - (1 - 2 * dark)) * sharp + 0.5, 0, 1)
    shown = g.shown(math.sqrt(2) / count)
    if shown < 1:
        cover = cover * shown + dark * (1 - shown)
    pen = g.ink(90)
    lab[0] = 1 - (1 - lab[0]) * 0.55
    for channel in range(3):
        lab[channel] += (pen[channel] - lab[channel]) * cover
    return lab


def _stitch(g: Ground) -> list[Array]:
    """Satin stitch: every band of colour is filled with threads of its own direction."""
    xp, s = g.kit.xp, g.plan.surface
    _, _, steepness = g.slope(g.t)
    count = max(s["bands"], 4.0)
    t, away = flatten(g.kit, g.level, steepness, count, g.step)
    lab = g.colour(t)
    band = xp.floor(g.level * count)
    # Mirrored pictures have mirrored threads, and those of a tile meet at its border.
    x = g.x if g.plan.plain > 0.5 else xp.abs(g.x)
    y = xp.abs(g.y) if g.plan.tile > 0.5 else g.y
    turn = band * (math.pi / 3) + 0.6 + 0.35 * math.sin(s["light_angle"])
    cosine, sine = xp.cos(turn), xp.sin(turn)
    threads = g.count(15, 30)
    over = (x * cosine + y * sine) * threads
    row = xp.floor(over)
    along = (y * cosine - x * sine) * (threads / 5) + row * _GOLDEN
    along = xp.abs(along - xp.floor(along) - 0.5) * 2
    round_ = xp.cos((over - row - 0.5) * (2 * math.pi))
    ends = along * along
    ends = ends * ends
    ends = ends * ends
    shown = g.shown(1 / threads)
    shine = 0.10 * (2 * cosine * sine * math.cos(s["light_angle"])) + 0.02
    lab[0] *= (round_ * 0.10 - ends * 0.24) * shown + (1 - 0.03 * (1 - shown)) + shine
    seam = xp.clip(1 - xp.abs(away) * (1 / 0.012), 0, 1)
    lab[0] *= 1 - seam * 0.35
    return lab


def _glass(g: Ground) -> list[Array]:
    """Panes of coloured glass in lead. A second field cuts the bands of colour into panes."""
    xp, s = g.kit.xp, g.plan.surface
    _, _, steepness = g.slope(g.t)
    across, down, other_steepness = g.slope(g.other)
    count, cuts = max(s["bands"], 2.5 + 2 * s["grain"]), 1.0 + 1.4 * s["grain"]
    scaled, other = g.level * count, g.other[..., 1:-1, 1:-1] * cuts
    band, part = xp.floor(scaled), xp.floor(other)
    inside, within = scaled - band - 0.5, other - part - 0.5
    # Neighbouring panes are of another batch: a little further along the ramp.
    tint = part * 0.382
    lab = g.colour((band + 0.5) * (1 / count) + (tint - xp.floor(tint) - 0.5) * (0.9 / count))
    glow = 1 - (inside * inside + within * within) * 2
    lab[0] = lab[0] * (glow * 0.16 + 0.9 + (g.diffuse - 0.6) * 0.12)
    lab[1] = lab[1] * 1.3
    lab[2] = lab[2] * 1.3
    apart = xp.minimum(
        (0.5 - xp.abs(inside)) / (steepness * count),
        (0.5 - xp.abs(within)) / (other_steepness * cuts),
    )
    width = 0.009 * s["line_width"]
    lead = xp.clip((width - apart) / g.step + 0.5, 0, 1)
    ridge = xp.clip(1 - apart / width, 0, 1)
    metal = ridge * ridge * 0.16 + 0.11
    lab[0] += (metal - lab[0]) * lead
    lab[1] = lab[1] * (1 - lead)
    lab[2] = lab[2] * (1 - lead)
    return lab


_PAINTERS: dict[str, Callable[[Ground], list[Array]]] = {
    "paper": _paper,
    "line": _line,
    "halftone": _halftone,
    "stitch": _stitch,
    "glass": _glass,
}


def paint(name: str, ground: Ground) -> list[Array]:
    """OKLab of a material, three arrays [..., h, w]. name: one of MATERIALS but silk."""
    return _PAINTERS[name](ground)
