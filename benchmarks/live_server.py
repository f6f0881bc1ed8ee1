"""A server for the measurements, in a process of its own with an empty site, and its clients."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from benchmarks.measuring import ROOT

TIMEOUT_S = 120

# All shipped species that breed.
SPECIES = (
    "patterns",
    "sculptures",
    "flames",
    "brushwork",
    "glass",
    "ink",
    "people",
    "things",
    "garments",
    "creatures",
    "tunes",
)


class Server:
    """A context manager. engine: where nets run. log: the file of the server's output.

    prepare: what is done to the site before it starts.
    """

    def __init__(
        self, *, engine: str = "process", prepare: Callable[["Server"], None] | None = None
    ) -> None:
        self.engine, self._prepare = engine, prepare

    def __enter__(self) -> "Server":
        self.folder = tempfile.TemporaryDirectory()
        self.log = Path(self.folder.name) / "server.log"
        with socket.socket() as finder:
            finder.bind(("127.0.0.1", 0))
            self.port = finder.getsockname()[1]
        variables = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ARBORETUM_", "DJANGO_"))
        }
        self.environment = variables | {
            "DJANGO_SETTINGS_MODULE": "genart_site.settings",
            "ARBORETUM_DATA": self.folder.name,
            "ARBORETUM_DEMO_GARDEN": "0",
            "ARBORETUM_ENGINE": self.engine,
            "ARBORETUM_VISITOR_FRAMES_PER_MINUTE": "100000000",
            "ARBORETUM_VISITOR_CONNECTIONS": "1000",
        }
        self.run("manage.py", "serve", "--prepare-only")
        if self._prepare:
            self._prepare(self)
        with self.log.open("wb") as log:
            command = [
                sys.executable,
                "manage.py",
                "serve",
                "--host",
                "127.0.0.1",
                "--port",
                str(self.port),
            ]
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        self._wait()
        return self

    def __exit__(self, *error: Any) -> None:
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()

    def run(self, *arguments: str) -> None:
        """Runs a Python command on this site. Raises RuntimeError when it fails."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{arguments} failed:\n{done.stderr}")

    def _wait(self) -> None:
        end = time.monotonic() + TIMEOUT_S
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz/", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise TimeoutError(f"The server did not answer:\n{self.log.read_text()}")

    def memory_mb(self) -> float:
        """The resident memory of the server's process and of its worker."""
        pid = str(self.process.pid)
        status = subprocess.run(
            ["ps", "-o", "rss=", "-p", pid, "--ppid", pid],
            capture_output=True,
            text=True,
            check=True,
        )
        return sum(map(int, status.stdout.split())) / 1024

    def worker_pid(self) -> int | None:
        """The process that renders for the server (Linux)."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                command = (folder / "cmdline").read_text()
            except (OSError, ValueError):
                continue  # It has ended meanwhile.
            if parent == self.process.pid and "generation.engine.worker" in command:
                return int(folder.name)
        return None

    def connect(self) -> connect:
        # No compression: the frames are JPEG.
        host = f"127.0.0.1:{self.port}"
        return connect(
            f"ws://{host}/ws/bench/",
            origin=Origin(f"http://{host}"),
            compression=None,
            max_size=2**22,
            max_queue=1024,
        )


async def begin(client: ClientConnection, *, species: str = "patterns") -> None:
    """Puts two parents on the bench and reads until both their portraits have arrived."""
    roots = [f"seed:{species}:1", f"seed:{species}:2"]
    await client.send(json.dumps({"id": 1, "parents": {"roots": roots}}))
    left = {2, 3}  # The portraits of both seeds.
    while left:
        answer = await client.recv()
        if isinstance(answer, bytes):
            left.discard(int.from_bytes(answer[:4], "big"))
        elif "error" in answer:
            raise RuntimeError(answer)


def recipe(number: int) -> dict[str, Any]:
    """The recipe at a position of the slider; every number is another position."""
    b = (number * 37 % 1000) / 1000
    return {"operator": "blend", "weights": [round(1 - b, 3), b], "seed": 7}


async def ask(client: ClientConnection, number: int, *, size: int) -> None:
    """Asks for a frame of this id and size in pixels."""
    await client.send(json.dumps({"id": number, "recipe": recipe(number), "size": size}))


async def receive_frame(client: ClientConnection) -> int:
    """The id of the next frame. Raises RuntimeError when the server refuses."""
    data = await client.recv()
    if isinstance(data, str):
        raise RuntimeError(data)
    return int.from_bytes(data[:4], "big")
