"""From the field to colour: palette, relief light, lines, emblem. Like the field, written for numpy and torch alike."""

import math

import numpy as np

from generation.genespaces.patterns_formula import NUMPY, PROBE, Array, Kit, centres, field, prepare
from generation.genespaces.patterns_layout import OUTPUTS
from generation.genespaces.patterns_palette import TABLE_HALF, TABLE_SIZE
from generation.genespaces.patterns_plan import Plan


def shade(kit: Kit, plan: Plan, o: Array, *, x: Array, y: Array, step: float) -> list[Array]:
    """Colour and light: from the field with a halo of one sample all round, [4, ..., h + 2, w + 2], to linear-light red,
    green and blue in [0, 1], each [..., h, w]. x, y: coordinates that broadcast to [..., h, w]; step: distance of samples."""
    xp, s = kit.xp, plan.surface
    inner = o[..., 1:-1, 1:-1]
    height = (o[0] + o[1]) * 0.5
    slope = 0.22 / (2 * step)
    gx = (height[..., 1:-1, 2:] - height[..., 1:-1, :-2]) * slope
    gy = (height[..., 2:, 1:-1] - height[..., :-2, 1:-1]) * slope
    steep = gx * gx + gy * gy
    upright = 1 / xp.sqrt(steep + 1)
    diffuse = (0.6 - (gx * math.cos(s["light_angle"]) + gy * math.sin(s["light_angle"])) * 0.8) * upright
    t = inner[0] * (s["contrast"] * 0.35) + inner[2] * (s["detail"] * 0.12) + (0.5 + s["phase"])
    t = _posterise(kit, t, s["bands"])
    t += 2.0 * TABLE_SIZE  # Above zero, so that truncation is a floor.
    t *= float(TABLE_HALF)
    lab = [kit.lookup(plan.table[channel], t) for channel in range(3)]
    _light(kit, s, lab, diffuse, upright)
    _accents(kit, s, lab, inner[3], diffuse)
    if s["line"] > 0:
        _draw_lines(kit, plan, lab, height[..., 1:-1, 1:-1], steep, step)
    if s["vignette"] > 0:
        lab[0] *= 1 - xp.clip(x * x + y * y, 0, 2) * (s["vignette"] * 0.35)
    if s["emblem"] > 0.01:
        lab = _cut_emblem(kit, plan, lab, x, y)
    return _to_linear(kit, lab)


def _posterise(kit: Kit, t: Array, bands: float) -> Array:
    if bands <= 0.01:
        return t
    count, share = max(bands, 2.5), min(1.0, bands / 2.5)
    scaled = t * count
    floor = kit.xp.floor(scaled)
    edge = kit.xp.tanh((scaled - floor - 0.5) * 6)
    return t * (1 - share) + (floor + edge * 0.5 + 0.5) * (share / count)


def _light(kit: Kit, s: dict[str, float], lab: list[Array], diffuse: Array, upright: Array) -> None:
    xp = kit.xp
    lab[0] *= (diffuse - 0.6) * (s["light"] * 0.45) + 1
    if s["gloss"] > 0:
        shine = xp.clip(diffuse, 0, 1)
        shine *= shine
        shine *= shine
        lab[0] += shine * shine * shine * (s["gloss"] * 0.5)  # The twelfth power.
    elif s["gloss"] < 0:
        rim = 1 - upright
        lab[0] += rim * rim * (-0.45 * s["gloss"])
    if s["iridescence"]:
        turn = (diffuse - 0.6) * (1.6 * s["iridescence"])
        a = lab[1] - lab[2] * turn
        lab[2] = lab[2] + lab[1] * turn
        lab[1] = a


def _accents(kit: Kit, s: dict[str, float], lab: list[Array], level: Array, diffuse: Array) -> None:
    if s["accent"] <= 0:
        return
    glow = (kit.xp.tanh((level - 1.2) * 3) + 1) * (0.5 * s["accent"])
    lab[0] += glow * 0.12
    glow = glow * 0.6 + 1
    lab[1] *= glow
    lab[2] *= glow


def _draw_lines(kit: Kit, plan: Plan, lab: list[Array], height: Array, steep: Array, step: float) -> None:
    """Contour lines of the height, of the same width everywhere, anti-aliased over one sample."""
    xp, s = kit.xp, plan.surface
    scaled = height * s["line_count"]
    apart = xp.abs(scaled - xp.floor(scaled) - 0.5)
    apart /= xp.sqrt(steep + 1e-4) * (s["line_count"] / 0.22)
    cover = xp.clip((0.007 - apart) / step + 0.5, 0, 1) * s["line"]
    ink = plan.table[:, 20] if s["phase"] > -0.15 else plan.table[:, TABLE_HALF - 120]
    for channel in range(3):
        lab[channel] += (float(ink[channel]) - lab[channel]) * cover


def _cut_emblem(kit: Kit, plan: Plan, lab: list[Array], x: Array, y: Array) -> list[Array]:
    """A badge with a lobed outline and a rim on a calm ground in the palette's own light or dark end."""
    xp, s = kit.xp, plan.surface
    radius, angle = xp.sqrt(x * x + y * y), xp.arctan2(x, -y + 0 * x)
    edge = s["emblem_radius"] - radius
    for count, share in plan.petals:
        edge = edge + xp.cos(angle * count) * (s["petal_depth"] * share) if count else edge
    inside = xp.tanh(edge * 110) * 0.5 + 0.5
    rim = xp.exp((edge / 0.018) ** 2 * -1.0) * s["emblem"]
    outside = (1 - inside) * s["emblem"]
    ground, ink = (TABLE_HALF - 40, 60) if s["phase"] < 0.2 else (60, TABLE_HALF - 40)
    for channel in range(3):
        back = float(plan.table[channel, ground]) * (1.0 if channel == 0 else 0.5)
        lab[channel] = lab[channel] + (back - lab[channel]) * outside
        lab[channel] = lab[channel] + (float(plan.table[channel, ink]) - lab[channel]) * rim
    return lab


def _to_linear(kit: Kit, lab: list[Array]) -> list[Array]:
    lightness, a, b = kit.xp.clip(lab[0], 0, 1), lab[1], lab[2]
    cones = [
        lightness + a * 0.3963377774 + b * 0.2158037573,
        lightness - a * 0.1055613458 - b * 0.0638541728,
        lightness - a * 0.0894841775 - b * 1.2914855480,
    ]
    long, medium, short = (cone * cone * cone for cone in cones)
    return [
        kit.xp.clip(long * red + medium * green + short * blue, 0, 1)
        for red, green, blue in (
            (4.0767416621, -3.3077115913, 0.2309699292),
            (-1.2684380046, 2.6097574011, -0.3413193965),
            (-0.0041960863, -0.7034186147, 1.7076147010),
        )
    ]


def to_srgb(kit: Kit, linear: Array) -> Array:
    """Linear light in [0, 1] to sRGB code values in [0, 1] (IEC 61966-2-1)."""
    xp = kit.xp
    curve = xp.clip(linear, 0.0031308, 1) ** (1 / 2.4) * 1.055 - 0.055
    return xp.where(linear > 0.0031308, curve, linear * 12.92)


def thumbnail(genes: np.ndarray, *, size: int = PROBE) -> np.ndarray:
    """The picture by numpy alone, [3, size, size] sRGB in [0, 1]: small, to be judged and not shown."""
    plan = prepare(NUMPY, genes)
    line = centres(size, start=-1, stop=size + 1)
    x, y = np.tile(line, size + 2), np.repeat(line, size + 2)
    o = field(NUMPY, plan, x, y).reshape(OUTPUTS, size + 2, size + 2)
    inner = line[1:-1]
    return np.stack([to_srgb(NUMPY, c) for c in shade(NUMPY, plan, o, x=inner[None, :], y=inner[:, None], step=2 / size)])
