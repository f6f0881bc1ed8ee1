"""A net that can be held in the middle of a batch, for tests of the engine."""

import io
import threading
from concurrent.futures import Future

import numpy as np
from PIL import Image

from generation.engine.engine import LocalEngine
from generation.engine.frames import Frame
from generation.genome import Genome
from tests.squares import render_squares

SOON = 10  # Seconds after which a test gives up; nothing here takes a tenth of one.


def genome(*genes: float, generator: str = "squares") -> Genome:
    return Genome(generator, "digest", np.array(genes or (0, 0, 0)))


class Easel:
    """A net that paints squares and can be held in the middle of a batch; it remembers what it was
    given.
    """

    def __init__(self) -> None:
        self.batches: list[list[Genome]] = []
        self.keys: list = []
        self.threads: set[str] = set()
        self.held = threading.Event()
        self.go = threading.Event()
        self.go.set()
        self.error: BaseException | None = None

    def __call__(self, key, genomes, yield_point) -> list[Frame]:
        self.batches.append(list(genomes))
        self.keys.append(key)
        self.threads.add(threading.current_thread().name)
        if not self.go.is_set():
            self.held.set()
            self.go.wait(SOON)
        if self.error is not None:
            raise self.error
        return render_squares(key, genomes, yield_point)

    def hold(self) -> None:
        self.held.clear()
        self.go.clear()


def occupy(engine: LocalEngine, easel: Easel, **settings) -> Future:
    """Hold the engine in a batch of its own, so that what follows waits in line."""
    easel.hold()
    future = engine.submit(genome(), **({"size": 16, "owner": "occupier"} | settings))
    assert easel.held.wait(SOON)
    return future


def painted(frame: Frame) -> tuple[int, int, int]:
    with Image.open(io.BytesIO(frame.payload)) as picture:
        return picture.convert("RGB").getpixel((3, 3))
