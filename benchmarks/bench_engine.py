"""The engine against the bare net and encoder, without sockets.

Bare means `generation.engine.render.render_batch` called in a loop by a thread that does nothing
else. Patterns at 128 px stands for a net of more than 10 ms, at 32 px for a fast one.
"""

import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from typing import Any

from benchmarks.measuring import Row, median_ratio
from generation import devices
from generation.breeding import sample
from generation.engine import render
from generation.engine.engine import LocalEngine
from generation.engine.frames import Priority, RenderKey
from generation.genome import Genome

CLIENTS = 32
BATCH = 8
JPEG, PNG = "image/jpeg", "image/png"


def rows(quick: bool) -> list[Row]:
    genomes = [sample("patterns", seed=seed) for seed in range(CLIENTS)]
    rounds = 3 if quick else 9
    engine = LocalEngine(max_batch_size=BATCH, max_queue=4096)
    try:
        return [
            _efficiency(engine, genomes, size=128, goal=0.90, rounds=rounds, frames=96),
            _efficiency(engine, genomes, size=32, goal=0.80, rounds=rounds, frames=320),
            _one_client(engine, genomes, rounds=60 if quick else 200),
            _fairness(engine, genomes, seconds=4 if quick else 10),
            _live_beside_bulk(engine, genomes, frames=40 if quick else 120),
            _live_beside_print(engine, genomes, frames=40 if quick else 120),
        ]
    finally:
        engine.close()


class Bare:
    """render_batch without an engine, in a thread with the same number of cores."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, initializer=devices.use_cores)

    def seconds(
        self,
        key: RenderKey,
        genomes: list[Genome],
        yield_point: Callable[[float], None] = lambda progress: None,
    ) -> float:
        return self._pool.submit(self._timed, key, genomes, yield_point).result()

    def _timed(
        self, key: RenderKey, genomes: list[Genome], yield_point: Callable[[float], None]
    ) -> float:
        started = time.perf_counter()
        render.render_batch(key, genomes, yield_point)
        return time.perf_counter() - started


def _key(genome: Genome, size: int, *, media_type: str = JPEG, supersample: int = 1) -> RenderKey:
    return RenderKey(genome.generator, genome.digest, size, media_type, supersample)


def _efficiency(
    engine: LocalEngine, genomes: list[Genome], *, size: int, goal: float, rounds: int, frames: int
) -> Row:
    """32 clients that ask again as soon as they are answered, against bare batches of eight."""
    bare, key = Bare(), _key(genomes[0], size)
    served, alone = [], []
    for _ in range(rounds):
        batches = [
            genomes[start % CLIENTS : start % CLIENTS + BATCH] for start in range(0, frames, BATCH)
        ]
        alone.append(frames / sum(bare.seconds(key, batch) for batch in batches))
        served.append(frames / _closed_loop(engine, genomes, size=size, frames=frames))
    share = median_ratio(served, alone)
    speed, bare_speed = statistics.median(served), statistics.median(alone)
    return {
        "name": (
            f"engine, {CLIENTS} clients, {size} px ({1000 / bare_speed:.1f} ms net): frames over"
            " bare net + encode"
        ),
        "goal": f">= {goal:.0%}",
        "value": (
            f"{share:.1%}, median of {rounds} rounds ({speed:.0f} and {bare_speed:.0f} frames/s)"
        ),
        "ok": share >= goal,
    }


def _closed_loop(engine: LocalEngine, genomes: list[Genome], *, size: int, frames: int) -> float:
    """Seconds until `frames` frames were delivered to as many clients as there are genomes."""
    left, answered, done, lock = frames - len(genomes), 0, threading.Event(), threading.Lock()

    def ask(client: int) -> None:
        engine.submit(genomes[client], size=size, owner=str(client)).add_done_callback(
            lambda future: answer(client, future)
        )

    def answer(client: int, future: Future[Any]) -> None:
        nonlocal left, answered
        future.result()
        with lock:
            answered += 1
            left -= 1
            asks_again, is_last = left >= 0, answered == frames
        if asks_again:
            ask(client)
        if is_last:
            done.set()

    started = time.perf_counter()
    for client in range(len(genomes)):
        ask(client)
    if not done.wait(300):
        raise TimeoutError("The engine did not answer every client.")
    return time.perf_counter() - started


def _one_client(engine: LocalEngine, genomes: list[Genome], *, rounds: int) -> Row:
    bare, key = Bare(), _key(genomes[0], 128)
    asked, alone = [], []
    for index in range(rounds):
        genome = genomes[index % CLIENTS]
        alone.append(bare.seconds(key, [genome]))
        asked.append(_ask(engine, genome, size=128))
    ratio = median_ratio(asked, alone)
    return {
        "name": "engine, one client, 128 px: p50 over bare forward + encode",
        "goal": "<= 1.15x",
        "value": (
            f"{ratio:.3f}x ({1000 * statistics.median(asked):.1f} over"
            f" {1000 * statistics.median(alone):.1f} ms)"
        ),
        "ok": ratio <= 1.15,
    }


def _ask(engine: LocalEngine, genome: Genome, *, size: int) -> float:
    started = time.perf_counter()
    engine.submit(genome, size=size, owner="slider").result(60)
    return time.perf_counter() - started


def _fairness(engine: LocalEngine, genomes: list[Genome], *, seconds: float) -> Row:
    """The frames that each of eight people got while all had requests in the queue.

    One has 500 requests queued, one has 40, six ask one by one.
    """
    counts: Counter[str] = Counter()
    is_over = threading.Event()
    futures: list[Future[Any]] = []

    def ask(owner: str, *, again: bool) -> None:
        if is_over.is_set():
            return
        future = engine.submit(genomes[0], size=96, owner=owner)
        futures.append(future)
        future.add_done_callback(lambda done: answer(owner, done, again=again))

    def answer(owner: str, future: Future[Any], *, again: bool) -> None:
        if not future.cancelled() and not is_over.is_set():
            counts[owner] += 1
            if again:
                ask(owner, again=True)

    for _ in range(500):
        ask("bulk", again=False)
    for _ in range(40):
        ask("several", again=True)
    for person in range(6):
        ask(f"slider {person}", again=True)
    is_over.wait(seconds)
    is_over.set()
    for future in futures:
        future.cancel()
    ratio = (
        max(counts.values()) / max(1, min(counts[owner] for owner in counts))
        if len(counts) == 8
        else float("inf")
    )
    return {
        "name": "engine, 8 people (500 requests, 40 requests, 6 sliders): frames each, max/min",
        "goal": "<= 1.3",
        "value": (
            f"{ratio:.2f} ({min(counts.values(), default=0)} to {max(counts.values(), default=0)}"
            " frames)"
        ),
        "ok": ratio <= 1.3,
    }


def _live_beside_bulk(engine: LocalEngine, genomes: list[Genome], *, frames: int) -> Row:
    """A slider at 128 px alone, then while 500 supersampled 256 px prints are queued."""
    calm = [_ask(engine, genomes[index % CLIENTS], size=128) for index in range(frames)]
    key = _key(genomes[0], 256, media_type=PNG, supersample=2)
    bare = Bare()
    batch_s = statistics.median(bare.seconds(key, [genomes[index]]) for index in range(5))
    jobs = [
        engine.submit(
            genomes[index % CLIENTS],
            size=256,
            media_type=PNG,
            supersample=2,
            priority=Priority.JOB,
            owner="bulk",
        )
        for index in range(500)
    ]
    while not jobs[0].done():
        time.sleep(0.005)
    busy = [_ask(engine, genomes[index % CLIENTS], size=128) for index in range(frames)]
    is_still_bulk = not jobs[-1].done()
    for job in jobs:
        job.cancel()
    added = statistics.median(busy) - statistics.median(calm)
    return {
        "name": "engine, slider at 128 px while a bulk job of 500 runs: p50 added",
        "goal": f"<= 2 batch times ({2000 * batch_s:.0f} ms)",
        "value": (
            f"{1000 * added:.1f} ms ({1000 * statistics.median(calm):.1f} to"
            f" {1000 * statistics.median(busy):.1f} ms)"
        ),
        "ok": is_still_bulk and added <= 2 * batch_s,
    }


def _live_beside_print(engine: LocalEngine, genomes: list[Genome], *, frames: int) -> Row:
    """A slider at 128 px while one 4096 px print runs, which it may delay by one strip only."""
    calm = [_ask(engine, genomes[index % CLIENTS], size=128) for index in range(frames)]
    strip_s = _longest_strip(_key(genomes[0], 1024, media_type=PNG, supersample=2), genomes[0])
    started = threading.Event()
    job = engine.submit(
        genomes[0],
        size=4096,
        media_type=PNG,
        supersample=2,
        priority=Priority.JOB,
        owner="printer",
        on_progress=lambda progress: started.set(),
    )
    started.wait(60)
    busy = [_ask(engine, genomes[index % CLIENTS], size=128) for index in range(frames)]
    is_still_printing = not job.done()
    job.cancel()
    added = statistics.median(busy) - statistics.median(calm)
    return {
        "name": "engine, slider at 128 px while a 4096 px print runs: p50 added",
        "goal": f"<= the longest strip ({1000 * strip_s:.0f} ms)",
        "value": (
            f"{1000 * added:.1f} ms ({1000 * statistics.median(calm):.1f} to"
            f" {1000 * statistics.median(busy):.1f} ms)"
        ),
        "ok": is_still_printing and added <= strip_s,
    }


def _longest_strip(key: RenderKey, genome: Genome) -> float:
    """The longest time between two yield points of a print, in seconds."""
    times = [time.perf_counter()]
    Bare().seconds(key, [genome], lambda progress: times.append(time.perf_counter()))
    return max(after - before for before, after in pairwise(times))
