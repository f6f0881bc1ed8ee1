"""Live breeding through the real server and its sockets: speed, bad messages, memory.

Bare means `generation.engine.render.render_batch` in this process, in a thread that does nothing
else, on genomes bred beforehand.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from websockets.asyncio.client import ClientConnection

from benchmarks.live_server import Server, ask, begin, receive_frame, recipe
from benchmarks.measuring import Row, median_ratio
from generation import devices
from generation.breeding import breed, sample
from generation.engine import render
from generation.engine.frames import RenderKey
from generation.genome import Genome, Recipe

CLIENTS = 32
BATCH = 8
MALFORMED = 10_000
MB_OF_NOISE = 20
LEARNT, FRAMES_A_SECOND = ("people", "things", "garments"), 40
MB_IN_ALL = 900


def rows(quick: bool) -> list[Row]:
    bare = Bare()
    with Server() as server:
        asyncio.run(_warm_up(server))
        found = [
            _efficiency(server, bare, size=128, goal=0.90, rounds=3 if quick else 7, seconds=3),
            _efficiency(server, bare, size=64, goal=0.80, rounds=3 if quick else 7, seconds=2),
            _one_client(server, bare, rounds=30 if quick else 150),
            *asyncio.run(_drag(server, rounds=1 if quick else 3)),
            *(
                asyncio.run(_drag_learnt(server, species, rounds=1 if quick else 3))
                for species in LEARNT
            ),
            asyncio.run(_malformed(server)),
            _memory(server, previews=200 if quick else 1000, prints=4 if quick else 50),
        ]
        found.append(_quiet_log(server))
    return found


class Bare:
    """render_batch without engine and socket, with as many cores as the server's."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, initializer=devices.use_cores)
        self._parents = [sample("patterns", seed=seed) for seed in (1, 2)]

    def genome(self, number: int) -> Genome:
        return breed(self._parents, Recipe.from_json(recipe(number), parents=2))

    def seconds(self, numbers: range, *, size: int) -> float:
        genomes = [self.genome(number) for number in numbers]
        key = RenderKey(genomes[0].generator, genomes[0].digest, size, "image/jpeg", 1)
        return self._pool.submit(
            _timed, lambda: render.render_batch(key, genomes, lambda progress: None)
        ).result()

    def frames_a_second(self, *, size: int, seconds: float) -> float:
        spent, frames = 0.0, 0
        while spent < seconds:
            spent += self.seconds(range(frames, frames + BATCH), size=size)
            frames += BATCH
        return frames / spent


def _timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


async def _warm_up(server: Server) -> None:
    """The server's first frame waits for torch."""
    async with server.connect() as client:
        await begin(client)
        for size in (64, 128, 256):
            await ask(client, size, size=size)
            await receive_frame(client)


def _efficiency(
    server: Server, bare: Bare, *, size: int, goal: float, rounds: int, seconds: float
) -> Row:
    """32 clients that ask again as soon as they are answered, against bare batches of eight."""
    bare.frames_a_second(size=size, seconds=0.2)
    served, alone = [], []
    for _ in range(rounds):
        alone.append(bare.frames_a_second(size=size, seconds=seconds))
        served.append(asyncio.run(_served(server, size=size, seconds=seconds)))
    share = median_ratio(served, alone)
    net_ms = 1000 / statistics.median(alone)
    return {
        "name": (
            f"live, {CLIENTS} clients, {size} px ({net_ms:.1f} ms net): frames over bare net +"
            " encode"
        ),
        "goal": f">= {goal:.0%}",
        "value": (
            f"{share:.1%} ({statistics.median(served):.0f} of {statistics.median(alone):.0f}"
            " frames/s)"
        ),
        "ok": share >= goal,
    }


async def _served(server: Server, *, size: int, seconds: float) -> float:
    """Frames a second that arrive at 32 clients, counted once all are busy."""
    arrivals: list[float] = []

    async def drag(number: int) -> None:
        async with server.connect() as client:
            await begin(client)
            barrier.append(number)
            while len(barrier) < CLIENTS:
                await asyncio.sleep(0.01)
            step = 0
            while not arrivals or arrivals[-1] < arrivals[0] + seconds:
                step += 1
                await ask(client, 100 + number + CLIENTS * step, size=size)
                await receive_frame(client)
                arrivals.append(time.perf_counter())

    barrier: list[int] = []
    await asyncio.gather(*(drag(number) for number in range(CLIENTS)))
    counted = [moment for moment in arrivals if moment <= arrivals[0] + seconds]
    return (len(counted) - 1) / (counted[-1] - counted[0])


def _one_client(server: Server, bare: Bare, *, rounds: int) -> Row:
    live, alone = asyncio.run(_alternate(server, bare, rounds=rounds))
    ratio = statistics.median(live) / statistics.median(alone)
    return {
        "name": "live, one client, 256 px: p50 slider to frame over bare forward + encode",
        "goal": "<= 1.15x",
        "value": (
            f"{ratio:.3f}x ({1000 * statistics.median(live):.1f} over"
            f" {1000 * statistics.median(alone):.1f} ms)"
        ),
        "ok": ratio <= 1.15,
    }


async def _alternate(server: Server, bare: Bare, *, rounds: int) -> tuple[list[float], list[float]]:
    live, alone = [], []
    async with server.connect() as client:
        await begin(client)
        for number in range(100, 100 + rounds):
            alone.append(bare.seconds(range(number, number + 1), size=256))
            started = time.perf_counter()
            await ask(client, number, size=256)
            await receive_frame(client)
            live.append(time.perf_counter() - started)
    return live, alone


async def _drag(server: Server, *, rounds: int) -> list[Row]:
    """60 positions a second for three seconds, compared with the service time of each round."""
    worst, is_last_shown, frames = [], True, 0
    for _ in range(rounds):
        async with server.connect() as client:
            await begin(client)
            service = await _service_time(client)
            ages, last = await _drag_once(client, first=1000, count=180)
            frames += len(ages)
            worst.append(statistics.quantiles(ages, n=20)[-1] / service)
            is_last_shown = is_last_shown and last == 1179
    age = statistics.median(worst)
    return [
        {
            "name": (
                "live, 60 positions/s for 3 s, 256 px: p95 age of a frame over one service time"
            ),
            "goal": "<= 3x",
            "value": f"{age:.2f}x ({frames} frames of {180 * rounds} positions)",
            "ok": age <= 3,
        },
        {
            "name": "live, 60 positions/s for 3 s: the last position is answered last",
            "goal": "always",
            "value": "yes" if is_last_shown else "no",
            "ok": is_last_shown,
        },
    ]


async def _drag_learnt(server: Server, species: str, *, rounds: int) -> Row:
    """The same drag through pictures of a learnt species, and one at rest."""
    rates, at_rest = [], []
    async with server.connect() as client:
        await begin(client, species=species)
        await _service_time(client)
        for number in range(rounds):
            started = time.perf_counter()
            ages, _ = await _drag_once(client, first=1000 * (number + 1), count=180)
            rates.append(len(ages) / (time.perf_counter() - started))
            started = time.perf_counter()
            await ask(client, 1000 * (number + 1) + 500, size=512)
            await receive_frame(client)
            at_rest.append(time.perf_counter() - started)
    rate = statistics.median(rates)
    return {
        "name": f"live, one client drags {species}, 256 px: frames a second (one at rest, 512 px)",
        "goal": f">= {FRAMES_A_SECOND}",
        "value": f"{rate:.1f} ({1000 * statistics.median(at_rest):.0f} ms)",
        "ok": rate >= FRAMES_A_SECOND,
    }


async def _service_time(client: ClientConnection) -> float:
    """The median seconds of one position at a time."""
    times = []
    for number in range(500, 520):
        started = time.perf_counter()
        await ask(client, number, size=256)
        await receive_frame(client)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


async def _drag_once(
    client: ClientConnection, *, first: int, count: int
) -> tuple[list[float], int]:
    """The ages of all frames in seconds on arrival, and the number of the last one."""
    sent: dict[int, float] = {}
    ages: list[float] = []
    last = 0

    async def listen() -> None:
        nonlocal last
        while last < first + count - 1:
            last = await receive_frame(client)
            ages.append(time.perf_counter() - sent[last])

    listener = asyncio.create_task(listen())
    started = time.perf_counter()
    for step in range(count):
        await asyncio.sleep(max(0.0, started + step / 60 - time.perf_counter()))
        sent[first + step] = time.perf_counter()
        await ask(client, first + step, size=256)
    await asyncio.wait_for(listener, 60)
    return ages, last


MESSAGES: tuple[str | bytes, ...] = (
    "noise",
    b"\x00\xff" * 50,
    "[" * 900,
    '{"id": 1}',
    '{"id": 2, "recipe": {"weights": [NaN]}}',
    "x" * 20_000,
    json.dumps({"id": 3, "recipe": {"weights": [1e9, 1]}}),
    json.dumps({"id": 4, "parents": {"roots": ["w"] * 1000}}),
    json.dumps({"id": 5, "recipe": recipe(1), "size": 100_000}),
    json.dumps({"id": 6, "recipe": {"genes": [1]}}),
)


async def _malformed(server: Server) -> Row:
    """10,000 bad messages over one socket, which must still answer a position afterwards."""
    async with server.connect() as client:
        await _send_malformed(client, 500)
        before = server.memory_mb()
        await _send_malformed(client, MALFORMED)
        grown = server.memory_mb() - before
        await begin(client)
        await ask(client, 50, size=64)
        is_alive = await receive_frame(client) == 50
    return {
        "name": f"live, {MALFORMED} malformed messages: memory grown",
        "goal": f"<= {MB_OF_NOISE} MB, then answers",
        "value": f"{grown:+.1f} MB, {'answers' if is_alive else 'is silent'}",
        "ok": grown <= MB_OF_NOISE and is_alive,
    }


async def _send_malformed(client: ClientConnection, count: int) -> None:
    for number in range(count):
        await client.send(MESSAGES[number % len(MESSAGES)])
        if "error" not in json.loads(await client.recv()):
            raise RuntimeError(
                f"This was answered without an error: {MESSAGES[number % len(MESSAGES)][:80]!r}"
            )


def _memory(server: Server, *, previews: int, prints: int) -> Row:
    """Memory after half of the work and after all of it; what the second half adds is a leak."""
    levels = []
    for _ in range(2):
        asyncio.run(_preview(server, previews // 2))
        server.run("-m", "benchmarks.live_prints", str(prints // 2))
        levels.append(server.memory_mb())
    half, full = levels
    return {
        "name": (
            f"live, memory of the process after {previews} previews and {prints} prints (and after"
            " half of them)"
        ),
        "goal": f"<= {MB_IN_ALL} MB, second half <= +5 %",
        "value": f"{full:.0f} MB ({half:.0f} MB)",
        "ok": full <= MB_IN_ALL and full <= half * 1.05,
    }


async def _preview(server: Server, count: int) -> None:
    async with server.connect() as client:
        await begin(client)
        for number in range(100, 100 + count):
            await ask(client, number, size=256)
            await receive_frame(client)


def _quiet_log(server: Server) -> Row:
    tracebacks = server.log.read_text(encoding="utf-8", errors="replace").count("Traceback")
    return {
        "name": "live, tracebacks in the server's log after all",
        "goal": "0",
        "value": tracebacks,
        "ok": not tracebacks,
    }
