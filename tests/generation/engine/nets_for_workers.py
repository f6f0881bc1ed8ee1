"""Renderers that tests run in a worker process: nets that go wrong, each in its own way."""

import os
import time

from generation.engine.frames import Frame, RenderKey
from generation.genome import Genome
from generation.residency import nets
from generation.yielding import YieldPoint
from tests.squares import render_squares

# The first gene of a genome says what happens to it.
FINE, DIES, HANGS, RAISES, IS_SLOW = 0.0, 1.0, 2.0, 3.0, 4.0
SLOW_S = 0.4


def render(key: RenderKey, genomes: list[Genome], yield_point: YieldPoint) -> list[Frame]:
    """Squares, unless a genome asks for trouble."""
    nets.get("squares", lambda: object(), size=1000)
    for genome in genomes:
        trouble = float(genome.genes[0])
        if trouble == DIES:
            os.kill(os.getpid(), 9)
        if trouble == HANGS:
            time.sleep(3600)
        if trouble == RAISES:
            raise ZeroDivisionError("a net divided by nothing")
        if trouble == IS_SLOW:
            ends = time.monotonic() + SLOW_S
            while time.monotonic() < ends:
                yield_point(1 - (ends - time.monotonic()) / SLOW_S)
                time.sleep(0.005)
    return render_squares(key, genomes, yield_point)
