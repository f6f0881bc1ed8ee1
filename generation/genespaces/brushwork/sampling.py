"""Fresh Brushwork: of several random paintings, the one whose sketch is best composed."""

import numpy as np

from generation.genespaces.brushwork.layout import pack
from generation.genespaces.brushwork.motifs import draw_scores
from generation.genespaces.brushwork.palette import sample_palette
from generation.genespaces.brushwork.plan import read_plan
from generation.genespaces.brushwork.scene import Scene
from generation.genespaces.looks import look_of
from generation.genespaces.units import PALETTE

CANDIDATES = 6
GOOD_ENOUGH = 0.9  # A candidate with this score is taken at once.
EDGE = 32
NEAR_BRUSHWORK = 0.55  # Of two hundred founders, one in seven has another one nearer than this.


def sample(rng: np.random.Generator) -> np.ndarray:
    """The genes of a fresh painting: the first that is good enough, or the best of six."""
    found: list[tuple[float, np.ndarray]] = []
    while len(found) < CANDIDATES and not (found and found[-1][0] >= GOOD_ENOUGH):
        genes = draw(rng)
        found.append((judge(sketch(genes)), genes))
    return max(found, key=lambda pair: pair[0])[1]


def draw(rng: np.random.Generator) -> np.ndarray:
    """One candidate, unscored."""
    return pack({**draw_scores(rng), PALETTE: sample_palette(rng)})


def sketch(genes: np.ndarray) -> np.ndarray:
    """What is to be painted, without strokes: OKLab [32, 32, 3]."""
    edge = np.linspace(-0.95, 0.95, EDGE, dtype=np.float32)
    y, x = (grid.ravel() for grid in np.meshgrid(edge, edge, indexing="ij"))
    return Scene(read_plan(genes)).look(x, y).lab.T.reshape(EDGE, EDGE, 3)


def look(genes: np.ndarray) -> np.ndarray:
    """How a painting looks, for comparing founders (see `generation.genespaces.looks`)."""
    return look_of(sketch(genes).transpose(2, 0, 1), near=NEAR_BRUSHWORK)


def judge(lab: np.ndarray) -> float:
    """How well composed a sketch is, 0 to 1, OKLab [32, 32, 3].

    It has light and dark, but in large parts; something stands out from the rest; it has colour
    in more than one hue, and is not all brown.
    """
    light = lab[..., 0]
    contrast = float(light.std())
    steps = [np.abs(np.diff(lab, axis=axis)).sum(axis=-1) for axis in (0, 1)]
    edges = float(np.mean([(step > 0.09).mean() for step in steps]))
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    spread = float(np.hypot(lab[..., 1].std(), lab[..., 2].std()))
    # Dark yellows and oranges are browns and olives.
    hue = np.arctan2(lab[..., 2], lab[..., 1])
    brown = float(((light < 0.58) & (np.abs(hue - 1.5) < 0.75) & (chroma > 0.02)).mean())
    # Large figures off the middle line make a picture; a bare horizon does not.
    columns = float(np.abs(lab - lab.mean(axis=1, keepdims=True)).sum(axis=-1).mean())
    return (
        _rise(contrast, 0.05, 0.12)
        * _rise(edges, 0.015, 0.05)
        * (1 - _rise(edges, 0.3, 0.5))
        * (0.3 + 0.7 * _rise(float(chroma.mean()), 0.025, 0.06))
        * (0.3 + 0.7 * _rise(spread, 0.03, 0.075))
        * (1 - 0.8 * _rise(brown, 0.2, 0.55))
        * (0.25 + 0.75 * _rise(columns, 0.03, 0.085))
        * _rise(float(light.mean()), 0.2, 0.34)
    )


def _rise(value: float, low: float, high: float) -> float:
    return min(max((value - low) / (high - low), 0.0), 1.0)
