"""Drawing flames: counts that are right, smoothing that takes chance away and leaves edges."""

import numpy as np
import pytest

from generation.genespaces.flames import develop
from generation.genespaces.flames.develop import expose
from generation.genespaces.flames.histogram import MARGIN, collect, edge_of, read
from generation.genespaces.flames.layout import LAYOUT, pack
from generation.genespaces.flames.orbit import start, step, survey
from generation.genespaces.flames.picture import paint
from generation.genespaces.flames.plan import read_plan
from generation.genespaces.flames.sampling import draw
from generation.genespaces.flames.variations import VARIATIONS

GENES = draw(np.random.default_rng(4))


def square(*, order: int = 1) -> np.ndarray:
    """Genes of four maps to the quarters of a square, whose points spread over it evenly."""
    genes = {name: np.zeros(shape) for name, (shape, _) in LAYOUT.items()}
    variation = genes["variation"]
    variation[:, list(VARIATIONS).index("linear")] = 1
    gate = genes["gate"]
    gate[order - 1] = 1
    corners = 0.5 * np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]])
    return pack(
        genes
        | {
            "share": np.ones(4),
            "scale": np.full(4, np.log(0.5)),
            "offset": corners,
            "tint": np.array([0, 0, 1, 1]),
            "palette": np.array([[0.7, 0.1, 0.0]] * 5),
            "ground": np.array([-1, 0, 0]),
            "vibrancy": 1,
        }
    )


def test_the_camera_holds_the_whole_flame_and_every_point_is_counted_once():
    plan = read_plan(square())
    measured = survey(plan)
    sums, drawn = collect(plan, measured, bins=48, points=200_000)
    counts, tints = read(sums, 1.0)
    assert sums.shape == (edge_of(48), edge_of(48))
    assert counts.sum() == drawn >= 200_000
    seen = counts[MARGIN : MARGIN + 48, MARGIN : MARGIN + 48]
    assert seen.sum() == drawn
    inner = seen[6:-6, 6:-6]
    assert inner.min() > 0.6 * inner.mean()  # Spread evenly, as the four maps are.
    # The lower half was drawn by the maps of tint 1.
    rows = tints.sum(axis=1) / np.maximum(counts.sum(axis=1), 1)
    assert rows[MARGIN + 12] < 0.5 < rows[MARGIN + 36]


def test_a_symmetry_repeats_what_the_maps_draw():
    plan = read_plan(square(order=2))
    flight = start(plan, 8192)
    for _ in range(30):
        for _ in step(plan, flight):
            pass
    assert abs(flight.x.mean()) < 0.02 and abs(flight.y.mean()) < 0.02
    # Half of the points of each map are turned to the other side, so tints mix.
    assert abs(flight.tint[flight.y > 0].mean() - flight.tint[flight.y < 0].mean()) < 0.05


def test_a_flat_field_of_chance_becomes_calm_and_an_edge_stays_where_it_is():
    plan = read_plan(square())
    exposure = expose(plan, survey(plan))
    rng = np.random.default_rng(1)
    edge = edge_of(64)
    truth = np.full((edge, edge), 6.0)
    truth[:, edge // 2 :] = 300.0
    sums = rng.poisson(truth) * 2.0**32
    bands = develop.develop(plan, exposure, sums, size=64, factor=1, drawn=64**2 * 150)
    light = np.concatenate([lab for _, lab in bands])[..., 0]
    # Without smoothing, counts of 6 would vary by two fifths.
    assert light[8:56, 36:60].std() < 0.01 and light[8:56, 4:26].std() < 0.02
    jump = light[8:56, 33].mean() - light[8:56, 30].mean()
    assert jump > 0.8 * (light[8:56, 50].mean() - light[8:56, 10].mean())


@pytest.mark.parametrize("factor", [1, 2])
def test_the_bytes_do_not_depend_on_the_height_of_the_bands(monkeypatch, factor: int):
    whole = paint(GENES, size=37, points=60_000, factor=factor)
    monkeypatch.setattr(develop, "BAND", 1 << 10)
    assert np.array_equal(paint(GENES, size=37, points=60_000, factor=factor), whole)


def test_the_picture_is_the_same_at_every_size_and_number_of_points():
    large = paint(GENES, size=128, points=900_000)
    small = paint(GENES, size=64, points=200_000)
    halved = large.reshape(64, 2, 64, 2, 3).mean(axis=(1, 3))
    assert np.abs(halved - small).mean() < 6
