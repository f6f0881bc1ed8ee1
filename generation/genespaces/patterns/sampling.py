"""Fresh Patterns: of several random candidates, the one that scores best at 48 pixels."""

import math

import numpy as np

from generation.genespaces.patterns.layout import (
    AT_REST,
    FEATURES,
    FIRST_FOLD,
    FOLDS,
    HIDDEN,
    LAYOUT,
    MATERIALS,
    MIRROR,
    OLD_SIZE,
    OUTPUTS,
    PLAIN,
    TILE,
    WARPS,
    pack,
    unpack,
)
from generation.genespaces.patterns.palette import sample_palette
from generation.genespaces.patterns.shading import thumbnail

CANDIDATES = 4
_KINDS = {"plain": 0.27, "mirror": 0.17, "kaleidoscope": 0.36, "tile": 0.20}


# How often founders have each material, and how often those of silk have hard edges.
_MADE_OF = {
    "silk": 0.26,
    "paper": 0.17,
    "line": 0.13,
    "halftone": 0.14,
    "stitch": 0.14,
    "glass": 0.16,
}
_HARD_EDGES = 0.4


def sample(rng: np.random.Generator) -> np.ndarray:
    """The genes of a fresh picture: the best of four candidates of one form and one material.

    Both are chosen before, because comparing candidates would favour one look.
    """
    kind = str(rng.choice(list(_KINDS), p=list(_KINDS.values())))
    material, grain = draw_material(rng), rng.random()
    is_hard = rng.random() < _HARD_EDGES
    candidates = []
    for _ in range(CANDIDATES):
        parts = unpack(draw(rng, kind))
        parts |= {"order": np.ones(()), "material": material, "grain": np.asarray(grain)}
        if material[0] == 0:
            # Dots, stitches and lines need room, which three motifs an edge do not leave.
            parts["repeats"] = np.minimum(parts["repeats"], 2.0)
        else:
            parts["grain"] = np.asarray(0.5 if grain < 0.7 else grain)
            if is_hard:
                parts["edge"], parts["bands"] = np.ones(()), np.asarray(rng.uniform(3, 7))
        candidates.append(pack(parts))
    return max(candidates, key=score)


def sample_silk(rng: np.random.Generator) -> np.ndarray:
    """The genes of a fresh picture as they were when all Patterns were silk: 1,633 of them."""
    return max([draw(rng) for _ in range(CANDIDATES)], key=score)


def draw_material(rng: np.random.Generator) -> np.ndarray:
    """The gate of one material."""
    return np.eye(len(MATERIALS))[rng.choice(len(MATERIALS), p=list(_MADE_OF.values()))]


def score(genes: np.ndarray) -> float:
    """How presentable a picture is.

    Neither flat nor restless, with contrast and colour, neither black nor white, and little olive
    brown.
    """
    red, green, blue = picture = thumbnail(genes)
    light = (red + green + blue) / 3
    restlessness = float(
        np.abs(np.diff(light, axis=0)).mean() + np.abs(np.diff(light, axis=1)).mean()
    )
    contrast, brightness = float(light.std()), float(light.mean())
    colourfulness = float((picture.max(axis=0) - picture.min(axis=0)).mean())
    yellow = np.minimum(red, green) - blue
    mud = float(
        ((yellow > 0.06) & (np.abs(red - green) < 0.22) & (picture.max(axis=0) < 0.5)).mean()
    )
    return (
        -abs(math.log((restlessness + 1e-3) / 0.11))
        + 1.2 * min(contrast, 0.22) / 0.22
        + 0.8 * min(colourfulness, 0.3) / 0.3
        - 2 * max(0.0, 0.2 - brightness)
        - 2 * max(0.0, brightness - 0.8)
        - 1.5 * mud
    )


def draw(rng: np.random.Generator, kind: str = "") -> np.ndarray:
    """One candidate of silk, unscored, without added genes. kind: its form; "" for any."""
    kind = kind or str(rng.choice(list(_KINDS), p=list(_KINDS.values())))
    parts = {**_draw_symmetry(kind, rng), "warp": _draw_warp(rng), **_draw_net(rng)}
    colour, surface = _draw_colour(rng), _draw_surface(kind, rng)
    if surface["line"]:
        colour["bands"] = max(4.0, colour["bands"])  # Lines need bands to follow.
    return pack({**parts, **colour, **surface, **AT_REST})[:OLD_SIZE]


def _draw_symmetry(kind: str, rng: np.random.Generator) -> dict[str, np.ndarray | float]:
    gate = np.zeros(LAYOUT["gate"][0])
    view = np.array(
        [
            rng.uniform(0.75, 1.5),
            rng.uniform(-math.pi, math.pi),
            rng.normal(0, 0.3),
            rng.normal(0, 0.3),
        ]
    )
    fold = FIRST_FOLD + rng.integers(len(FOLDS))
    gate[{"plain": PLAIN, "mirror": MIRROR, "tile": TILE}.get(kind, fold)] = 1
    repeats, weave, twisted, twist = (
        int(rng.integers(1, 4)),
        rng.random() < 0.5,
        rng.random() < 0.3,
        rng.normal(0, 0.8),
    )
    if kind == "tile" and not weave:
        view[1] = 0
    return {
        "gate": gate,
        "repeats": repeats,
        "twist": twist if twisted and kind != "mirror" else 0.0,
        "view": view,
    }


def _draw_warp(rng: np.random.Generator) -> np.ndarray:
    octave = 1.6 ** rng.integers(0, 5, (WARPS, 1))
    frequency = rng.normal(0, 1, (WARPS, 2)) * octave * 1.4
    phases, amplitude = (
        rng.uniform(0, 2 * math.pi, (WARPS, 2)),
        rng.normal(0, 0.22, (WARPS, 2)) / octave,
    )
    return np.concatenate([frequency, phases, amplitude], axis=1)


def _draw_net(rng: np.random.Generator) -> dict[str, np.ndarray]:
    frequency = np.exp(rng.uniform(math.log(0.6), math.log(3.2), (HIDDEN, 1)))
    w0 = (
        rng.normal(0, 1, (HIDDEN, FEATURES))
        * frequency
        * _sparse(rng, (HIDDEN, FEATURES), 0.55)
        / math.sqrt(FEATURES * 0.4)
    )
    return {
        "w0": w0,
        "b0": rng.uniform(-math.pi, math.pi, HIDDEN),
        "w1": _draw_layer(rng),
        "b1": rng.normal(0, 0.6, HIDDEN),
        "w2": _draw_layer(rng),
        "b2": rng.normal(0, 0.6, HIDDEN),
        "wo": rng.normal(0, 1, (OUTPUTS, HIDDEN)) * _sparse(rng, (OUTPUTS, HIDDEN), 0.5),
    }


def _draw_layer(rng: np.random.Generator) -> np.ndarray:
    share = 0.35
    weights = rng.normal(0, 1, (HIDDEN, HIDDEN)) * _sparse(rng, (HIDDEN, HIDDEN), share)
    return weights * rng.uniform(1.0, 1.9) / math.sqrt(HIDDEN * share)


def _sparse(rng: np.random.Generator, shape: tuple[int, int], share: float) -> np.ndarray:
    """A mask that keeps about `share` of the weights, and at least one in every row."""
    mask = rng.random(shape) < share
    mask[np.arange(shape[0]), rng.integers(0, shape[1], shape[0])] = True
    return mask


def _draw_colour(rng: np.random.Generator) -> dict[str, np.ndarray | float]:
    # The whole ramp, a light ground, or a dark ground.
    ground = rng.choice([0.0, 0.38, -0.3], p=[0.50, 0.34, 0.16])
    return {
        "palette": sample_palette(rng),
        "phase": ground + rng.normal(0, 0.08),
        "contrast": rng.uniform(0.6, 1.2),
        "detail": rng.uniform(0, 0.5),
        "bands": float(rng.choice([0, 0, 0, 3, 5, 8])),
        "accent": rng.uniform(0, 0.6),
        "iridescence": rng.normal(0, 0.35) if rng.random() < 0.4 else 0.0,
    }


def _draw_surface(kind: str, rng: np.random.Generator) -> dict[str, float]:
    has_lines, has_emblem = rng.random() < 0.14, rng.random() < 0.12
    gloss = rng.uniform(0, 0.5) if rng.random() < 0.8 else rng.uniform(-0.5, 0)
    return {
        "light": rng.uniform(0.25, 0.95),
        "light_angle": rng.uniform(0, 2 * math.pi),
        "gloss": gloss,
        "vignette": rng.uniform(0, 0.35),
        "line": rng.uniform(0.75, 1) * has_lines,
        "line_width": rng.uniform(0.7, 1.4),
        "emblem": float(has_emblem and kind in ("mirror", "kaleidoscope")),
        "emblem_radius": rng.uniform(0.7, 0.88),
        "petals": float(rng.choice([0, 3, 5, 6, 8, 12])),
        "petal_depth": rng.uniform(0.03, 0.1),
    }
