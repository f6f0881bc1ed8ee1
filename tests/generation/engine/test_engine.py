"""The engine with a net that paints squares: batches, order, fairness, cancelling."""

import asyncio
import json
import threading
import time
from concurrent.futures import CancelledError, Future, wait

import numpy as np
import pytest

from generation import card as cards
from generation import checkpoints
from generation.engine.frames import Priority
from generation.genome import Genome
from tests.easel import SOON, genome, occupy, painted
from tests.squares import colour, make_engine, render_squares


def test_no_thread_runs_before_the_first_request(engine):
    assert engine.stats().is_running is False
    engine.submit(genome(), size=16).result(SOON)
    assert engine.stats().is_running is True


def test_everybody_gets_their_own_picture(engine):
    genomes = [genome(red, green, -1) for red in (-1, 0, 1) for green in (-1, 0, 1)]
    futures = [
        engine.submit(this, size=32, media_type="image/png", owner=str(n % 2))
        for n, this in enumerate(genomes)
    ]
    for this, future in zip(genomes, futures, strict=True):
        frame = future.result(SOON)
        assert (frame.width, frame.height, frame.media_type) == (32, 32, "image/png")
        assert painted(frame) == colour(this)


def test_the_net_runs_in_the_engines_thread_alone(engine, easel):
    wait([engine.submit(genome(), size=16) for _ in range(20)], SOON)
    assert easel.threads == {"engine"}


def test_what_waits_with_the_same_key_is_one_batch(engine, easel):
    occupy(engine, easel)
    futures = [engine.submit(genome(), size=size) for size in (64, 128, 64, 64, 128)]
    easel.go.set()
    wait(futures, SOON)
    assert [
        (key.size, len(batch)) for key, batch in zip(easel.keys[1:], easel.batches[1:], strict=True)
    ] == [(64, 3), (128, 2)]


def test_a_batch_has_a_largest_size(engine, easel):
    occupy(engine, easel)
    futures = [engine.submit(genome(), size=64) for _ in range(19)]
    easel.go.set()
    wait(futures, SOON)
    assert [len(batch) for batch in easel.batches] == [1, 8, 8, 3]
    assert engine.stats().batches == {1: 1, 3: 1, 8: 2}


def test_large_pictures_are_batched_in_smaller_numbers(engine, easel):
    occupy(engine, easel)
    futures = [engine.submit(genome(), size=512) for _ in range(4)] + [
        engine.submit(genome(), size=512, supersample=2)
    ]
    easel.go.set()
    wait(futures, SOON)
    assert [len(batch) for batch in easel.batches] == [1, 2, 2, 1]


def test_the_card_of_a_species_may_make_its_batches_smaller(engine, easel, more_checkpoints):
    card = dict.fromkeys(cards.REQUIRED, "shy") | {"version": 1, "largest_batch": 2}
    (more_checkpoints / "shy").mkdir()
    (more_checkpoints / "shy" / "card.json").write_text(json.dumps(card))
    checkpoints.catalogue(refresh=True)
    shy = Genome("shy", checkpoints.find("shy").digest, np.zeros(3))
    occupy(engine, easel)
    futures = [engine.submit(shy, size=64) for _ in range(5)]
    easel.go.set()
    wait(futures, SOON)
    assert [len(batch) for batch in easel.batches] == [1, 2, 2, 1]


def test_a_request_waits_for_company(easel):
    engine = make_engine(render_batch=easel, batch_wait_timeout_s=SOON, max_batch_size=3)
    wait([engine.submit(genome(), size=64) for _ in range(3)], SOON)
    engine.close()
    assert [len(batch) for batch in easel.batches] == [3]


def test_a_request_without_company_goes_alone_after_a_while(easel):
    engine = make_engine(render_batch=easel, batch_wait_timeout_s=0.02, max_batch_size=3)
    assert engine.submit(genome(), size=64).result(SOON).width == 64
    engine.close()
    assert [len(batch) for batch in easel.batches] == [1]


def test_a_slider_does_not_wait_behind_a_print_that_waits_for_company(easel):
    engine = make_engine(render_batch=easel, batch_wait_timeout_s=SOON, max_batch_size=2)
    job = engine.submit(genome(), size=64, priority=Priority.JOB)
    live = [engine.submit(genome(), size=128) for _ in range(2)]
    wait(live, SOON)
    assert not job.done()
    engine.close()
    assert [key.size for key in easel.keys] == [128]


def test_live_goes_before_job(engine, easel):
    occupy(engine, easel)
    jobs = [engine.submit(genome(-1), size=64, priority=Priority.JOB) for _ in range(3)]
    live = [engine.submit(genome(1), size=128) for _ in range(3)]
    easel.go.set()
    wait(jobs + live, SOON)
    assert [key.size for key in easel.keys] == [16, 128, 64]


def test_a_slider_is_served_inside_a_running_print(engine):
    order = []
    print_started = threading.Event()
    slider: list[Future] = []

    def on_progress(progress: float) -> None:
        if progress and not slider:
            slider.append(engine.submit(genome(1), size=16))
            slider[0].add_done_callback(lambda _: order.append("slider"))
            print_started.set()

    job = engine.submit(
        genome(), size=512, supersample=2, priority=Priority.JOB, on_progress=on_progress
    )
    job.add_done_callback(lambda _: order.append("print"))
    assert print_started.wait(SOON)
    wait([job, slider[0]], SOON)
    assert order == ["slider", "print"]
    assert engine.stats().latency_ms.keys() == {"job", "live"}


def test_sliders_without_end_cannot_stop_a_print(engine):
    is_over = threading.Event()

    def again(_=None) -> None:
        if not is_over.is_set():
            engine.submit(genome(1), size=16, owner="restless").add_done_callback(again)

    def on_progress(progress: float) -> None:
        if 0 < progress < 0.5:
            again()

    job = engine.submit(genome(), size=64, priority=Priority.JOB, on_progress=on_progress)
    try:
        assert job.result(SOON).width == 64
    finally:
        is_over.set()


def test_a_print_that_waited_too_long_gets_its_turn(easel):
    engine = make_engine(render_batch=easel, max_job_wait_s=0)
    occupy(engine, easel)
    live = engine.submit(genome(), size=128)
    job = engine.submit(genome(), size=64, priority=Priority.JOB)
    easel.go.set()
    wait([live, job], SOON)
    engine.close()
    assert [key.size for key in easel.keys] == [16, 64, 128]


def test_one_person_with_many_requests_does_not_delay_another(engine, easel):
    occupy(engine, easel)
    bulk = [engine.submit(genome(-1), size=64, owner="bulk") for _ in range(400)]
    alone = [engine.submit(genome(1), size=64, owner="alone") for _ in range(8)]
    done = []
    for future in bulk + alone:
        future.add_done_callback(done.append)
    easel.go.set()
    wait(bulk + alone, SOON)
    positions = [done.index(future) for future in alone]
    assert max(positions) < 24


def test_what_a_picture_really_took_is_charged(easel):
    """Two people have twenty pictures each, and those of one take long.

    The other's are all done before half of the slow ones are.
    """

    def paint(key, genomes, yield_point):
        if genomes[0].genes[0] < 0:
            time.sleep(0.02)
        return easel(key, genomes, yield_point)

    engine = make_engine(render_batch=paint, max_batch_size=1)
    occupy(engine, easel)
    slow = [engine.submit(genome(-1), size=16, owner="slow") for _ in range(20)]
    quick = [engine.submit(genome(1), size=16, owner="quick") for _ in range(20)]
    easel.go.set()
    wait(quick, SOON)
    assert sum(future.done() for future in slow) < 10
    engine.close()


def test_progress_rises_to_one(engine):
    reported: list[float] = []
    engine.submit(genome(), size=64, priority=Priority.JOB, on_progress=reported.append).result(
        SOON
    )
    assert reported == sorted(reported)
    assert len(reported) > 2
    assert reported[-1] == 1.0


def test_a_failing_progress_callback_harms_nobody(engine, caplog):
    def on_progress(progress: float) -> None:
        raise RuntimeError("The page is gone.")

    assert engine.submit(genome(), size=64, on_progress=on_progress).result(SOON).width == 64
    assert "Reporting the progress failed" in caplog.text


def test_a_cancelled_request_is_never_rendered(engine, easel):
    occupy(engine, easel)
    kept, dropped = engine.submit(genome(1), size=64), engine.submit(genome(-1), size=64)
    assert dropped.cancel()
    easel.go.set()
    kept.result(SOON)
    assert easel.batches[1:] == [[genome(1)]]
    assert engine.stats().cancelled == 1


def test_waiting_for_a_cancelled_future_ends(engine, easel):
    occupy(engine, easel)
    dropped = engine.submit(genome(), size=64)
    dropped.cancel()
    engine.stats()
    done, _ = wait([dropped], SOON)
    assert done == {dropped}
    with pytest.raises(CancelledError):
        dropped.result(0)


def test_a_running_batch_that_nobody_waits_for_is_abandoned(engine, easel):
    future = occupy(engine, easel)
    assert future.cancel()
    easel.go.set()
    engine.submit(genome(), size=32).result(SOON)
    stats = engine.stats()
    assert (stats.frames, stats.cancelled, stats.failures) == (1, 1, 0)
    assert stats.batches == {1: 1}  # The abandoned batch never came to its end.


def test_a_running_batch_goes_on_for_those_who_still_wait(engine, easel):
    occupy(engine, easel)
    first, second = engine.submit(genome(1), size=64), engine.submit(genome(-1), size=64)
    in_second_batch = threading.Event()

    def paint(key, genomes, yield_point):
        first.cancel()
        in_second_batch.set()
        return render_squares(key, genomes, yield_point)

    engine._render_batch = paint
    easel.go.set()
    assert second.result(SOON).width == 64
    assert in_second_batch.is_set()
    assert first.cancelled()


async def test_futures_are_awaited_and_cancelled_from_asyncio(engine, easel):
    frame = await asyncio.wrap_future(
        engine.submit(genome(1, 1, 1), size=16, media_type="image/png")
    )
    assert painted(frame) == (255, 255, 255)
    easel.hold()
    future = engine.submit(genome(), size=16)
    task = asyncio.ensure_future(asyncio.wrap_future(future))
    while not easel.held.is_set():
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0)  # The loop hands the cancelling on in its next turn.
    assert future.cancelled()


def test_stats_tell_times_by_key(engine):
    wait([engine.submit(genome(), size=64) for _ in range(5)], SOON)
    times = engine.stats().render_ms["squares 64 px image/jpeg"]
    assert times.count == 5
    assert 0 < times.p50 <= times.p95
