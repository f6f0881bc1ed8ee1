"""Diffusion nets in a worker process, as the site runs them."""

import os
import threading

import pytest

from generation.breeding import sample
from generation.engine.engine import LocalEngine
from generation.engine.frames import Priority
from generation.engine.worker_process import WorkerProcess
from generation.refusal import Refused

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


@pytest.mark.slow
def test_a_graft_whose_worker_is_killed_in_the_middle_comes_out_the_same(diffusion_species):
    source = sample("patterns", seed=4)
    graft = sample("sd", seed=1, words="a red fox", graft=source)
    engine = LocalEngine(worker=WorkerProcess(), max_batch_size=4)
    has_begun = threading.Event()

    def printed(on_progress=lambda progress: None):
        return engine.submit(
            graft,
            size=64,
            media_type="image/png",
            supersample=2,
            priority=Priority.JOB,
            on_progress=on_progress,
        )

    try:
        before = printed().result(ENOUGH_S).payload
        printing = printed(lambda progress: has_begun.set())
        assert has_begun.wait(ENOUGH_S)
        os.kill(engine.stats().worker_pid, 9)
        with pytest.raises(Refused, match="goes on by itself"):
            printing.result(ENOUGH_S)
        assert printed().result(ENOUGH_S).payload == before
        assert engine.stats().worker_starts == 2
    finally:
        engine.close()
