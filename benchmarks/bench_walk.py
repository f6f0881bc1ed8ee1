"""How evenly a walk of nine children between two worded parents moves, in a net of random weights.

Random weights hardly tell words apart, so this measures the way of the noise; how far words are
apart for a trained net it does not say.
"""

import statistics
from itertools import pairwise

import numpy as np

from benchmarks.measuring import Row, row
from generation.genespaces.diffusion import DiffusionSpace, concept
from generation.genome import Genome
from generation.prompts import blend_prompts
from generation.yielding import ignore_progress

STOPS, STEPS = 9, 4
MOST_UNEVEN = 1.3


def rows(quick: bool) -> list[Row]:
    try:
        # Optional, and importing them takes half a minute.
        from benchmarks.random_sdxl import random_sdxl  # noqa: PLC0415
    except ModuleNotFoundError:
        missing = "left out: the packages of requirements-diffusion.txt are not installed"
        return [row("walk: largest step over the median one", "a figure", missing, True)]
    net, space = random_sdxl(steps=STEPS, is_small=True), DiffusionSpace()
    found = []
    for pair in range(2 if quick else 10):
        parents = [space.sample(np.random.default_rng([pair, one])) for one in range(2)]
        words = [((concept(2 * pair + one), 1.0),) for one in range(2)]
        pictures = []
        for share in np.linspace(0, 1, STOPS):
            weights = [1 - share, share]
            child = Genome(
                "random", "", space.blend(parents, weights), prompts=blend_prompts(words, weights)
            )
            pixels = net.render(child, size=0, supersample=1, yield_point=ignore_progress)
            pictures.append(pixels.astype(float))
        moves = [np.abs(one - other).mean() for one, other in pairwise(pictures)]
        found.append(max(moves) / statistics.median(moves))
    return [
        row(
            f"walk of {STOPS} children: largest step over the median one, worst of {len(found)}",
            f"<= {MOST_UNEVEN}",
            f"{max(found):.2f}, usually {statistics.median(found):.2f}",
            max(found) <= MOST_UNEVEN,
        )
    ]
