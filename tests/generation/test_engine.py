"""The engine, a real one with a net that paints squares: batches, order, fairness, cancelling, failing, closing."""

import asyncio
import io
import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError, Future, wait
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generation.engine import Frame, LocalEngine, Priority, RenderFailed
from generation.genome import Genome
from generation.refusal import Refused
from tests.squares import colour, make_engine, render_squares

ROOT = Path(__file__).resolve().parents[2]
SOON = 10  # Seconds after which a test gives up; nothing here takes a tenth of one.


def genome(*genes: float, generator: str = "squares") -> Genome:
    return Genome(generator, "digest", np.array(genes or (0, 0, 0)))


class Easel:
    """A net that paints squares and can be held in the middle of a batch; it remembers what it was given."""

    def __init__(self) -> None:
        self.batches: list[list[Genome]] = []
        self.keys: list = []
        self.threads: set[str] = set()
        self.held = threading.Event()
        self.go = threading.Event()
        self.go.set()
        self.error: BaseException | None = None

    def __call__(self, key, genomes, breathe) -> list[Frame]:
        self.batches.append(list(genomes))
        self.keys.append(key)
        self.threads.add(threading.current_thread().name)
        if not self.go.is_set():
            self.held.set()
            self.go.wait(SOON)
        if self.error is not None:
            raise self.error
        return render_squares(key, genomes, breathe)

    def hold(self) -> None:
        self.held.clear()
        self.go.clear()


@pytest.fixture
def easel() -> Easel:
    return Easel()


@pytest.fixture
def engine(easel):
    with_easel = make_engine(render_batch=easel)
    yield with_easel
    easel.go.set()
    with_easel.close()


def occupy(engine: LocalEngine, easel: Easel, **settings) -> Future:
    """Hold the engine in a batch of its own, so that what follows waits in line."""
    easel.hold()
    future = engine.submit(genome(), **({"size": 16, "owner": "occupier"} | settings))
    assert easel.held.wait(SOON)
    return future


def painted(frame: Frame) -> tuple[int, int, int]:
    with Image.open(io.BytesIO(frame.payload)) as picture:
        return picture.convert("RGB").getpixel((3, 3))


def test_no_thread_runs_before_the_first_ticket(engine):
    assert engine.stats().is_running is False
    engine.submit(genome(), size=16).result(SOON)
    assert engine.stats().is_running is True


def test_everybody_gets_their_own_picture(engine):
    genomes = [genome(red, green, -1) for red in (-1, 0, 1) for green in (-1, 0, 1)]
    futures = [engine.submit(this, size=32, media_type="image/png", owner=str(n % 2)) for n, this in enumerate(genomes)]
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
    assert [(key.size, len(batch)) for key, batch in zip(easel.keys[1:], easel.batches[1:], strict=True)] == [(64, 3), (128, 2)]


def test_a_batch_has_a_largest_size(engine, easel):
    occupy(engine, easel)
    futures = [engine.submit(genome(), size=64) for _ in range(19)]
    easel.go.set()
    wait(futures, SOON)
    assert [len(batch) for batch in easel.batches] == [1, 8, 8, 3]
    assert engine.stats().batches == {1: 1, 3: 1, 8: 2}


def test_large_pictures_are_batched_in_smaller_numbers(engine, easel):
    occupy(engine, easel)
    futures = [engine.submit(genome(), size=512) for _ in range(4)] + [engine.submit(genome(), size=512, supersample=2)]
    easel.go.set()
    wait(futures, SOON)
    assert [len(batch) for batch in easel.batches] == [1, 2, 2, 1]


def test_a_ticket_waits_for_company(easel):
    engine = make_engine(render_batch=easel, batch_wait_timeout_s=SOON, max_batch_size=3)
    wait([engine.submit(genome(), size=64) for _ in range(3)], SOON)
    engine.close()
    assert [len(batch) for batch in easel.batches] == [3]


def test_a_ticket_without_company_goes_alone_after_a_while(easel):
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

    job = engine.submit(genome(), size=512, supersample=2, priority=Priority.JOB, on_progress=on_progress)
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
    engine = make_engine(render_batch=easel, job_patience_s=0)
    occupy(engine, easel)
    live = engine.submit(genome(), size=128)
    job = engine.submit(genome(), size=64, priority=Priority.JOB)
    easel.go.set()
    wait([live, job], SOON)
    engine.close()
    assert [key.size for key in easel.keys] == [16, 64, 128]


def test_one_person_with_many_tickets_does_not_delay_another(engine, easel):
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
    """Two people with twenty pictures each; those of one take long. The other is done before a few of them are."""

    def paint(key, genomes, breathe):
        if genomes[0].genes[0] < 0:
            time.sleep(0.02)
        return easel(key, genomes, breathe)

    engine = make_engine(render_batch=paint, max_batch_size=1)
    occupy(engine, easel)
    slow = [engine.submit(genome(-1), size=16, owner="slow") for _ in range(20)]
    quick = [engine.submit(genome(1), size=16, owner="quick") for _ in range(20)]
    easel.go.set()
    wait(quick, SOON)
    assert sum(future.done() for future in slow) < 10
    engine.close()


def test_progress_rises_to_one(engine):
    told: list[float] = []
    engine.submit(genome(), size=64, priority=Priority.JOB, on_progress=told.append).result(SOON)
    assert told == sorted(told)
    assert len(told) > 2
    assert told[-1] == 1.0


def test_a_failing_progress_callback_harms_nobody(engine, caplog):
    def on_progress(progress: float) -> None:
        raise RuntimeError("The page is gone.")

    assert engine.submit(genome(), size=64, on_progress=on_progress).result(SOON).width == 64
    assert "Telling the progress failed" in caplog.text


def test_a_cancelled_ticket_is_never_rendered(engine, easel):
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

    def paint(key, genomes, breathe):
        first.cancel()
        in_second_batch.set()
        return render_squares(key, genomes, breathe)

    engine._render_batch = paint
    easel.go.set()
    assert second.result(SOON).width == 64
    assert in_second_batch.is_set()
    assert first.cancelled()


@pytest.mark.parametrize(
    "error", [RuntimeError("CUDA out of memory"), MemoryError(), ValueError("NaN"), Refused("No such species.")]
)
def test_the_error_of_a_batch_reaches_everybody_in_it_and_the_engine_lives_on(engine, easel, error):
    occupy(engine, easel, media_type="image/png")
    easel.error = error
    futures = [engine.submit(genome(), size=64) for _ in range(5)]
    easel.go.set()
    for future in futures:
        with pytest.raises(type(error)) as caught:
            future.result(SOON)
        assert caught.value is error
    easel.error = None
    assert engine.submit(genome(), size=64).result(SOON).width == 64


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), StopIteration(), GeneratorExit()])
def test_an_error_that_would_end_the_callers_thread_arrives_as_a_harmless_one(engine, easel, error):
    easel.error = error
    with pytest.raises(RenderFailed, match=type(error).__name__):
        engine.submit(genome(), size=64).result(SOON)
    easel.error = None
    assert engine.submit(genome(), size=64).result(SOON).width == 64


def test_an_error_inside_a_slider_does_not_harm_the_print_around_it(engine):
    sliders: list[Future] = []

    def paint(key, genomes, breathe):
        if key.size == 16:
            raise ValueError("A broken slider.")
        return render_squares(key, genomes, breathe)

    def on_progress(progress: float) -> None:
        if progress < 1:
            sliders.append(engine.submit(genome(), size=16))

    engine._render_batch = paint
    assert engine.submit(genome(), size=64, priority=Priority.JOB, on_progress=on_progress).result(SOON).width == 64
    assert sliders
    for slider in sliders:
        with pytest.raises(ValueError, match="broken slider"):
            slider.result(SOON)


def test_a_net_that_answers_too_few_frames_is_an_error(easel):
    engine = make_engine(render_batch=lambda key, genomes, breathe: [])
    with pytest.raises(RenderFailed, match="0 frames came back for 1"):
        engine.submit(genome(), size=64).result(SOON)
    engine.close()


def test_a_kept_error_does_not_keep_the_nets_arrays(easel):
    released = threading.Event()

    class Large:
        def __del__(self):
            released.set()

    def paint(key, genomes, breathe):
        large = Large()  # noqa: F841 - it stands for the feature maps of a net
        raise RuntimeError("Failed halfway.")

    engine = make_engine(render_batch=paint)
    future = engine.submit(genome(), size=64)
    assert isinstance(future.exception(SOON), RuntimeError)
    assert released.wait(SOON)
    engine.close()


@pytest.mark.parametrize("size", [0, 15, 4097, 100_000, -64, 64.0, "64", True, None])
def test_impossible_sizes_are_refused(engine, size):
    with pytest.raises(Refused, match="from 16 to 4096"):
        engine.submit(genome(), size=size)


def test_other_formats_and_supersamplings_are_refused(engine):
    with pytest.raises(Refused, match="format"):
        engine.submit(genome(), size=64, media_type="image/gif")
    with pytest.raises(Refused, match="Supersampling"):
        engine.submit(genome(), size=64, supersample=3)


def test_a_full_line_is_refused_and_says_when_to_come_back(easel):
    engine = make_engine(render_batch=easel, max_queue=10)
    occupy(engine, easel)
    kept = [engine.submit(genome(), size=64, owner=str(n)) for n in range(10)]
    with pytest.raises(Refused) as refused:
        engine.submit(genome(), size=64, owner="late")
    assert refused.value.retry_after >= 1
    assert engine.stats().refused == 1
    kept[0].cancel()
    kept.append(engine.submit(genome(), size=64, owner="late"))
    engine.submit(genome(), size=64, priority=Priority.JOB)
    easel.go.set()
    assert all(future.cancelled() or future.result(SOON) for future in kept)
    engine.close()


def test_nobody_fills_the_line_alone(easel):
    engine = make_engine(render_batch=easel, max_queue=10)
    occupy(engine, easel)
    for _ in range(5):
        engine.submit(genome(), size=64, owner="greedy")
    with pytest.raises(Refused):
        engine.submit(genome(), size=64, owner="greedy")
    modest = engine.submit(genome(), size=64, owner="modest")
    easel.go.set()
    assert modest.result(SOON).width == 64
    engine.close()


def test_a_closed_engine_refuses(engine):
    engine.close()
    with pytest.raises(Refused, match="closing"):
        engine.submit(genome(), size=64)
    engine.close()
    assert engine.stats().is_running is False


def test_closing_fails_what_waits_and_what_runs_with_a_clear_sentence(engine, easel):
    running = occupy(engine, easel)
    waiting = [engine.submit(genome(), size=64, priority=priority) for priority in Priority]
    threading.Timer(0.05, easel.go.set).start()
    engine.close()
    for future in [running, *waiting]:
        with pytest.raises(Refused, match="closed before this picture"):
            future.result(SOON)
    assert not engine._thread.is_alive()


def test_closing_gives_up_a_net_that_is_stuck(engine, easel):
    running = occupy(engine, easel)
    engine.close(timeout_s=0.05)
    with pytest.raises(Refused, match="closed before this picture"):
        running.result(0)
    easel.go.set()
    engine._thread.join(SOON)
    assert not engine._thread.is_alive()


def test_a_callback_may_submit_again_and_may_close(engine):
    done = threading.Event()

    def close_it(_):
        engine.close()
        done.set()

    first = engine.submit(genome(), size=16)
    first.add_done_callback(lambda _: engine.submit(genome(), size=16).add_done_callback(close_it))
    assert done.wait(SOON)


def test_many_threads_may_submit_and_cancel_at_once(engine):
    settled, lock = [], threading.Lock()

    def visitor(number: int) -> None:
        rng = np.random.default_rng(number)
        for _ in range(40):
            future = engine.submit(
                genome(*rng.uniform(-1, 1, 3)), size=int(rng.choice([16, 32])), owner=str(number),
                priority=Priority(int(rng.integers(2))),
            )
            if rng.random() < 0.3:
                future.cancel()
            with lock:
                settled.append(future)

    threads = [threading.Thread(target=visitor, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done, left = wait(settled, SOON)
    assert not left
    stats = engine.stats()
    cancelled = sum(future.cancelled() for future in settled)
    assert (stats.frames, stats.cancelled, stats.failures) == (320 - cancelled, cancelled, 0)
    assert stats.waiting == {"live": 0, "job": 0}


async def test_futures_are_awaited_and_cancelled_from_asyncio(engine, easel):
    frame = await asyncio.wrap_future(engine.submit(genome(1, 1, 1), size=16, media_type="image/png"))
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


def test_a_process_ends_in_good_order_with_a_busy_engine():
    """At exit the engine's daemon thread is closed before the interpreter goes away under it."""
    import_and_leave = (
        "import threading, numpy as np\n"
        "from generation.engine import LocalEngine\n"
        "from generation.genome import Genome\n"
        "begun = threading.Event()\n"
        "def paint(key, genomes, breathe):\n"
        "    begun.set()\n"
        "    while True:\n"
        "        breathe(0.5)\n"
        "engine = LocalEngine(render_batch=paint)\n"
        "future = engine.submit(Genome('x', '', np.zeros(3)), size=64)\n"
        "begun.wait()\n"
        "future.add_done_callback(lambda done: print(done.exception()))\n"
    )
    command = [sys.executable, "-c", import_and_leave]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith("The studio closed before this picture was done")
    assert done.stderr == ""
