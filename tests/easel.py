"""A net that can be held in the middle of a batch, for tests of the engine."""

import io
import threading
from concurrent.futures import Future

import numpy as np
from PIL import Image

from generation.engine.engine import LocalEngine
from generation.engine.frames import Frame, RenderKey
from generation.genome import Genome
from generation.yielding import YieldPoint
from tests.squares import render_squares

SOON = 10  # Seconds after which a test gives up; nothing here takes a tenth of one.


def genome(*genes: float, generator: str = "squares") -> Genome:
    """A genome whose first three genes are its square's colour."""
    return Genome(generator, "digest", np.array(genes or (0, 0, 0)))


class Easel:
    """A net that paints squares and can be held in the middle of a batch.

    It remembers the batches, keys and threads that it was called with.
    """

    def __init__(self) -> None:
        self.batches: list[list[Genome]] = []
        self.keys: list[RenderKey] = []
        self.threads: set[str] = set()
        self.held = threading.Event()  # Set once a batch is being held.
        self.go = threading.Event()  # Set to let held batches continue.
        self.go.set()
        self.error: BaseException | None = None

    def __call__(
        self, key: RenderKey, genomes: list[Genome], yield_point: YieldPoint
    ) -> list[Frame]:
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
        """Hold the next batch until `go` is set."""
        self.held.clear()
        self.go.clear()


def occupy(engine: LocalEngine, easel: Easel, *, media_type: str = "image/jpeg") -> Future[Frame]:
    """Hold the engine in a batch of its own, so that later requests wait in the queue."""
    easel.hold()
    future = engine.submit(genome(), size=16, media_type=media_type, owner="occupier")
    assert easel.held.wait(SOON)
    return future


def painted(frame: Frame) -> tuple[int, int, int]:
    """The colour of a frame's square."""
    with Image.open(io.BytesIO(frame.payload)) as picture:
        red, green, blue = np.asarray(picture.convert("RGB"))[3, 3].tolist()
    return red, green, blue
