"""From the field to colour: silk under a light, emblem; other materials are in `materials`.

Like `formula`, it is written for numpy and torch alike.
"""

import math

import numpy as np

from generation.genespaces.patterns.formula import (
    NUMPY,
    PROBE,
    Array,
    Kit,
    centres,
    field,
    moments,
    to_kit,
)
from generation.genespaces.patterns.layout import OUTPUTS
from generation.genespaces.patterns.materials import Ground, flatten, paint
from generation.genespaces.patterns.palette import TABLE_HALF
from generation.genespaces.patterns.plan import MIN_BANDS, Plan, read_plan


def shade(kit: Kit, plan: Plan, o: Array, *, x: Array, y: Array, step: float) -> list[Array]:
    """Colour and light: from the field to linear-light red, green and blue.

    Each is in [0, 1], [..., h, w]. o: the field with a border of one sample all round, [4, ..., h +
    2, w + 2]. x, y: coordinates that broadcast to [..., h, w]. step: distance of samples.
    """
    xp, s = kit.xp, plan.surface
    height = (o[0] + o[1]) * 0.5
    slope = 0.22 / (2 * step)
    gx = (height[..., 1:-1, 2:] - height[..., 1:-1, :-2]) * slope
    gy = (height[..., 2:, 1:-1] - height[..., :-2, 1:-1]) * slope
    steep = gx * gx + gy * gy
    upright = 1 / xp.sqrt(steep + 1)
    diffuse = (
        0.6 - (gx * math.cos(s["light_angle"]) + gy * math.sin(s["light_angle"])) * 0.8
    ) * upright
    t = o[0] * (s["contrast"] * 0.35) + o[2] * (s["detail"] * 0.12) + (0.5 + s["phase"])
    ground = Ground(kit, plan, t, o[1] * 0.35, diffuse, x, y, step)
    lab: list[Array] = []
    for name, share in plan.materials:
        painted = (
            _silk(ground, upright, o[3][..., 1:-1, 1:-1]) if name == "silk" else paint(name, ground)
        )
        if share < 1:
            painted = [channel * share for channel in painted]
        lab = [a + b for a, b in zip(lab, painted, strict=True)] if lab else painted
    if s["vignette"] > 0:
        lab[0] *= 1 - xp.clip(x * x + y * y, 0, 2) * (s["vignette"] * 0.35)
    if s["emblem"] > 0.01:
        lab = _cut_emblem(kit, plan, lab, x, y)
    return _to_linear(kit, lab)


def _silk(ground: Ground, upright: Array, accent: Array) -> list[Array]:
    """Silk, velvet, lacquer and pearl: soft bands under a light, with lines if it has any."""
    kit, plan, s = ground.kit, ground.plan, ground.plan.surface
    cover = _line_cover(kit, s, ground.t, ground.step) if s["line"] > 0 else None
    t = _posterise(kit, ground.level, s["bands"])
    if s["edge"] > 0 and s["bands"] > 0.01:
        t = _harden(ground, t)
    lab = ground.colour(t)
    _light(kit, s, lab, ground.diffuse, upright)
    _accents(kit, s, lab, accent)
    if cover is not None:
        _draw_lines(plan, lab, cover)
    if s["grain"] != 0.5:
        _weave(ground, lab)
    return lab


def _harden(ground: Ground, soft: Array) -> Array:
    """Bands with edges as hard as the gene says, instead of soft ones."""
    s, (_, _, steepness) = ground.plan.surface, ground.slope(ground.t)
    count = max(s["bands"], MIN_BANDS)
    # Bands of `flatten` have their edges at whole numbers, as those of `_posterise`.
    hard, _ = flatten(ground.kit, ground.level, steepness, count, ground.step)
    return soft + (hard - soft) * (s["edge"] * min(1.0, s["bands"] / MIN_BANDS))


def _weave(ground: Ground, lab: list[Array]) -> None:
    """The threads of silk: coarse linen below the middle of the grain, fine twill above it."""
    xp, grain = ground.kit.xp, ground.plan.surface["grain"]
    strength = abs(grain - 0.5) * 0.14
    threads = 20.0
    if grain < 0.5:
        cloth = xp.cos(ground.x * (math.pi * threads)) * xp.cos(ground.y * (math.pi * threads))
    else:
        cloth = xp.cos((ground.x + ground.y) * (math.pi * threads))
    lab[0] *= cloth * (strength * ground.shown(2 / threads)) + 1


def _posterise(kit: Kit, t: Array, bands: float) -> Array:
    """Soft steps of colour.

    Below MIN_BANDS they grow shallow instead of wide, until at 0 the ramp is straight again.
    """
    if bands <= 0.01:
        return t
    count, steepness = max(bands, MIN_BANDS), 6 * min(1.0, bands / MIN_BANDS) ** 2
    scaled = t * count
    floor = kit.xp.floor(scaled)
    edge = kit.xp.tanh((scaled - floor - 0.5) * steepness) * (0.5 / math.tanh(steepness / 2))
    return (floor + edge + 0.5) * (1 / count)


def _light(kit: Kit, s: dict[str, float], lab: list[Array], diffuse: Array, upright: Array) -> None:
    xp = kit.xp
    lab[0] *= (diffuse - 0.6) * (s["light"] * 0.45) + 1
    if s["gloss"] > 0:
        shine = xp.clip(diffuse, 0, 1)
        shine *= shine
        shine *= shine
        lab[0] += shine * shine * shine * (s["gloss"] * 0.5)  # The twelfth power.
    elif s["gloss"] < 0:
        lab[0] += (1 - upright) * (-0.7 * s["gloss"])  # Velvet is brightest where it turns away.
    if s["iridescence"]:
        turn = (diffuse - 0.6) * (1.6 * s["iridescence"])
        a = lab[1] - lab[2] * turn
        lab[2] = lab[2] + lab[1] * turn
        lab[1] = a


def _accents(kit: Kit, s: dict[str, float], lab: list[Array], level: Array) -> None:
    if s["accent"] <= 0:
        return
    glow = (kit.xp.tanh((level - 1.2) * 3) + 1) * (0.5 * s["accent"])
    lab[0] += glow * 0.12
    glow = glow * 0.6 + 1
    lab[1] *= glow
    lab[2] *= glow


def _line_cover(kit: Kit, s: dict[str, float], t: Array, step: float) -> Array:
    """How much of each sample a drawn line covers.

    Lines follow the steps of the poster bands, as lead follows stained glass; the slope of the
    colour makes them equally wide everywhere, and they are anti-aliased over one sample.
    """
    xp, count = kit.xp, max(s["bands"], MIN_BANDS)
    across = (t[..., 1:-1, 2:] - t[..., 1:-1, :-2]) * (0.5 / step)
    down = (t[..., 2:, 1:-1] - t[..., :-2, 1:-1]) * (0.5 / step)
    scaled = t[..., 1:-1, 1:-1] * count
    apart = xp.abs(scaled - xp.floor(scaled) - 0.5) / (
        xp.sqrt(across * across + down * down + 1e-4) * count
    )
    return xp.clip((0.008 * s["line_width"] - apart) / step + 0.5, 0, 1) * s["line"]


def _draw_lines(plan: Plan, lab: list[Array], cover: Array) -> None:
    ink = plan.table[:, 20] if plan.surface["phase"] > -0.15 else plan.table[:, TABLE_HALF - 120]
    for channel in range(3):
        lab[channel] += (float(ink[channel]) - lab[channel]) * cover


def _cut_emblem(kit: Kit, plan: Plan, lab: list[Array], x: Array, y: Array) -> list[Array]:
    """A badge with a lobed outline and a rim, on the light or dark end of the palette."""
    xp, s = kit.xp, plan.surface
    radius, angle = xp.sqrt(x * x + y * y), xp.arctan2(x, -y + 0 * x)
    # In a blend with a full picture the badge grows beyond the corners; a half transparent one
    # would look like an error.
    edge = s["emblem_radius"] + (1 - s["emblem"]) * 1.4 - radius
    for count, share in plan.petals:
        edge = edge + xp.cos(angle * count) * (s["petal_depth"] * share) if count else edge
    inside = xp.tanh(edge * 110) * 0.5 + 0.5
    rim = xp.exp((edge / 0.018) ** 2 * -1.0)
    outside = 1 - inside
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


def thumbnail(genes: np.ndarray) -> np.ndarray:
    """The picture by numpy alone, [3, 48, 48] sRGB in [0, 1]: for scoring, not for people."""
    plan = to_kit(NUMPY, read_plan(genes))
    line = centres(PROBE, start=-1, stop=PROBE + 1)
    inner = line[1:-1]
    o = np.empty((OUTPUTS, PROBE + 2, PROBE + 2), np.float32)
    # Few points at a time: for more, numpy's matrix product starts threads, which are slower here.
    for start in range(0, PROBE + 2, 8):
        some = line[start : start + 8]
        o[:, start : start + 8] = field(
            NUMPY, plan, np.tile(line, len(some)), np.repeat(some, len(line))
        ).reshape(OUTPUTS, len(some), len(line))
    mean, spread = moments(o[:, 1:-1, 1:-1].reshape(OUTPUTS, -1))
    o = ((o - mean[:, None, None]) / spread[:, None, None]).astype(np.float32)
    return np.stack(
        [
            to_srgb(NUMPY, c)
            for c in shade(NUMPY, plan, o, x=inner[None, :], y=inner[:, None], step=2 / PROBE)
        ]
    )
