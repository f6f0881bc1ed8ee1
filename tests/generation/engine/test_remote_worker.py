"""Species that another server paints, in a worker process, as the site runs them."""

import pytest

from generation.breeding import sample
from generation.checkpoints import catalogue
from generation.engine.engine import LocalEngine
from generation.engine.worker_process import WorkerProcess
from generation.importing.remote import Wish, import_remote
from tests.generation.fake_servers import serve

ENOUGH_S = 120
SILENCE_S = 1.0


@pytest.mark.slow
def test_a_worker_that_waits_for_a_server_is_not_taken_for_dead_and_can_be_stopped(
    more_checkpoints, monkeypatch
):
    with serve() as (studio, address):
        monkeypatch.setenv("ARBORETUM_REMOTE_SERVERS", f"attic={address}")
        wish = Wish("attic", "Dreams", "CC0-1.0", "us", steps=2, size=64)
        import_remote(wish, root=more_checkpoints)
        catalogue(refresh=True)
        engine = LocalEngine(worker=WorkerProcess(silence_s=SILENCE_S))
        try:
            one, other = (sample("dreams", seed=seed, words="a fox") for seed in (1, 2))
            first = engine.submit(one, size=64).result(ENOUGH_S)
            studio.go.clear()
            studio.has_begun.clear()
            waiting = engine.submit(other, size=64)
            assert studio.has_begun.wait(ENOUGH_S)
            # Others are served meanwhile, for longer than a worker may say nothing.
            local = engine.submit(sample("patterns", seed=1), size=32)
            assert local.result(ENOUGH_S).width == 32
            assert not studio.is_stopped.wait(1.5 * SILENCE_S)
            assert not waiting.done() and waiting.cancel()
            assert studio.is_stopped.wait(ENOUGH_S)
            assert engine.submit(one, size=64).result(ENOUGH_S).payload == first.payload
            assert engine.stats().worker_starts == 1
        finally:
            engine.close()
