"""A worker process: what it renders, and what people notice when it fails. Real processes."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, wait

import numpy as np
import pytest

from generation.engine.engine import LocalEngine
from generation.engine.frames import Frame, Priority, RenderFailed
from generation.engine.worker_process import MOST_DEATHS, WorkerProcess
from generation.genome import Genome
from generation.refusal import Refused
from tests.generation.engine.nets_for_workers import DIES, FINE, HANGS, IS_SLOW, RAISES
from tests.squares import make_engine

NETS = "tests.generation.engine.nets_for_workers"
ENOUGH_S = 60


def genome(trouble: float = FINE, number: int = 0) -> Genome:
    return Genome("squares", "", np.array([trouble, number / 100, 0.5], dtype=np.float32))


@pytest.fixture
def engine() -> Iterator[LocalEngine]:
    started = LocalEngine(
        worker=WorkerProcess(renderer=f"{NETS}:render", silence_s=2.0), max_batch_size=4
    )
    yield started
    started.close()


def wait_for_pid(engine: LocalEngine) -> int:
    """The worker's process number, once it runs."""
    ends = time.monotonic() + ENOUGH_S
    while time.monotonic() < ends:
        if pid := engine.stats().worker_pid:
            return pid
        time.sleep(0.01)
    raise TimeoutError("No worker was started.")


def result(future: "Future[Frame]") -> Frame:
    return future.result(timeout=ENOUGH_S)


def rendered_again(engine: LocalEngine, subject: Genome, **options: object) -> Frame:
    """The frame, asked for again as long as a refusal says to."""
    while True:
        try:
            return result(engine.submit(subject, size=32, **options))
        except Refused as refused:
            if refused.retry_after is None:
                raise


def test_frames_are_those_of_a_thread_byte_for_byte(engine: LocalEngine):
    beside = make_engine()
    try:
        for number in range(6):
            for media_type in ("image/jpeg", "image/png"):
                options = {"size": 48, "media_type": media_type}
                frame = result(engine.submit(genome(number=number), **options))
                assert frame == result(beside.submit(genome(number=number), **options))
    finally:
        beside.close()


def test_progress_arrives_and_live_frames_are_served_inside_a_print(engine: LocalEngine):
    result(engine.submit(genome(), size=32))
    reported: list[float] = []
    printing = engine.submit(
        genome(IS_SLOW), size=32, priority=Priority.JOB, on_progress=reported.append
    )
    while not reported:
        time.sleep(0.005)
    live = [engine.submit(genome(number=number), size=32) for number in range(3)]
    wait(live, timeout=ENOUGH_S)
    assert not printing.done()
    result(printing)
    assert reported == sorted(reported) and len(reported) > 5 and reported[-1] == 1


def test_a_cancelled_print_is_abandoned_and_the_worker_stays(engine: LocalEngine):
    result(engine.submit(genome(), size=32))
    pid = wait_for_pid(engine)
    reported: list[float] = []
    printing = engine.submit(
        genome(IS_SLOW), size=32, priority=Priority.JOB, on_progress=reported.append
    )
    while not reported:
        time.sleep(0.005)
    assert printing.cancel()
    result(engine.submit(genome(), size=32))
    assert engine.stats().worker_pid == pid and reported[-1] < 1


def test_an_error_of_a_net_fails_its_request_alone(engine: LocalEngine):
    with pytest.raises(RenderFailed, match="a net divided by nothing"):
        result(engine.submit(genome(RAISES), size=32))
    pid = wait_for_pid(engine)
    result(engine.submit(genome(), size=32))
    assert engine.stats().worker_pid == pid


def test_a_refusal_keeps_its_sentence():
    real = LocalEngine(worker=WorkerProcess())
    try:
        with pytest.raises(Refused, match="not installed here"):
            result(real.submit(genome(), size=32))
    finally:
        real.close()


def test_a_worker_that_is_killed_is_replaced_and_those_who_wait_are_asked_to_wait(
    engine: LocalEngine,
):
    result(engine.submit(genome(), size=32))
    reported: list[float] = []
    printing = engine.submit(
        genome(IS_SLOW), size=32, priority=Priority.JOB, on_progress=reported.append
    )
    while not reported:
        time.sleep(0.005)
    os.kill(wait_for_pid(engine), 9)
    with pytest.raises(Refused, match="goes on by itself") as caught:
        result(printing)
    assert caught.value.retry_after is not None
    assert rendered_again(engine, genome(IS_SLOW), priority=Priority.JOB).payload
    assert engine.stats().worker_starts == 2


def test_a_worker_that_was_killed_while_idle_is_replaced_unnoticed(engine: LocalEngine):
    before = result(engine.submit(genome(), size=32))
    pid = wait_for_pid(engine)
    os.kill(pid, 9)
    while engine.stats().worker_pid == pid:
        time.sleep(0.01)
    assert result(engine.submit(genome(), size=32)) == before


def test_a_child_at_which_workers_end_again_and_again_fails_and_others_go_on(engine: LocalEngine):
    for _ in range(MOST_DEATHS):
        with pytest.raises(Refused, match="goes on by itself"):
            result(engine.submit(genome(DIES), size=32))
    with pytest.raises(RenderFailed, match="workers ended"):
        result(engine.submit(genome(DIES), size=32))
    assert rendered_again(engine, genome()).payload


def test_the_neighbours_of_a_deadly_child_are_painted(engine: LocalEngine):
    result(engine.submit(genome(), size=32))
    blocker = engine.submit(genome(IS_SLOW), size=32)
    batch = [genome(number=1), genome(DIES), genome(number=2)]
    futures = [engine.submit(one, size=32) for one in batch]
    result(blocker)
    assert result(futures[0]).payload and result(futures[2]).payload
    with pytest.raises(Refused, match="goes on by itself"):
        result(futures[1])


def test_a_print_is_not_blamed_for_a_live_frame_inside_it_that_ends_the_worker(
    engine: LocalEngine,
):
    for _ in range(MOST_DEATHS + 1):
        reported: list[float] = []
        printing = engine.submit(
            genome(IS_SLOW), size=32, priority=Priority.JOB, on_progress=reported.append
        )
        while not reported:
            time.sleep(0.005)
        deadly = engine.submit(genome(DIES, number=len(reported)), size=32)
        wait([deadly, printing], timeout=ENOUGH_S)
        error = printing.exception()
        assert error is None or (isinstance(error, Refused) and error.retry_after)
    assert rendered_again(engine, genome(IS_SLOW), priority=Priority.JOB).payload


def test_a_net_that_sleeps_for_ever_is_replaced(engine: LocalEngine):
    with pytest.raises(Refused, match="goes on by itself"):
        result(engine.submit(genome(HANGS), size=32))
    assert rendered_again(engine, genome()).payload
    assert engine.stats().worker_starts == 2


def test_closing_ends_a_worker_that_hangs():
    hanging = LocalEngine(worker=WorkerProcess(renderer=f"{NETS}:render"))
    future = hanging.submit(genome(HANGS), size=32)
    pid = wait_for_pid(hanging)
    time.sleep(0.2)
    hanging.close(timeout_s=0.1)
    with pytest.raises(Refused):
        result(future)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_workers_that_cannot_start_are_not_started_for_ever():
    broken = LocalEngine(
        worker=WorkerProcess(renderer="tests.generation.engine.nets_that_cannot_start:render")
    )
    try:
        for _ in range(MOST_DEATHS):
            with pytest.raises(Refused, match="goes on by itself"):
                result(broken.submit(genome(), size=32))
        with pytest.raises(Refused, match="cannot be started") as caught:
            result(broken.submit(genome(), size=32))
        assert (caught.value.retry_after or 0) > 10
    finally:
        broken.close()


def test_a_child_is_not_blamed_for_workers_that_were_killed_before_they_were_ready():
    slow = LocalEngine(worker=WorkerProcess(renderer=f"{NETS}:render"))
    try:
        for _ in range(MOST_DEATHS - 1):
            future = slow.submit(genome(), size=32)
            os.kill(wait_for_pid(slow), 9)
            with pytest.raises(Refused, match="goes on by itself"):
                result(future)
        assert result(slow.submit(genome(), size=32)).payload
        for _ in range(MOST_DEATHS - 1):
            future = slow.submit(genome(IS_SLOW), size=32, priority=Priority.JOB)
            time.sleep(0.1)
            os.kill(wait_for_pid(slow), 9)
            with pytest.raises(Refused, match="goes on by itself"):
                result(future)
        assert rendered_again(slow, genome(IS_SLOW), priority=Priority.JOB).payload
    finally:
        slow.close()


def test_what_is_loaded_is_told(engine: LocalEngine):
    result(engine.submit(genome(), size=32))
    residents = engine.stats().residents
    assert residents.nets == {"squares": 1000} and residents.memory > 0
    assert residents.device and not residents.problem


def test_a_worker_ends_when_its_website_is_killed():
    ours = WorkerProcess(renderer=f"{NETS}:render")
    ours.start()
    pid = ours.pid
    assert pid
    # What happens to the socket of a process that ends without a word.
    ours._connection.close()
    ends = time.monotonic() + ENOUGH_S
    while ours.pid and time.monotonic() < ends:
        time.sleep(0.05)
    assert ours.pid is None
    ours.close()
