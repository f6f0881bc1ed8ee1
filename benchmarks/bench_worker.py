"""The worker process against a thread of the web process, and what its deaths cost.

Two sites run beside each other and are measured in interleaved rounds. Then the worker of one is
killed again and again while works are printed and benches are dragged: no print may be lost or
made twice, and every bench goes on by itself.
"""

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import time

from websockets.asyncio.client import ClientConnection

from benchmarks.live_server import Server, ask, begin
from benchmarks.measuring import ROOT, Row, row

PRINTS, KILLS, BENCHES = 200, 20, 8
BETWEEN_KILLS_S = 15.0
A_HAND_S = 0.3  # A person at a bench moves a slider, looks, and moves it again.
GOES_ON_S = 3.0  # Besides the time that starting a worker takes.
COUNT = (
    "import django, json; django.setup();"
    "from gallery.models import Artwork, Job, JobState;"
    "print(json.dumps([Artwork.objects.exclude(master='').count(),"
    " Job.objects.exclude(state=JobState.DONE).count(), Job.objects.count()]))"
)


def rows(quick: bool) -> list[Row]:
    prints, kills = (20, 3) if quick else (PRINTS, KILLS)
    with Server(engine="thread") as thread, Server(engine="process") as process:
        found = asyncio.run(_compare(thread, process, rounds=2 if quick else 5))
        found += asyncio.run(_kill_again_and_again(process, prints=prints, kills=kills))
    return found


async def _compare(thread: Server, process: Server, *, rounds: int) -> list[Row]:
    frames: dict[str, list[float]] = {"thread": [], "process": []}
    async with thread.connect() as one, process.connect() as other:
        clients = {"thread": one, "process": other}
        for client in clients.values():
            await begin(client)
        for _ in range(rounds):
            for name, client in clients.items():
                frames[name].append(await _frames_a_second(client, seconds=3))
    in_thread, in_process = (statistics.median(each) for each in frames.values())
    return [
        row(
            "worker, one client, Patterns 64 px: frames a second over those of a thread",
            ">= 0.9x",
            f"{in_process / in_thread:.2f}x ({in_process:.0f} and {in_thread:.0f})",
            in_process >= 0.9 * in_thread,
        )
    ]


async def _frames_a_second(client: ClientConnection, *, seconds: float) -> float:
    started, frames = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        frames += 1
        await ask(client, 10_000 + int(1e6 * time.monotonic()) % 10**9, size=64)
        await _next_frame(client)
    return frames / (time.perf_counter() - started)


async def _next_frame(client: ClientConnection) -> None:
    """Wait for a frame. That the studio starts again is read over; another refusal is raised."""
    while isinstance(data := await client.recv(), str):
        told = json.loads(data)
        if "error" in told and "retry_after" not in told:
            raise RuntimeError(told["error"])


async def _kill_again_and_again(server: Server, *, prints: int, kills: int) -> list[Row]:
    printing = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.live_prints", str(prints)],
        cwd=ROOT,
        env=server.environment | {"ARBORETUM_JOBS_PER_USER": str(prints)},
        stderr=subprocess.PIPE,
        text=True,
    )
    is_over = asyncio.Event()
    gaps: list[float] = []
    benches = [asyncio.create_task(_drag(server, gaps, is_over)) for _ in range(BENCHES)]
    killed, start_s = 0, await asyncio.to_thread(_start_s)
    while killed < kills:
        await asyncio.sleep(BETWEEN_KILLS_S)
        if pid := server.worker_pid():
            os.kill(pid, signal.SIGKILL)
            killed += 1
            start_s = max(start_s, await asyncio.to_thread(_start_s))
    is_over.set()
    await asyncio.gather(*benches)
    _, errors = await asyncio.to_thread(printing.communicate)
    counted = subprocess.run(
        [sys.executable, "-c", COUNT],
        cwd=ROOT,
        env=server.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    printed, unfinished, jobs = json.loads(counted.stdout.splitlines()[-1])
    longest = max(gaps)
    return [
        row(
            f"worker killed {killed} times during {prints} prints: prints made",
            f"{prints}, each once",
            f"{printed} works, {jobs} jobs, {unfinished} unfinished"
            + (f"; {errors}" * bool(errors)),
            (printed, unfinished, jobs) == (prints, 0, prints),
        ),
        row(
            f"worker killed {killed} times beside {BENCHES} benches: longest pause of one",
            f"<= {GOES_ON_S:g} s and a start of the worker",
            f"{longest:.1f} s (a start takes {start_s:.1f} s)",
            longest <= GOES_ON_S + start_s,
        ),
    ]


async def _drag(server: Server, gaps: list[float], is_over: asyncio.Event) -> None:
    async with server.connect() as client:
        await begin(client)
        number, last = 100, time.perf_counter()
        while not is_over.is_set():
            number += 1
            await ask(client, number, size=64)
            await _next_frame(client)
            now = time.perf_counter()
            gaps.append(now - last)
            await asyncio.sleep(A_HAND_S)
            last = time.perf_counter()


def _start_s() -> float:
    """Seconds until a fresh process can render, on the machine as it is now."""
    started = time.perf_counter()
    command = [sys.executable, "-c", "import generation.engine.render"]
    subprocess.run(command, cwd=ROOT, check=True)
    return time.perf_counter() - started
