"""From genes to a plan: the numbers of a sculpture, in the range where every one is presentable.

The body is a core in the middle and copies of a limb and a leaf around it. Space is folded before
they are measured: into sectors like a cake, then by up to three folds, each of which mirrors all
three axes, shifts, turns and shrinks (after the folding of kaleidoscopic iterated function
systems). Every number glides with the genes: counts dwell on whole numbers, and a fold or a part
that is switched off moves away instead of vanishing.
"""

import math
from dataclasses import dataclass

import numpy as np

from generation.genespaces.sculptures.layout import FOLDS, PARTS, PLACES, check

Vector = tuple[float, float, float]

# A fold is |p + depth| - depth: at depth 0 it mirrors in the middle, at this one far outside.
_FAR = 2.6
_GONE = 0.3  # A part that is off lies so far below its own surface.
# Scores between which a fold or a part comes into being, and the range of a part's half sizes.
_FOLD_ON = ((-1.7, -0.9), (-0.9, 0.0), (-0.1, 0.8))
_PART_ON = ((-0.5, 0.4), (-1.9, -0.9), (-0.8, 0.3))
_PART_SIZE = ((0.11, 0.50), (0.05, 0.58), (0.035, 0.40))
_LIGHTNESS = ((0.30, 0.62), (0.50, 0.84), (0.55, 0.95))  # Of the three colours, OKLab.
_CHROMA = 0.21
_LEAST_MATERIAL = 0.04  # Materials below this share are left out, which saves their time.


@dataclass(frozen=True)
class Part:
    """A rounded box, which can be a ball, a pill, a rod, a ring or a tube as well.

    a, b, c: half sizes. corner: rounding of its outline in the plane of a and b. edge: rounding of
    the rim. wall: half thickness of a hollow one. away: how far a part that is off has shrunk.
    """

    a: float
    b: float
    c: float
    corner: float
    edge: float
    wall: float
    away: float

    @property
    def is_off(self) -> bool:
        """Whether it has shrunk to nothing."""
        return self.away >= 0.99 * (max(self.a, self.b, self.c) + _GONE)


@dataclass(frozen=True)
class Fold:
    """Mirror, shift, turn and enlarge space once.

    matrix: three rows of the rotation times the scale.
    """

    depth: float
    offset: Vector
    scale: float
    matrix: tuple[Vector, Vector, Vector]

    @property
    def is_off(self) -> bool:
        """Whether it changes nothing within reach."""
        return self.depth >= _FAR


@dataclass(frozen=True)
class Plan:
    """One sculpture, ready to be measured at any point.

    sector: half the angle of a sector, radians. twist: radians by height. melt: how far parts flow
    into one another. crease: rounding of the folds' creases. lattice: 0 to 1. zoom: 1 fits the
    picture. Angles are in radians; colours and backdrop OKLab. materials: shares that sum to 1.
    step: the part of a measured distance that a ray may safely go.
    """

    sector: float
    twist: float
    melt: float
    crease: float
    lattice: float
    lattice_frequency: float
    ridges: float
    bumps: float
    ripple_frequency: float
    folds: tuple[Fold, ...]
    parts: tuple[Part, Part, Part]
    yaw: float
    pitch: float
    zoom: float
    light_yaw: float
    light_height: float
    colours: tuple[Vector, Vector, Vector]
    bands: float
    materials: tuple[float, ...]
    backdrop: Vector
    step: float


def read_plan(genes: np.ndarray) -> Plan:
    """The plan of a gene vector. Raises Refused for genes of another species."""
    check(genes)
    z = np.clip(genes.astype(np.float64), -64, 64)
    body, camera, light = z[PLACES["body"]], z[PLACES["camera"]], z[PLACES["light"]]
    parts, shares = _read_parts(z)
    twist = 0.75 * _soft(body[1], 2.2) * _ramp(0.15, 0.8, abs(float(body[1])))
    ridges = 0.022 * _ramp(0.5, 1.5, float(body[6]))
    bumps = 0.030 * _ramp(0.5, 1.5, -float(body[6]))
    frequency = _scaled(body[7], 9, 34)
    colours = _read_colours(z[PLACES["colour"]])
    steepness = min(1.0, ridges * frequency + 0.6 * bumps * frequency)
    return Plan(
        sector=math.pi / _count(body[0]),
        twist=twist,
        melt=_scaled(body[2], 0.012, 0.16),
        crease=_scaled(body[2], 0.004, 0.06),
        lattice=_ramp(0.66, 0.82, _unit(body[4])),
        lattice_frequency=_scaled(body[5], 6, 15),
        ridges=ridges,
        bumps=bumps,
        ripple_frequency=frequency,
        folds=_read_folds(z, parts, shares, shrink=_between(body[3], 1.0, 1.55)),
        parts=parts,
        yaw=0.8 * _soft(camera[0], 2.0),
        pitch=_between(camera[1], 0.08, 0.68),
        zoom=_scaled(camera[2], 0.9, 1.12),
        light_yaw=0.75 * _soft(light[0], 2.0),
        light_height=_between(light[1], 0.5, 1.15),
        colours=colours,
        bands=_between(z[PLACES["bands"]][0], 0.6, 2.6),
        materials=_read_materials(z[PLACES["material"]]),
        backdrop=_read_backdrop(float(z[PLACES["backdrop"]][0]), colours),
        step=0.86 / math.hypot(1, 0.9 * twist) * (1 - 0.12 * steepness),
    )


def _unit(score: float) -> float:
    """A score squeezed into 0 to 1, about as the normal distribution function does."""
    return 1 / (1 + math.exp(-1.7 * min(max(float(score), -20.0), 20.0)))


def _between(score: float, low: float, high: float) -> float:
    return low + (high - low) * _unit(score)


def _scaled(score: float, low: float, high: float) -> float:
    """Between low and high by equal factors."""
    return low * (high / low) ** _unit(score)


def _ramp(low: float, high: float, value: float) -> float:
    t = min(max((value - low) / (high - low), 0.0), 1.0)
    return t * t * (3 - 2 * t)


def _soft(score: float, limit: float) -> float:
    return limit * math.tanh(float(score) / limit)


def _count(score: float) -> float:
    """The number of sectors, 1 to 8, which dwells on whole numbers and yet glides between them.

    The mirror of a sector is even in the angle, so a fraction of one has no seam.
    """
    count = 1 + 7 * _unit(score) ** 1.25
    whole = math.floor(count)
    return whole + _ramp(0.25, 0.75, count - whole)


def _read_parts(z: np.ndarray) -> tuple[tuple[Part, Part, Part], list[float]]:
    """The three parts, and how far each is there; the strongest one always is."""
    # The small sum decides where none of them would be there.
    on = [
        _ramp(*bounds, float(z[PLACES[name]][5])) + 1e-4 * _unit(z[PLACES[name]][5])
        for name, bounds in zip(PARTS, _PART_ON, strict=True)
    ]
    shares = [each / max(on) for each in on]
    core, limb, leaf = (
        _read_part(z[PLACES[name]], size, share, is_core=name == "core")
        for name, size, share in zip(PARTS, _PART_SIZE, shares, strict=True)
    )
    return (core, limb, leaf), shares


def _read_part(z: np.ndarray, size: tuple[float, float], share: float, *, is_core: bool) -> Part:
    a, b, c = (_scaled(score, *size) for score in z[:3])
    if is_core:
        b *= 1.7  # Sculptures stand.
    least = min(a, b)
    roundness = _ramp(0.12, 0.8, _unit(z[3]))
    hollow = _ramp(0.38, 0.78, _unit(z[4]))
    wall = least * (1 - 0.78 * hollow) + 0.25 * (1 - hollow)
    return Part(
        a=a,
        b=b,
        c=c,
        corner=least * (0.12 + 0.88 * roundness),
        edge=(0.1 + 0.9 * roundness) * min(c, wall, least) * 0.98,
        wall=wall,
        away=(1 - share) * (max(a, b, c) + _GONE),
    )


def _read_folds(
    z: np.ndarray, parts: tuple[Part, Part, Part], shares: list[float], *, shrink: float
) -> tuple[Fold, ...]:
    """The folds, each of which throws its copies only so far that parent and child still touch."""
    core, limb, leaf = (
        np.array([part.a, part.b, part.c]) * share
        for part, share in zip(parts, shares, strict=True)
    )
    parent, folds = core, []
    for name, bounds, child in zip(FOLDS, _FOLD_ON, (limb, leaf, leaf), strict=True):
        q = z[PLACES[name]]
        on = _ramp(*bounds, float(q[6]))
        way = np.array([_between(q[0], 0.04, 1), _between(q[1], 0.04, 1), _between(q[2], 0, 0.8)])
        length = math.sqrt(float((way * way).sum()))
        way = way / length
        reach = 0.92 * math.sqrt(float(((parent * way) ** 2).sum()))
        reach += 0.8 * float(child.min()) + 0.06 * float(child.max()) * length
        offset = on * way * reach * (0.45 + 0.55 * min(length, 1.0))
        scale = shrink**on
        turn = [0.62 * on * _soft(score, 2.0) for score in q[3:6]]
        folds.append(
            Fold(
                depth=(1 - on) * _FAR,
                offset=(float(offset[0]), float(offset[1]), float(offset[2])),
                scale=scale,
                matrix=_rotation(turn, scale),
            )
        )
        parent = np.maximum(child, parent * (1 - on))
    return tuple(folds)


def _rotation(turn: list[float], scale: float) -> tuple[Vector, Vector, Vector]:
    """The rows of a rotation by a vector (Rodrigues), times a scale."""
    angle = math.hypot(*turn) + 1e-12
    x, y, z = (each / angle for each in turn)
    s, c = math.sin(angle), 1 - math.cos(angle)
    rows = (
        (1 - c * (y * y + z * z), c * x * y - s * z, c * x * z + s * y),
        (c * x * y + s * z, 1 - c * (x * x + z * z), c * y * z - s * x),
        (c * x * z - s * y, c * y * z + s * x, 1 - c * (x * x + y * y)),
    )
    first, second, third = ((scale * p, scale * q, scale * r) for p, q, r in rows)
    return first, second, third


def _read_colours(z: np.ndarray) -> tuple[Vector, Vector, Vector]:
    first, second, third = (
        _read_colour(z[3 * i : 3 * i + 3], bounds) for i, bounds in enumerate(_LIGHTNESS)
    )
    return first, second, third


def _read_colour(z: np.ndarray, bounds: tuple[float, float]) -> Vector:
    lightness, a, b = _between(z[0], *bounds), float(z[1]), float(z[2])
    strength = math.hypot(a, b) + 1e-9
    # Very dark and very light colours can't be vivid on a screen.
    room = min(1.0, 1.75 - 2 * abs(lightness - 0.55))
    chroma = _CHROMA * math.tanh(0.75 * strength) * room
    return lightness, chroma * a / strength, chroma * b / strength


def _read_materials(z: np.ndarray) -> tuple[float, ...]:
    weights = [math.exp(2.6 * _soft(score, 3.0)) for score in z]
    shares = [max(weight / sum(weights) - _LEAST_MATERIAL, 0.0) for weight in weights]
    return tuple(share / sum(shares) for share in shares)


def _read_backdrop(score: float, colours: tuple[Vector, Vector, Vector]) -> Vector:
    """A calm relation of the main colour, drawn a little away from the dark one."""
    dark, main, _ = colours
    return (
        _between(score, 0.25, 0.93),
        0.42 * main[1] - 0.16 * dark[1],
        0.42 * main[2] - 0.16 * dark[2],
    )
