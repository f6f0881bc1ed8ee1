"""From genes to a plan: the numbers of a painting, each in the range where all are presentable.

Lengths are in halves of the picture's edge; x runs to the right and y down, from -1 to 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from generation.genespaces.brushwork.layout import (
    COLOURS,
    MASSES,
    NAMES,
    RIDGES,
    SWIRLS,
    unpack,
)
from generation.genespaces.scores import kind_of, squeeze
from generation.genespaces.units import PALETTE

# The range of every gene, from a score far below 0 to one far above. What is switched off has
# shrunk or moved away.
RANGES: dict[str, dict[str, tuple[float, float]]] = {
    "ridge": {
        "height": (-1.1, 1.5),
        "swing": (0.0, 0.5),
        "length": (0.6, 5.0),
        "phase": (-4.0, 4.0),
        "phase2": (-4.0, 4.0),
        "blades": (-0.1, 1.1),
    },
    "water": {"amount": (-0.5, 1.5), "level": (-0.5, 1.1)},
    "disc": {"x": (-1.1, 1.1), "y": (-1.1, 0.9), "size": (-0.1, 0.45), "halo": (0.0, 1.0)},
    "flow": {
        "angle": (-1.7, 1.7),
        "wave": (0.0, 2.2),
        "length": (0.8, 4.0),
        "phase": (-4.0, 4.0),
        "phase2": (-4.0, 4.0),
        "phase3": (-4.0, 4.0),
    },
    "swirl": {
        "x": (-1.1, 1.1),
        "y": (-1.1, 1.1),
        "reach": (0.1, 1.1),
        "strength": (-1.3, 1.3),
    },
    "mass": {
        "x": (-1.2, 1.2),
        "y": (-1.2, 1.2),
        "size": (-0.12, 0.6),
        "tall": (-1.3, 1.9),
        "lean": (-1.6, 1.6),
        "lobes": (-0.1, 0.6),
        "tone": (-0.15, 1.15),
        "grain": (-0.3, 1.3),
        "eye": (-0.4, 1.2),
        "shade": (-0.2, 1.2),
    },
    "light": {"side": (-1.0, 1.0), "shadow": (-0.2, 1.0), "glow": (-1.0, 1.0)},
    "brush": {
        "width": (-0.6, 0.5),
        "length": (-0.5, 0.45),
        "streaks": (0.0, 1.0),
        "dryness": (0.0, 1.0),
        "relief": (0.0, 1.0),
        "disorder": (0.0, 1.0),
        "detail": (-0.3, 1.2),
    },
    "mixing": {"variety": (0.1, 1.0), "accents": (0.0, 1.0)},
    "paper": {"margin": (-0.1, 0.25), "grain": (0.0, 1.0), "bare": (-0.2, 1.0)},
}
MAX_CHROMA = 0.24


@dataclass(frozen=True)
class Plan:
    """A painting: the numbers of every unit by name, [3] or [10] where there are several of it.

    colours: OKLab [8, 3].
    """

    ridges: Mapping[str, np.ndarray]
    water: Mapping[str, np.ndarray]
    disc: Mapping[str, np.ndarray]
    flow: Mapping[str, np.ndarray]
    swirls: Mapping[str, np.ndarray]
    masses: Mapping[str, np.ndarray]
    light: Mapping[str, np.ndarray]
    brush: Mapping[str, np.ndarray]
    mixing: Mapping[str, np.ndarray]
    paper: Mapping[str, np.ndarray]
    colours: np.ndarray


def read_plan(genes: np.ndarray) -> Plan:
    """The plan of a gene vector. Raises Refused when it is not of this species."""
    parts = unpack(np.clip(np.nan_to_num(genes), -24, 24))

    def several(units: tuple[str, ...]) -> dict[str, np.ndarray]:
        scores = np.stack([parts[unit] for unit in units], axis=1)
        ranges = RANGES[kind_of(units[0])]
        return {
            name: squeeze(row, *ranges[name])
            for name, row in zip(NAMES[units[0]], scores, strict=True)
        }

    def one(unit: str) -> dict[str, np.ndarray]:
        return {name: numbers[0] for name, numbers in several((unit,)).items()}

    return Plan(
        ridges=several(RIDGES),
        water=one("water"),
        disc=one("disc"),
        flow=one("flow"),
        swirls=several(SWIRLS),
        masses=several(MASSES),
        light=one("light"),
        brush=one("brush"),
        mixing=one("mixing"),
        paper=one("paper"),
        colours=_read_colours(parts[PALETTE]),
    )


def _read_colours(palette: np.ndarray) -> np.ndarray:
    colours = palette.copy()
    colours[:, 0] = np.clip(colours[:, 0], 0.12, 0.97)
    chroma = np.hypot(colours[:, 1], colours[:, 2])
    colours[:, 1:] *= (MAX_CHROMA / np.maximum(chroma, MAX_CHROMA))[:, None]
    # Paper stays paper.
    paper = COLOURS.index("paper")
    colours[paper, 1:] *= 0.05 / max(0.05, float(np.hypot(*colours[paper, 1:])))
    return colours
