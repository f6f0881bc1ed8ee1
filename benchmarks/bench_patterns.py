"""The Patterns renderer on one torch thread: CPU time, medians of interleaved rounds.

Pictures are rendered as live previews are (one sample a pixel), prints as prints are (up to four).
"""

import math
import statistics
import time
from functools import partial

import numpy as np
import torch

from benchmarks.measuring import Row, cpu_ms, row_of_ms
from generation.breeding import breed, sample
from generation.genome import Genome, Recipe
from generation.nets import patterns
from generation.nets.patterns import PatternsNet

NET = PatternsNet()
GOALS_MS = {128: 18, 256: 57, 512: 215}  # The prototype's figures on this kind of machine.
PRINT_GOAL_MS = 2000
QUALITY_GOAL_DB = 50


def rows(quick: bool) -> list[Row]:
    genomes = [sample("patterns", seed=seed) for seed in range(3 if quick else 8)]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [
            *_painting(genomes, rounds=3 if quick else 7),
            *_printing(genomes[: 2 if quick else 6]),
            *_breeding(genomes),
        ]
    finally:
        torch.set_num_threads(threads)


def _painting(genomes: list[Genome], *, rounds: int) -> list[Row]:
    """Every size in every round, so that what else the machine does falls on all of them."""
    times: dict[int, list[float]] = {size: [] for size in GOALS_MS}
    for size in GOALS_MS:
        NET.render(genomes[0], size=size)
    for round_number in range(rounds):
        for size in GOALS_MS:
            genome = genomes[round_number % len(genomes)]
            times[size].append(cpu_ms(partial(NET.render, genome, size=size)))
    return [
        row_of_ms(f"patterns, {size} px, one thread", statistics.median(times[size]), goal=goal)
        for size, goal in GOALS_MS.items()
    ]


def _printing(genomes: list[Genome]) -> list[Row]:
    """A 1024 px print, supersampled where it shows, against one supersampled everywhere."""
    adaptive, full, quality = [], [], []
    for genome in genomes:
        fine, fine_ms = _print(genome)
        bend, patterns.BEND = patterns.BEND, -1.0
        try:
            true, true_ms = _print(genome)
        finally:
            patterns.BEND = bend
        adaptive.append(fine_ms)
        full.append(true_ms)
        quality.append(_psnr(fine, true))
    ratio, worst = statistics.median(full) / statistics.median(adaptive), min(quality)
    return [
        row_of_ms(
            "patterns, 1024 px print, one thread", statistics.median(adaptive), goal=PRINT_GOAL_MS
        ),
        {
            "name": "patterns, 1024 px print: full supersampling over adaptive",
            "goal": ">= 1.5x",
            "value": f"{ratio:.2f}x",
            "ok": ratio >= 1.5,
        },
        {
            "name": "patterns, 1024 px print: worst PSNR of adaptive against full",
            "goal": f">= {QUALITY_GOAL_DB} dB",
            "value": f"{worst:.1f} dB (median {statistics.median(quality):.1f})",
            "ok": worst >= QUALITY_GOAL_DB,
        },
    ]


def _print(genome: Genome) -> tuple[np.ndarray, float]:
    started = time.process_time()
    picture = NET.render(genome, size=1024, supersample=2)
    return picture, 1000 * (time.process_time() - started)


def _psnr(one: np.ndarray, two: np.ndarray) -> float:
    error = float(np.mean((one.astype(float) - two) ** 2))
    return 10 * math.log10(255**2 / max(error, 1e-9))


def _breeding(genomes: list[Genome]) -> list[Row]:
    """What the web process itself pays: a child by each operator, and a fresh sample.

    A sample is the best of four, compared in numpy.
    """
    parents = genomes[:2]
    makers = {
        "a blend, mutated": lambda seed: breed(
            parents, Recipe("blend", (0.4, 0.6), mutation_rate=0.2, seed=seed)
        ),
        "a crossover, mutated": lambda seed: breed(
            parents, Recipe("crossover", (0.4, 0.6), mutation_rate=0.2, seed=seed)
        ),
        "a fresh sample": lambda seed: sample("patterns", seed=seed),
    }
    times: dict[str, list[float]] = {name: [] for name in makers}
    for seed in range(15):
        for name, make in makers.items():
            times[name].append(cpu_ms(partial(make, seed)))
    goals = {"a blend, mutated": 5, "a crossover, mutated": 5, "a fresh sample": 40}
    return [
        row_of_ms(f"patterns, {name}", statistics.median(times[name]), goal=goals[name])
        for name in makers
    ]
