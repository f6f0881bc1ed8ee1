"""Drawing windows: exact borders, panes that glide, gaps, discs of one pane, any size."""

import numpy as np

from generation.genespaces.glass import picture
from generation.genespaces.glass.cells import find_cells
from generation.genespaces.glass.layout import NAMES, RAMP, pack
from generation.genespaces.glass.picture import Window, paint
from generation.genespaces.glass.plan import RANGES, read_plan
from generation.genespaces.glass.sampling import draw
from generation.genespaces.glass.sites import place
from generation.genespaces.glass.space import GlassSpace
from generation.genespaces.scores import kind_of, score_of
from generation.genespaces.units import PALETTE

SPACE = GlassSpace()
ONE, OTHER = (draw(np.random.default_rng(seed)) for seed in (1, 12))


def window_with(**units: dict[str, float]) -> np.ndarray:
    """Genes of an even grid of light panes with dark lead before a grey wall, and what is named."""
    plain = {"amount": -0.34, "round": -0.5, "size": -0.14, "height": 1.45, "sizes": -0.1}
    plain |= {"jitter": -0.1, "grid": 0.9, "tone": 0.0, "luck": 0.0, "accents": -0.2}
    parts: dict[str, np.ndarray] = {}
    for unit, names in NAMES.items():
        ranges = RANGES[kind_of(unit)]
        wanted = plain | ({name: -0.9 for name in names if unit == "order" and name != "grid"})
        wanted |= {"amount": -0.04} if unit == "bend" else {}
        wanted |= units.get(unit, {})
        parts[unit] = np.array(
            [score_of(wanted[name], *ranges[name]) if name in wanted else 0.0 for name in names]
        )
    parts[PALETTE] = np.array([[0.8, 0, 0]] * RAMP + [[0.1, 0, 0], [0.5, 0, 0]])
    return pack(parts)


def test_borders_are_where_two_points_are_equally_far_away():
    sites = place(read_plan(ONE))
    rng = np.random.default_rng(1)
    x, y = rng.uniform(-0.05, 0.05, (2, 1, 400)).astype(np.float32)
    cells = find_cells(sites, x, y)
    far = np.hypot(x[..., None] - sites.x, y[..., None] - sites.y) ** 2 - sites.weight
    assert np.array_equal(cells.own, far.argmin(axis=-1))
    assert (cells.near > 0).all() and (cells.next >= cells.near).all()
    # On the way straight to the other cell, the border comes after that distance.
    span = sites.apart[cells.own, cells.other]
    for part, is_own in ((0.98, True), (1.02, False)):
        ahead = find_cells(
            sites,
            x + part * cells.near * (sites.x[cells.other] - sites.x[cells.own]) / span,
            y + part * cells.near * (sites.y[cells.other] - sites.y[cells.own]) / span,
        )
        assert ((ahead.own == cells.own) == is_own).mean() > 0.98


def test_panes_glide_while_a_blend_is_dragged():
    ends = np.hypot(*(place(read_plan(ONE)).home - place(read_plan(OTHER)).home)).max()
    for share in (0.1, 0.5, 0.9):
        near = [
            place(read_plan(SPACE.blend([ONE, OTHER], [1 - part, part])))
            for part in (share, share + 0.002)
        ]
        moved = np.hypot(near[0].x - near[1].x, near[0].y - near[1].y)
        assert moved.max() < 0.05 * ends
        pictures = [
            paint(SPACE.blend([ONE, OTHER], [1 - part, part]), size=64).astype(float)
            for part in (share, share + 0.002)
        ]
        assert np.abs(pictures[0] - pictures[1]).mean() < 6


def test_lead_is_dark_and_as_broad_as_its_gene_says():
    def lead(width: float) -> float:
        genes = window_with(lead={"width": width, "corner": 0.001}, glass={"glow": 0, "bevel": 0})
        return float((paint(genes, size=128)[..., 1] < 90).mean())

    thin, broad = lead(0.008), lead(0.02)
    assert thin > 0.02 and 1.7 * thin < broad < 3.5 * thin


def test_the_wall_shows_through_gaps_and_a_disc_of_one_pane_covers_them():
    wall = window_with(gaps={"amount": 0.73})
    assert abs(float(np.median(paint(wall, size=64))) - 99) < 8  # A few panes are always left.
    disc = {"x": 0.0, "y": 0.0, "size": 0.5, "whole": 1.5}
    covered = paint(window_with(gaps={"amount": 0.73}, disc1=disc), size=64)
    assert covered[28:36, 28:36].mean() > 140 and covered[:6, :6].mean() < 115


def test_the_bytes_do_not_depend_on_how_many_tiles_are_worked_on_at_once(monkeypatch):
    whole = paint(ONE, size=48)
    monkeypatch.setattr(picture, "MOST", 20)
    assert np.array_equal(paint(ONE, size=48), whole)


def test_the_picture_is_the_same_at_every_size():
    # The larger one is cut into smaller tiles, which measure other points.
    large, small = paint(ONE, size=704).astype(float), paint(ONE, size=64).astype(float)
    other = paint(OTHER, size=64).astype(float)
    reduced = large.reshape(64, 11, 64, 11, 3).mean(axis=(1, 3))
    assert np.abs(reduced - small).mean() < 12 < 25 < np.abs(other - small).mean()


def test_a_window_is_lit_from_where_its_light_is():
    def left(x: float) -> float:
        genes = window_with(light={"x": x, "y": 0.0, "strength": 0.95})
        across = np.linspace(-0.9, 0.9, 32, dtype=np.float32)
        grid = np.meshgrid(across, across)
        lab = Window(read_plan(genes), 64).look(*(axis.reshape(1, -1) for axis in grid))
        light = lab[0, :, 0].reshape(32, 32)
        return float(light[:, :16].mean() - light[:, 16:].mean())

    assert left(-0.9) > 0.02 > -0.02 > left(0.9)
