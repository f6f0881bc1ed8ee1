"""From genes to a plan: the numbers of a window, each in the range where all are presentable.

Lengths are in halves of the picture's edge; x runs to the right and y down, from -1 to 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from generation.genespaces.glass.layout import DISCS, HILLS, NAMES, ORDERS, unpack
from generation.genespaces.scores import kind_of, squeeze
from generation.genespaces.units import PALETTE

# The range of every gene, from a score far below 0 to one far above. What is switched off has
# shrunk or moved away.
RANGES: dict[str, dict[str, tuple[float, float]]] = {
    "order": dict.fromkeys(ORDERS, (-1.0, 1.0)),
    "spread": {
        "zoom": (-0.6, 0.6),
        "jitter": (-0.1, 0.9),
        "sizes": (-0.1, 0.8),
        "stretch": (-0.8, 0.8),
        "lean": (-1.2, 1.2),
        "swirl": (-1.4, 1.4),
        "x": (-0.7, 0.7),
        "y": (-0.7, 0.7),
    },
    "bend": {
        "amount": (-0.05, 0.3),
        "length": (1.2, 4.0),
        "phase": (-4.0, 4.0),
        "phase2": (-4.0, 4.0),
    },
    "gaps": {"amount": (-0.35, 0.75), "round": (-0.6, 1.3), "phase": (-4.0, 4.0)},
    "disc": {
        "x": (-1.1, 1.1),
        "y": (-1.1, 1.1),
        "size": (-0.15, 0.85),
        "tone": (-0.6, 0.6),
        "whole": (-0.6, 1.6),
    },
    "hill": {
        "height": (-1.0, 1.5),
        "swing": (0.0, 0.45),
        "length": (0.8, 4.5),
        "phase": (-4.0, 4.0),
        "tone": (-0.6, 0.6),
    },
    "tones": {
        "start": (0.0, 1.0),
        "radius": (-1.0, 1.0),
        "height": (-0.8, 0.8),
        "petals4": (-0.45, 0.45),
        "petals6": (-0.45, 0.45),
        "waves": (-0.5, 0.5),
        "luck": (0.0, 0.6),
        "accents": (-0.2, 0.4),
    },
    "glass": {
        "glow": (0.0, 1.0),
        "bevel": (0.0, 1.0),
        "streaks": (0.0, 1.0),
        "turn": (-1.6, 1.6),
        "ripple": (0.0, 1.0),
        "cloud": (0.0, 1.0),
    },
    "lead": {"width": (0.003, 0.026), "corner": (0.0, 0.08), "shine": (0.0, 1.0)},
    "light": {"x": (-1.0, 1.0), "y": (-1.0, 1.0), "strength": (0.0, 1.0), "shadow": (0.0, 1.0)},
}
MAX_CHROMA = 0.25


@dataclass(frozen=True)
class Plan:
    """A window: the numbers of every unit by name, [4] or [2] where there are several of it.

    orders: shares of the arrangements, which sum to 1. colours: OKLab [8, 3].
    """

    orders: np.ndarray
    spread: Mapping[str, float]
    bend: Mapping[str, float]
    gaps: Mapping[str, float]
    discs: tuple[Mapping[str, float], ...]
    hills: tuple[Mapping[str, float], ...]
    tones: Mapping[str, float]
    glass: Mapping[str, float]
    lead: Mapping[str, float]
    light: Mapping[str, float]
    colours: np.ndarray


def read_plan(genes: np.ndarray) -> Plan:
    """The plan of a gene vector. Raises Refused when it is not of this species."""
    parts = unpack(np.clip(np.nan_to_num(genes), -24, 24))

    def one(unit: str) -> dict[str, float]:
        ranges = RANGES[kind_of(unit)]
        return {
            name: float(squeeze(score, *ranges[name]))
            for name, score in zip(NAMES[unit], parts[unit], strict=True)
        }

    shares = np.exp(6 * np.array(list(one("order").values())))
    return Plan(
        orders=shares / shares.sum(),
        spread=one("spread"),
        bend=one("bend"),
        gaps=one("gaps"),
        discs=tuple(one(unit) for unit in DISCS),
        hills=tuple(one(unit) for unit in HILLS),
        tones=one("tones"),
        glass=one("glass"),
        lead=one("lead"),
        light=one("light"),
        colours=_read_colours(parts[PALETTE]),
    )


def _read_colours(palette: np.ndarray) -> np.ndarray:
    colours = palette.copy()
    colours[:, 0] = np.clip(colours[:, 0], 0.08, 0.97)
    chroma = np.hypot(colours[:, 1], colours[:, 2])
    colours[:, 1:] *= (MAX_CHROMA / np.maximum(chroma, MAX_CHROMA))[:, None]
    return colours
