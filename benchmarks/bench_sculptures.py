"""The Sculptures renderer on one thread: CPU time, medians over founders in interleaved rounds.

Pictures are drawn as live previews are, prints as prints are (smaller steps, more rays at edges).
"""

import statistics
from functools import partial

from benchmarks.measuring import Row, cpu_ms, row_of_ms
from generation.breeding import sample
from generation.genome import Genome
from generation.nets.sculptures import SculpturesNet

NET = SculpturesNet()
GOALS_MS = {128: 80, 256: 200, 512: 600}
PRINT_GOALS_MS = {1024: 4000, 2048: 15000}
SAMPLE_GOAL_MS = 300


def rows(quick: bool) -> list[Row]:
    genomes = [sample("sculptures", seed=seed) for seed in range(3 if quick else 12)]
    times: dict[int, list[float]] = {size: [] for size in (*GOALS_MS, *PRINT_GOALS_MS)}
    NET.render(genomes[0], size=min(GOALS_MS))
    for genome in genomes:
        for size in GOALS_MS:
            times[size].append(cpu_ms(partial(NET.render, genome, size=size)))
    for genome in genomes[: 1 if quick else 4]:
        for size in PRINT_GOALS_MS:
            times[size].append(cpu_ms(partial(NET.render, genome, size=size, supersample=2)))
    return [
        *(_row(f"{size} px, one thread", times[size], goal) for size, goal in GOALS_MS.items()),
        *(_row(f"{size} px print", times[size], goal) for size, goal in PRINT_GOALS_MS.items()),
        _row("a fresh sample", _sampling(len(genomes)), SAMPLE_GOAL_MS),
    ]


def _sampling(count: int) -> list[float]:
    def draw(seed: int) -> Genome:
        return sample("sculptures", seed=seed)

    return [cpu_ms(partial(draw, seed)) for seed in range(count)]


def _row(name: str, times: list[float], goal: float) -> Row:
    return row_of_ms(f"sculptures, {name}", statistics.median(times), goal=goal)
