"""The Brushwork renderer on one thread: CPU time, medians over founders, memory, and breeding."""

import statistics
import tracemalloc
from functools import partial

from benchmarks.measuring import Row, cpu_ms, row, row_of_ms
from generation.breeding import breed, sample
from generation.genome import Genome, Recipe
from generation.nets.brushwork import BrushworkNet

NET = BrushworkNet()
GOALS_MS = {128: 150, 256: 200, 512: 600}
PRINT_GOALS_MS = {1024: 4000, 2048: 15_000}
MB_OF_A_PRINT = 450


def rows(quick: bool) -> list[Row]:
    genomes = [sample("brushwork", seed=seed) for seed in range(3 if quick else 12)]
    times: dict[int, list[float]] = {size: [] for size in (*GOALS_MS, *PRINT_GOALS_MS)}
    for size in GOALS_MS:  # The textures of a size are made once.
        NET.render(genomes[0], size=size)
    for genome in genomes:
        for size in GOALS_MS:
            times[size].append(cpu_ms(partial(NET.render, genome, size=size)))
    for genome in genomes[: 1 if quick else 4]:
        for size in PRINT_GOALS_MS:
            times[size].append(cpu_ms(partial(NET.render, genome, size=size, supersample=2)))
    return [
        *(_row(f"{size} px, one thread", times[size], goal) for size, goal in GOALS_MS.items()),
        *(_row(f"{size} px print", times[size], goal) for size, goal in PRINT_GOALS_MS.items()),
        _memory(genomes[0]),
        *_breeding(genomes),
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
        "brushwork, 2048 px print: memory",
        f"<= {MB_OF_A_PRINT} MB",
        f"{highest / 1e6:.0f} MB",
        highest <= MB_OF_A_PRINT * 1e6,
    )


def _breeding(genomes: list[Genome]) -> list[Row]:
    """What the web process itself pays: a child, and a fresh sample, judged by a sketch."""
    recipe = Recipe("blend", (0.4, 0.6), mutation_rate=0.2, seed=1)
    children = [cpu_ms(partial(breed, genomes[:2], recipe)) for _ in range(9)]
    samples = [cpu_ms(partial(sample, "brushwork", seed=seed)) for seed in range(100, 109)]
    return [_row("a blend, mutated", children, 8), _row("a fresh sample", samples, 100)]


def _row(name: str, times: list[float], goal: float) -> Row:
    return row_of_ms(f"brushwork, {name}", statistics.median(times), goal=goal)
