"""Music: the time from slider to notes over a real socket, and how fast a song is rendered.

A song is rendered by `generation.engine.render.render_batch`, as a print is: notes by the net,
every part, mixing, mastering, FLAC.
"""

import asyncio
import json
import statistics
import time

from websockets.asyncio.client import ClientConnection

from benchmarks.live_server import Server, recipe
from benchmarks.measuring import Row
from generation import devices
from generation.breeding import breed, sample
from generation.engine import render
from generation.engine.frames import NOTES, SOUND, RenderKey
from generation.genome import Genome, Recipe

SEEDS = (1, 2)
ROOTS = [f"seed:tunes:{seed}" for seed in SEEDS]


def rows(quick: bool) -> list[Row]:
    devices.use_cores()
    studio = Studio()
    with Server() as server:
        live, alone = asyncio.run(_alternate(server, studio, rounds=20 if quick else 150))
    return [_slider(live), _overhead(live, alone), _song(studio, songs=2 if quick else 6)]


class Studio:
    """The nets and the band in this process, without engine and socket."""

    def __init__(self) -> None:
        self._parents = [sample("tunes", seed=seed) for seed in SEEDS]
        self.render(0, NOTES)  # The first waits for torch and the net.

    def child(self, number: int) -> Genome:
        return breed(self._parents, Recipe.from_json(recipe(number), parents=len(SEEDS)))

    def render(self, number: int, media_type: str) -> tuple[float, float, float]:
        """Seconds that it took, seconds of all cores together, and seconds that the tune plays."""
        child = self.child(number)
        key = RenderKey(child.generator, child.digest, 0, media_type, 1)
        started, worked = time.perf_counter(), time.process_time()
        (frame,) = render.render_batch(key, [child], lambda progress: None)
        return time.perf_counter() - started, time.process_time() - worked, frame.seconds


async def _alternate(
    server: Server, studio: Studio, *, rounds: int
) -> tuple[list[float], list[float]]:
    """Seconds from positions to notes over the socket, and of the same ones rendered here.

    Both are measured in turns.
    """
    live, alone = [], []
    async with server.connect() as client:
        await client.send(json.dumps({"id": 1, "parents": {"roots": ROOTS}}))
        while (
            await _receive_notes(client) != 3
        ):  # The portraits of both seeds have the ids 2 and 3.
            pass
        for number in range(100, 100 + rounds):
            alone.append(studio.render(number, NOTES)[0])
            started = time.perf_counter()
            await client.send(json.dumps({"id": number, "recipe": recipe(number)}))
            while await _receive_notes(client) != number:
                pass
            live.append(time.perf_counter() - started)
    return live, alone


async def _receive_notes(client: ClientConnection) -> int | None:
    """The id of the next message if it holds notes."""
    message = json.loads(await client.recv())
    if "error" in message:
        raise RuntimeError(message["error"])
    return message["id"] if "notes" in message else None


def _slider(live: list[float]) -> Row:
    median = 1000 * statistics.median(live)
    late = 1000 * statistics.quantiles(live, n=20)[-1]
    return {
        "name": "music, one client: p50 slider to notes",
        "goal": "<= 60 ms",
        "value": f"{median:.1f} ms (p95 {late:.1f} ms)",
        "ok": median <= 60,
    }


def _overhead(live: list[float], alone: list[float]) -> Row:
    ratio = statistics.median(live) / statistics.median(alone)
    return {
        "name": "music, one client: p50 slider to notes over the bare net",
        "goal": "<= 1.5x",
        "value": (
            f"{ratio:.2f}x ({1000 * statistics.median(live):.1f} over"
            f" {1000 * statistics.median(alone):.1f} ms)"
        ),
        "ok": ratio <= 1.5,
    }


def _song(studio: Studio, *, songs: int) -> Row:
    """Children of two parents with several bands.

    The first song is not counted, because it loads the instruments.
    """
    studio.render(200, SOUND)
    taken = [studio.render(201 + number, SOUND) for number in range(songs)]
    speed = statistics.median(plays / seconds for seconds, _, plays in taken)
    by_work = statistics.median(plays / work for _, work, plays in taken)
    return {
        "name": f"music, {songs} songs rendered, mastered and encoded: speed over real time",
        "goal": ">= 10x",
        "value": f"{speed:.1f}x ({by_work:.1f}x of the cores' time)",
        "ok": speed >= 10,
    }
