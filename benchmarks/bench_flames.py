"""The Flames renderer: CPU time of live frames and prints, memory of the largest, and breeding.

Medians over several flames, which differ: a map of five variations takes twice as long as one of a
single one.
"""

import statistics
import tracemalloc
from functools import partial

from benchmarks.measuring import Row, cpu_ms, row, row_of_ms
from generation.breeding import breed, sample
from generation.genome import Genome, Recipe
from generation.nets.flames import FlamesNet, points_for

NET = FlamesNet()
LIVE_GOALS_MS = {128: 40, 256: 150, 512: 1000}
PRINT_GOALS_MS = {1024: 4000, 2048: 15_000}
MB_OF_A_PRINT = 450


def rows(quick: bool) -> list[Row]:
    genomes = [sample("flames", seed=seed) for seed in range(3 if quick else 8)]
    return [
        *_painting(genomes, LIVE_GOALS_MS, supersample=1),
        *_painting(genomes[: 1 if quick else 3], PRINT_GOALS_MS, supersample=2),
        _memory(genomes[0]),
        *_breeding(genomes),
    ]


def _painting(genomes: list[Genome], goals: dict[int, int], *, supersample: int) -> list[Row]:
    """Every size in every round, so that what else the machine does falls on all of them."""
    times: dict[int, list[float]] = {size: [] for size in goals}
    NET.render(genomes[0], size=64)
    for genome in genomes:
        for size in goals:
            times[size].append(
                cpu_ms(partial(NET.render, genome, size=size, supersample=supersample))
            )
    kind = "print" if supersample > 1 else "live"
    return [
        row_of_ms(
            f"flames, {size} px {kind},"
            f" {points_for(size, is_print=supersample > 1) / 1e6:.1f} million points",
            statistics.median(times[size]),
            goal=goal,
        )
        for size, goal in goals.items()
    ]


def _memory(genome: Genome) -> Row:
    """Memory beside the interpreter at its highest, while a print of 2048 px is made."""
    tracemalloc.start()
    try:
        NET.render(genome, size=2048, supersample=2)
        _, highest = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return row(
        "flames, 2048 px print: memory",
        f"<= {MB_OF_A_PRINT} MB",
        f"{highest / 1e6:.0f} MB",
        highest <= MB_OF_A_PRINT * 1e6,
    )


def _breeding(genomes: list[Genome]) -> list[Row]:
    """What the web process itself pays: a child, and a fresh sample, judged by a sketch."""
    recipe = Recipe("blend", (0.4, 0.6), mutation_rate=0.2, seed=1)
    children = [cpu_ms(partial(breed, genomes[:2], recipe)) for _ in range(9)]
    samples = [cpu_ms(partial(sample, "flames", seed=seed)) for seed in range(100, 109)]
    return [
        row_of_ms("flames, a blend, mutated", statistics.median(children), goal=5),
        row_of_ms("flames, a fresh sample", statistics.median(samples), goal=100),
    ]
