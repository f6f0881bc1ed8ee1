"""What the species by formula are measured by: CPU time on one thread, memory, and breeding."""

import statistics
import tracemalloc
from collections.abc import Mapping
from functools import partial

from benchmarks.measuring import Row, cpu_ms, row, row_of_ms
from generation.breeding import breed, sample
from generation.engine.render import SinglePictureNet
from generation.genome import Genome, Recipe
from generation.yielding import ignore_progress

PRINT_GOALS_MS = {1024: 4000, 2048: 15_000}
MB_OF_A_PRINT = 450


def rows_of(
    key: str, net: SinglePictureNet, *, live_goals_ms: Mapping[int, int], quick: bool
) -> list[Row]:
    """Figures of a species and its net, medians over founders in interleaved rounds."""
    genomes = [sample(key, seed=seed) for seed in range(3 if quick else 12)]

    def draw(genome: Genome, size: int, supersample: int) -> None:
        net.render(genome, size=size, supersample=supersample, yield_point=ignore_progress)

    times: dict[int, list[float]] = {size: [] for size in (*live_goals_ms, *PRINT_GOALS_MS)}
    for size in live_goals_ms:  # The textures of a size are made once.
        draw(genomes[0], size, 1)
    for genome in genomes:
        for size in live_goals_ms:
            times[size].append(cpu_ms(partial(draw, genome, size, 1)))
    for genome in genomes[: 1 if quick else 4]:
        for size in PRINT_GOALS_MS:
            times[size].append(cpu_ms(partial(draw, genome, size, 2)))
    tracemalloc.start()
    try:
        draw(genomes[0], 2048, 2)
        _, highest = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    recipe = Recipe("blend", (0.4, 0.6), mutation_rate=0.2, seed=1)
    children = [cpu_ms(partial(breed, genomes[:2], recipe)) for _ in range(9)]
    samples = [cpu_ms(partial(sample, key, seed=seed)) for seed in range(100, 109)]

    def timed(name: str, found: list[float], goal: float) -> Row:
        return row_of_ms(f"{key}, {name}", statistics.median(found), goal=goal)

    return [
        *(
            timed(f"{size} px, one thread", times[size], goal)
            for size, goal in live_goals_ms.items()
        ),
        *(timed(f"{size} px print", times[size], goal) for size, goal in PRINT_GOALS_MS.items()),
        row(
            f"{key}, 2048 px print: memory",
            f"<= {MB_OF_A_PRINT} MB",
            f"{highest / 1e6:.0f} MB",
            highest <= MB_OF_A_PRINT * 1e6,
        ),
        timed("a blend, mutated", children, 8),
        timed("a fresh sample", samples, 150),
    ]
