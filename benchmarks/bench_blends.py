"""Blends of 2, 3 and 4 works in every learnt picture species: clean, like a parent, and even.

All figures are of the newest version of breeding, on one thread. `generation.training.pictures.
blends` says how each is measured; the net that compares pictures is fetched on first use, as for
training. The constants of the blend were chosen on other works than those measured here.
"""

import torch

from benchmarks.measuring import Row, row, row_of_ms
from generation.checkpoints import Checkpoint, catalogue
from generation.data.sources import lite0_weights
from generation.genome import NEWEST
from generation.nets.lite0 import Lite0, load_lite0
from generation.training.pictures.blends import STOPS, BlendsOfSpecies, Counts

PRECISION, RESEMBLANCE, STEPS, CPU_MS = 0.85, 0.6, 3.0, 2.0
TIE = 1e-4  # The largest jump of a gene where two weights change places by two millionths.
QUICK = Counts(anchors=500, fresh=128, children=24, paths=3)
SEED = 77


def rows(quick: bool) -> list[Row]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        lite0 = load_lite0(lite0_weights(report=print))
        learnt = [
            one
            for one in catalogue().values()
            if one.is_available and one.card["architecture"] == "style-vae"
        ]
        counts = QUICK if quick else Counts()
        return [found for one in learnt for found in _of_species(one, lite0, counts)]
    finally:
        torch.set_num_threads(threads)


def _of_species(checkpoint: Checkpoint, lite0: Lite0, counts: Counts) -> list[Row]:
    measured = BlendsOfSpecies(checkpoint, lite0=lite0, counts=counts, seed=SEED)
    figures = measured.measure(measured.blend(NEWEST))
    name = f"blends of {checkpoint.key}:"
    exact = max(figures["order"], figures["corner"])
    return [
        _row_of_least(f"{name} clean children, of random works", figures["precision"], PRECISION),
        _row_of_least(
            f"{name} clean stops of a path, of random works", figures["along"], PRECISION
        ),
        _row_of_least(f"{name} most like a parent", figures["resemblance"], RESEMBLANCE),
        row(
            f"{name} largest of {STOPS - 1} steps over the median",
            f"<= {STEPS:g}",
            _listed(figures["steps"]),
            max(figures["steps"].values()) <= STEPS,
        ),
        row(
            f"{name} order and corners; a tie",
            f"0; <= {TIE:g}",
            f"{exact:g}; {figures['tie']:.1g}",
            exact == 0 and figures["tie"] <= TIE,
        ),
        row_of_ms(f"{name} CPU of a child of 4", figures["cpu_ms"], goal=CPU_MS),
    ]


def _row_of_least(name: str, shares: dict[str, float], goal: float) -> Row:
    """A row about shares by parents, of which none may be less than the goal."""
    return row(name, f">= {goal:g}", _listed(shares), min(shares.values()) >= goal)


def _listed(figures: dict[str, float]) -> str:
    return ", ".join(f"{name}: {value:.2f}" for name, value in figures.items())
