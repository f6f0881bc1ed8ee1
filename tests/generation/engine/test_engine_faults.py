"""The engine under faults: failing nets, impossible wishes, full lines, closing, many threads, the
end of a process.
"""

import subprocess
import sys
import threading
from concurrent.futures import Future, wait
from pathlib import Path

import numpy as np
import pytest

from generation.engine.frames import Priority, RenderFailed
from generation.refusal import Refused
from tests.easel import SOON, genome, occupy
from tests.squares import make_engine, render_squares

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("CUDA out of memory"),
        MemoryError(),
        ValueError("NaN"),
        Refused("No such species."),
    ],
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


@pytest.mark.parametrize(
    "error", [SystemExit(3), KeyboardInterrupt(), StopIteration(), GeneratorExit()]
)
def test_an_error_that_would_end_the_callers_thread_arrives_as_a_harmless_one(engine, easel, error):
    easel.error = error
    with pytest.raises(RenderFailed, match=type(error).__name__):
        engine.submit(genome(), size=64).result(SOON)
    easel.error = None
    assert engine.submit(genome(), size=64).result(SOON).width == 64


def test_an_error_inside_a_slider_does_not_harm_the_print_around_it(engine):
    sliders: list[Future] = []

    def paint(key, genomes, yield_point):
        if key.size == 16:
            raise ValueError("A broken slider.")
        return render_squares(key, genomes, yield_point)

    def on_progress(progress: float) -> None:
        if progress < 1:
            sliders.append(engine.submit(genome(), size=16))

    engine._render_batch = paint
    assert (
        engine.submit(genome(), size=64, priority=Priority.JOB, on_progress=on_progress)
        .result(SOON)
        .width
        == 64
    )
    assert sliders
    for slider in sliders:
        with pytest.raises(ValueError, match="broken slider"):
            slider.result(SOON)


def test_a_net_that_answers_too_few_frames_is_an_error(easel):
    engine = make_engine(render_batch=lambda key, genomes, yield_point: [])
    with pytest.raises(RenderFailed, match="0 frames came back for 1"):
        engine.submit(genome(), size=64).result(SOON)
    engine.close()


def test_a_kept_error_does_not_keep_the_nets_arrays(easel):
    released = threading.Event()

    class Large:
        def __del__(self):
            released.set()

    def paint(key, genomes, yield_point):
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
                genome(*rng.uniform(-1, 1, 3)),
                size=int(rng.choice([16, 32])),
                owner=str(number),
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


def test_a_process_ends_in_good_order_with_a_busy_engine():
    """At exit the engine's daemon thread is closed before the interpreter goes away under it."""
    import_and_leave = (
        "import threading, numpy as np\n"
        "from generation.engine import LocalEngine\n"
        "from generation.genome import Genome\n"
        "begun = threading.Event()\n"
        "def paint(key, genomes, yield_point):\n"
        "    begun.set()\n"
        "    while True:\n"
        "        yield_point(0.5)\n"
        "engine = LocalEngine(render_batch=paint)\n"
        "future = engine.submit(Genome('x', '', np.zeros(3)), size=64)\n"
        "begun.wait()\n"
        "future.add_done_callback(lambda done: print(done.exception()))\n"
    )
    command = [sys.executable, "-c", import_and_leave]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith("The studio closed before this picture was finished")
    assert done.stderr == ""
