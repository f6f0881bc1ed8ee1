"""Painting: the scene is where the plan says, strokes keep their places, paint behaves as paint."""

import numpy as np

from generation.finishing.oklab import to_oklab
from generation.genespaces.brushwork.layout import COLOURS, NAMES, pack
from generation.genespaces.brushwork.picture import paint
from generation.genespaces.brushwork.plan import RANGES, read_plan
from generation.genespaces.brushwork.sampling import draw
from generation.genespaces.brushwork.scene import Scene
from generation.genespaces.brushwork.space import BrushworkSpace
from generation.genespaces.brushwork.strokes import LAYERS, lattice_of, lay
from generation.genespaces.scores import kind_of, score_of
from generation.genespaces.units import PALETTE

SPACE = BrushworkSpace()
ONE, OTHER = (draw(np.random.default_rng(seed)) for seed in (1, 12))
LIGHTNESS = {"top": 0.5, "low": 0.5, "near": 0.3, "far": 0.3, "figure": 0.2, "figure2": 0.2}


def scene_with(**units: dict[str, float]) -> np.ndarray:
    """Genes of an even grey sky over nothing, on white paper, and what is named."""
    absent = {"height": 1.48, "size": -0.11, "strength": 0, "amount": -0.45, "shadow": -0.2}
    parts: dict[str, np.ndarray] = {}
    for unit, names in NAMES.items():
        ranges = RANGES[kind_of(unit)]
        wanted = absent | {"glow": 0.0, "bare": -0.1} | units.get(unit, {})
        parts[unit] = np.array(
            [score_of(wanted[name], *ranges[name]) if name in wanted else 0.0 for name in names]
        )
    parts[PALETTE] = np.array([[LIGHTNESS.get(name, 0.95), 0, 0] for name in COLOURS])
    return pack(parts)


def painted(genes: np.ndarray, *, size: int) -> np.ndarray:
    """The lightness of every pixel."""
    return to_oklab(paint(genes, size=size))[..., 0]


def lightness(genes: np.ndarray, x: float, y: float) -> float:
    look = Scene(read_plan(genes)).look(np.full(1, x, np.float32), np.full(1, y, np.float32))
    return float(look.lab[0, 0])


def test_sun_land_and_figures_are_where_their_genes_say():
    genes = scene_with(
        disc={"x": -0.5, "y": -0.5, "size": 0.2, "halo": 0.01},
        ridge1={"height": 0.4, "swing": 0.005},
        mass1={"x": 0.5, "y": -0.2, "size": 0.3, "tall": 0, "lobes": -0.1, "eye": -0.4},
    )
    sun, sky, land, figure = (
        lightness(genes, *place) for place in ((-0.5, -0.5), (0.9, -0.9), (0, 0.9), (0.5, -0.2))
    )
    assert sun > 0.85 and abs(sky - 0.5) < 0.05 and land < 0.4 and figure < 0.3


def test_water_mirrors_what_stands_above_it():
    sun = {"x": 0.0, "y": -0.3, "size": 0.2, "halo": 0.01}
    dry, wet = (
        scene_with(disc=sun, water={"amount": amount, "level": 0.1}) for amount in (-0.4, 1.4)
    )
    assert lightness(dry, 0, 0.5) < 0.6 < 0.8 < lightness(wet, 0, 0.5)


def test_strokes_neither_pop_in_nor_jump_while_a_blend_is_dragged():
    places = [
        {place: number for number, place in enumerate(zip(lattice.x, lattice.y, strict=True))}
        for lattice in map(lattice_of, LAYERS)
    ]

    def laid(share: float) -> list[tuple[np.ndarray, np.ndarray]]:
        plan = read_plan(SPACE.blend([ONE, OTHER], [1 - share, share]))
        found = []
        for fixed, strokes in zip(places, lay(plan, Scene(plan)), strict=True):
            which = [fixed[place] for place in zip(strokes.x, strokes.y, strict=True)]
            presence, middles = np.zeros(len(fixed)), np.zeros((2, len(fixed)))
            presence[which] = strokes.opacity * strokes.wide * strokes.half
            middles[:, which] = strokes.cosine, strokes.sine
            found.append((presence, middles))
        return found

    for share in (0.1, 0.5, 0.9):
        for layer, one, other in zip(LAYERS, laid(share), laid(share + 0.0005), strict=True):
            (before, at), (after, then) = one, other
            both = (before > 0) & (after > 0)
            either = (before > 0) | (after > 0)
            usual = layer.width * layer.length / 4
            assert np.quantile(np.abs(after - before)[either], 0.98) < 0.05 * usual
            turned = np.hypot(*(then - at)[:, both])
            assert both.sum() > 5 and np.quantile(turned, 0.98) < 0.1


def test_the_picture_is_the_same_at_every_size():
    large, small = paint(ONE, size=192).astype(float), paint(ONE, size=64).astype(float)
    other = paint(OTHER, size=64).astype(float)
    reduced = large.reshape(64, 3, 64, 3, 3).mean(axis=(1, 3))
    assert np.abs(reduced - small).mean() < 9 < 25 < np.abs(other - small).mean()


def test_dry_paint_and_open_paper_leave_paper_and_a_margin_frames():
    genes = scene_with(ridge1={"height": -1.05})

    def bare(slider: str, amount: float) -> float:
        light = painted(SPACE.edit(genes, slider, amount), size=64)
        return float((light > 0.72).mean())

    for slider in ("dryness", "bare", "margin"):
        assert bare(slider, -1) < bare(slider, 1) - 0.004, slider
    framed = painted(SPACE.edit(genes, "margin", 1), size=64)
    assert framed[:3].min() > 0.7 and framed[24:40, 24:40].mean() < 0.5


def test_relief_is_light_on_one_side_of_thick_paint_and_shadow_on_the_other():
    flat, thick = (painted(SPACE.edit(ONE, "relief", amount), size=96) for amount in (-1, 1))
    change = thick - flat
    assert change.max() > 0.02 and change.min() < -0.02 and abs(change.mean()) < 0.01
