"""A tiny diffusion species through the real server: fifty benches, and pages while it loads.

Its weights are random; what is measured is the way to the net and back, not the net. It needs the
packages of requirements-diffusion.txt.
"""

import asyncio
import importlib.util
import json
import os
import signal
import statistics
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from websockets.asyncio.client import ClientConnection

from benchmarks.live_server import Server, recipe
from benchmarks.measuring import Row, row

BENCHES = 50
SIZE = 64
PAGES = ("/", "/bench/?parents=seed:dots:1,seed:dots:2", "/help/")
PATIENCE_S = 300


def rows(quick: bool) -> list[Row]:
    if not importlib.util.find_spec("diffusers"):
        return [row("diffusion", "runs", "diffusers is not installed: `make diffusion`", False)]
    with Server(prepare=_add_species) as server:
        found = [_pages_while_loading(server, starts=1 if quick else 3)]
        return [*found, *asyncio.run(_fifty(server, seconds=10 if quick else 30))]


def _add_species(server: Server) -> None:
    with tempfile.TemporaryDirectory() as folder:
        server.run("-m", "tests.generation.tiny_pipelines", folder)
        server.run(
            *("manage.py", "import_diffusion", str(Path(folder) / "sd"), "--name", "Dots"),
            *("--licence", "CC0-1.0", "--credit", "random numbers", "--steps", "2"),
            *("--size", str(SIZE)),
        )


def _pages_while_loading(server: Server, *, starts: int) -> Row:
    """Pages at rest, and while a fresh worker imports the libraries and loads the net."""
    idle, beside = [], []
    for _ in range(starts):
        asyncio.run(_one_frame(server))
        idle += [_page_s(server, number) for number in range(100)]
        if pid := server.worker_pid():
            os.kill(pid, signal.SIGKILL)
        with ThreadPoolExecutor(max_workers=1) as pool:
            loading = pool.submit(asyncio.run, _one_frame(server))
            number = 0
            while not loading.done():
                beside.append(_page_s(server, number))
                number += 1
            loading.result()
    calm, loaded = (1000 * statistics.quantiles(each, n=20)[-1] for each in (idle, beside))
    return row(
        "diffusion, p95 of a page while a worker imports the libraries, over one at rest",
        "<= 1.3x",
        f"{loaded / calm:.2f}x ({loaded:.0f} and {calm:.0f} ms; {len(beside)} pages)",
        loaded <= 1.3 * calm,
    )


def _page_s(server: Server, number: int) -> float:
    address = f"http://127.0.0.1:{server.port}{PAGES[number % len(PAGES)]}"
    started = time.perf_counter()
    with urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:
        answer.read()
    return time.perf_counter() - started


async def _one_frame(server: Server) -> None:
    async with server.connect() as client:
        await _begin(client, 1)


async def _begin(client: ClientConnection, number: int) -> None:
    """Put two founders on the bench, and read until both portraits are there."""
    roots = [f"seed:dots:{number}", f"seed:dots:{number + 1}"]
    await client.send(json.dumps({"id": 1, "parents": {"roots": roots}}))
    left = {2, 3}
    while left:
        left.discard(await _next_frame(client))


async def _next_frame(client: ClientConnection) -> int:
    """The id of the next frame; what is told of waiting is read over."""
    while True:
        data = await asyncio.wait_for(client.recv(), PATIENCE_S)
        if isinstance(data, bytes):
            return int.from_bytes(data[:4], "big")
        told = json.loads(data)
        if "error" in told and "retry_after" not in told:
            raise RuntimeError(told["error"])


async def _fifty(server: Server, *, seconds: float) -> list[Row]:
    """BENCHES sliders at 60 positions a second, against one that asks when it is answered."""
    alone = await _alone(server, seconds=seconds / 3)
    counts = [0] * BENCHES
    is_last: list[bool] = []
    ages: list[float] = []
    ready = asyncio.Barrier(BENCHES)

    async def drag(place: int) -> None:
        async with server.connect() as client:
            await _begin(client, 1)
            await ready.wait()
            sent: dict[int, float] = {}
            last = 100 + int(60 * seconds) - 1

            async def listen() -> None:
                number = 0
                while number < last:
                    number = await _next_frame(client)
                    ages.append(time.perf_counter() - sent[number])
                    counts[place] += 1
                is_last.append(number == last)

            listener = asyncio.create_task(listen())
            started = time.perf_counter()
            for number in range(100, last + 1):
                wait = started + (number - 100) / 60 - time.perf_counter()
                await asyncio.sleep(max(0.0, wait))
                sent[number] = time.perf_counter()
                await client.send(_position(number, place))
            await listener

    await asyncio.gather(*(drag(place) for place in range(BENCHES)))
    rate, fairness = sum(counts) / seconds, max(counts) / max(1, min(counts))
    late = statistics.quantiles(ages, n=20)[-1]
    turn = BENCHES / alone  # Until each bench has had its turn.
    return [
        row(
            f"diffusion, {BENCHES} sliders: frames a second over those of one client",
            ">= 0.8x",
            f"{rate / alone:.2f}x ({rate:.1f} and {alone:.1f})",
            rate >= 0.8 * alone,
        ),
        row(
            f"diffusion, {BENCHES} sliders: most frames of one over fewest",
            "<= 1.3x",
            f"{fairness:.2f}x ({min(counts)} to {max(counts)} frames)",
            fairness <= 1.3,
        ),
        row(
            f"diffusion, {BENCHES} sliders: p95 age of a frame over a turn of all",
            "<= 3x",
            f"{late / turn:.2f}x ({late:.1f} and {turn:.1f} s)",
            late <= 3 * turn,
        ),
        row(
            f"diffusion, {BENCHES} sliders: the last position is answered last",
            "always",
            f"{sum(is_last)} of {BENCHES}",
            sum(is_last) == BENCHES,
        ),
    ]


async def _alone(server: Server, *, seconds: float) -> float:
    """Frames a second of one client that asks when it is answered."""
    async with server.connect() as client:
        await _begin(client, 1)
        started, number = time.perf_counter(), 1000
        while time.perf_counter() - started < seconds:
            number += 1
            await client.send(_position(number, 0))
            await _next_frame(client)
        return (number - 1000) / (time.perf_counter() - started)


def _position(number: int, place: int) -> str:
    return json.dumps({"id": number, "recipe": recipe(number + 17 * place), "size": SIZE})
