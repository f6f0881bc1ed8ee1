"""Diffusion nets in a worker process, as the site runs them."""

import threading

import pytest

from generation.breeding import sample
from generation.engine.engine import LocalEngine
from generation.engine.frames import Priority
from generation.engine.worker_process import WorkerProcess

ENOUGH_S = 300


@pytest.mark.slow
def test_a_live_frame_is_served_inside_a_print_and_changes_no_byte(diffusion_species):
    fox, boat = (sample("sdxl", seed=1, words=words) for words in ("a red fox", "a paper boat"))
    engine = LocalEngine(worker=WorkerProcess(), max_batch_size=4)
    try:

        def painted(genome, **options):
            return engine.submit(genome, size=64, media_type="image/png", **options)

        print_options = {"supersample": 2, "priority": Priority.JOB}
        alone = painted(fox, **print_options).result(ENOUGH_S).payload
        live_alone = painted(boat).result(ENOUGH_S).payload
        has_begun = threading.Event()
        printing = painted(fox, on_progress=lambda progress: has_begun.set(), **print_options)
        assert has_begun.wait(ENOUGH_S)
        live = painted(boat)
        assert live.result(ENOUGH_S).payload == live_alone
        assert printing.result(ENOUGH_S).payload == alone
        assert engine.stats().worker_starts == 1
    finally:
        engine.close()
