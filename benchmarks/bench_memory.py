"""Memory of all processes of a site while all species are used, for an hour.

Each round drags a pair of every species, finishes it in a style, and prints works of all species.
"""

import asyncio
import json
import statistics
import time

from benchmarks.live_server import SPECIES, Server, recipe
from benchmarks.measuring import Row, row

MINUTES = 60.0
MB_IN_ALL = 1000
STYLE = [["style", {"style": "lino"}]]


def rows(quick: bool) -> list[Row]:
    end = time.monotonic() + (0 if quick else 60 * MINUTES)
    with Server() as server:
        started, levels = time.monotonic(), []
        while not levels or time.monotonic() < end:
            for key in SPECIES:
                asyncio.run(_use(server, key))
            server.run("-m", "benchmarks.live_prints", "1", *SPECIES)
            levels.append(server.memory_mb())
        minutes = (time.monotonic() - started) / 60
    highest, late = max(levels), statistics.median(levels[len(levels) // 2 :])
    return [
        row(
            f"memory: all processes after each round of {minutes:.0f} minutes of mixed use",
            f"<= {MB_IN_ALL} MB",
            f"{highest:.0f} MB at most ({len(levels)} rounds, {levels[0]:.0f} MB after the first,"
            f" {late:.0f} MB in the later half)",
            highest <= MB_IN_ALL,
        )
    ]


async def _use(server: Server, key: str) -> None:
    """Drag the blend of two founders, then look at it in a style (tunes have none)."""
    async with server.connect() as client:
        roots = [f"seed:{key}:1", f"seed:{key}:2"]
        await client.send(json.dumps({"id": 1, "parents": {"roots": roots}}))
        for number in range(100, 121):
            position = recipe(number)
            if number == 120 and key != "tunes":
                position["finishing"] = STYLE
            size = 512 if number == 120 else 256
            await client.send(json.dumps({"id": number, "recipe": position, "size": size}))
        answered = 0
        while answered < 120:
            data = await client.recv()
            if isinstance(data, bytes):
                answered = int.from_bytes(data[:4], "big")
            elif '"notes"' in data:
                answered = json.loads(data)["id"]
            elif "error" in data and "retry_after" not in data:
                raise RuntimeError(data)
