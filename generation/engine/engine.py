"""The engine: takes genomes, forms batches, answers frames. One thread, and futures at its door.

`submit` works unchanged from sync views (`.result()`), async consumers (`await
asyncio.wrap_future(...)`), commands and tests. A batch is what waits with the same key when the
last batch returns (natural batching). LIVE goes before JOB, and a running JOB batch serves the
waiting LIVE requests whenever it breathes, so a slider waits for one strip of a print, not for the
print.

A future stays PENDING until its frame is handed over, so `future.cancel()` works while its genome
is being rendered; a batch that nobody waits for any more is abandoned at its next breath.
"""

import atexit
import itertools
import logging
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from generation.engine.fair_queue import FairQueue, Request
from generation.engine.frames import (
    NOTES,
    Abandoned,
    Frame,
    Priority,
    RenderBatch,
    RenderFailed,
    RenderKey,
    YieldPoint,
    key_for,
)
from generation.engine.stats import EngineStats, Stats
from generation.genome import Genome
from generation.refusal import Refused

PROGRESS_STEP = 0.005
CLOSING_RETRY_S = 60.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Batch:
    key: RenderKey
    priority: Priority
    requests: list[Request]
    cost_s: float  # What each owner was charged for a frame in advance.


class LocalEngine:
    """The engine of one process.

    render_batch: (key, genomes, yield_point) -> frames; None takes `generation.engine.render`, imported in the
    engine's thread at the first request, because importing torch takes seconds. max_batch_size:
    genomes rendered together at most. batch_wait_timeout_s: how long a request may wait for company.
    max_queue: requests in line for each priority; one owner may hold half of them. max_batch_pixels:
    a batch of large pictures is no faster than one after the other and needs the memory of all, so
    it holds fewer. job_patience_s: after so long without any JOB batch one goes first, so that
    under endless LIVE load prints are slow and never stop.
    """

    def __init__(
        self,
        *,
        render_batch: RenderBatch | None = None,
        max_batch_size: int = 8,
        batch_wait_timeout_s: float = 0.0,
        max_queue: int = 1024,
        max_batch_pixels: int = 2**19,
        job_patience_s: float = 20.0,
    ) -> None:
        self._render_batch = render_batch
        self._max_batch_size = max_batch_size
        self._batch_wait_timeout_s = batch_wait_timeout_s
        self._max_queue = max_queue
        self._max_batch_pixels = max_batch_pixels
        self._job_patience_s = job_patience_s
        self._wake = (
            threading.Condition()
        )  # Guards everything below; its lock may be taken again by its holder.
        self._lines = {priority: FairQueue() for priority in Priority}
        self._tally = Stats()
        self._numbers = itertools.count()
        self._running: list[
            _Batch
        ] = []  # The batch in work, and the LIVE batch that is served in its breath.
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._last_job_at = time.monotonic()
        # Seconds ever spent on LIVE batches inside JOB batches; the engine's thread alone uses it.
        self._nested_s = 0.0

    def submit(
        self,
        genome: Genome,
        *,
        size: int,
        media_type: str = "image/jpeg",
        supersample: int = 1,
        priority: Priority = Priority.LIVE,
        owner: str = "",
        on_progress: Callable[[float], None] | None = None,
    ) -> "Future[Frame]":
        """Put a genome in line. on_progress gets numbers from 0 to 1, in the engine's thread: it
        must return at once.

        Raises Refused for an impossible size or format, for a full line (with `retry_after` in
        seconds), and after `close`. The future may raise Refused too: an unknown species, or a
        genome of another version of it.
        """
        key = key_for(genome, size=size, media_type=media_type, supersample=supersample)
        with self._wake:
            if self._is_closed:
                raise Refused(
                    "The studio is closing; try again in a minute.", retry_after=CLOSING_RETRY_S
                )
            self._check_room(self._lines[priority], key, owner)
            request = Request(
                genome, key, owner, next(self._numbers), time.monotonic(), on_progress
            )
            self._lines[priority].add(request)
            self._start()
            self._wake.notify()
        return request.future

    def stats(self) -> EngineStats:
        """What the engine is doing. Cheap, and callable from any thread."""
        with self._wake:
            self._drop_cancelled()
            return self._tally.snapshot(
                is_running=self._thread is not None
                and self._thread.is_alive()
                and not self._is_closed,
                waiting={
                    priority.name.lower(): len(line) for priority, line in self._lines.items()
                },
            )

    def close(self, timeout_s: float = 5.0) -> None:
        """Refuse new requests, fail the waiting ones with a clear sentence, and leave the batch in
        work at its next breath.

        A batch that does not end within `timeout_s` is given up: its futures fail, and its frames
        will be thrown away.
        """
        with self._wake:
            self._is_closed = True
            waiting = [request for line in self._lines.values() for request in line.clear()]
            self._wake.notify_all()
        self._fail(waiting, _closed())
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout_s)
        with self._wake:
            stuck = [request for batch in self._running for request in batch.requests]
        self._fail(stuck, _closed())
        atexit.unregister(self.close)

    def _check_room(self, line: FairQueue, key: RenderKey, owner: str) -> None:
        share = max(1, self._max_queue // 2)
        if len(line) < share:
            return
        self._drop_cancelled()
        if len(line) >= self._max_queue or line.count(owner=owner) >= share:
            self._tally.refused += 1
            wait_s = min(60.0, max(1.0, len(line) * self._tally.cost_s(key)))
            raise Refused("The studio is busy; try again shortly.", retry_after=round(wait_s, 1))

    def _drop_cancelled(self) -> None:
        for line in self._lines.values():
            for request in line.remove_cancelled():
                self._claim(request)

    def _start(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            if self._thread is None:
                atexit.register(self.close)
            # A daemon, so that a stuck net cannot keep the process from ending; at exit `close`
            # ends it in good order.
            self._thread = threading.Thread(target=self._work, name="engine", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while not self._is_closed:
            if batch := self._next_batch():
                self._serve(batch)

    def _next_batch(self) -> _Batch | None:
        """The batch that is next by right; None after a wait, when everything is to be judged
        anew.
        """
        with self._wake:
            if self._is_closed:
                return None
            self._drop_cancelled()
            now = time.monotonic()
            priority = self._next_priority(now)
            lead = self._lines[priority].lead()
            if lead is None:
                self._wake.wait()
                return None
            patience = lead.submitted_at + self._batch_wait_timeout_s - now
            if patience > 0 and self._lines[priority].count(key=lead.key) < self._limit(lead.key):
                self._wake.wait(patience)
                return None
            return self._take(priority, lead.key)

    def _next_priority(self, now: float) -> Priority:
        job = self._lines[Priority.JOB].lead()
        is_starved = (
            job is not None
            and now - max(job.submitted_at, self._last_job_at) > self._job_patience_s
        )
        return Priority.LIVE if len(self._lines[Priority.LIVE]) and not is_starved else Priority.JOB

    def _take(self, priority: Priority, key: RenderKey) -> _Batch:
        cost_s = self._tally.cost_s(key)
        batch = _Batch(
            key,
            priority,
            self._lines[priority].take(key, limit=self._limit(key), cost_s=cost_s),
            cost_s,
        )
        self._running.append(batch)
        return batch

    def _limit(self, key: RenderKey) -> int:
        if key.is_music:
            return self._max_batch_size if key.media_type == NOTES else 1
        return max(
            1,
            min(self._max_batch_size, self._max_batch_pixels // (key.size * key.supersample) ** 2),
        )

    def _serve(self, batch: _Batch) -> None:
        """Render one batch and settle its futures. Whatever the net does, the engine lives on."""
        started, nested_before = time.perf_counter(), self._nested_s
        frames: Sequence[Frame] = ()
        error: BaseException | None = None
        try:
            frames = self._renderer()(
                batch.key, [request.genome for request in batch.requests], self._breather(batch)
            )
            if len(frames) != len(batch.requests):
                raise RenderFailed(
                    f"{len(frames)} frames came back for {len(batch.requests)} genomes of"
                    f" {batch.key}."
                )
        except (
            BaseException
        ) as caught:  # A net may raise anything, and those who wait must hear of it.
            error = _portable(caught)
        seconds = time.perf_counter() - started - (self._nested_s - nested_before)
        self._account(batch, seconds, is_rendered=error is None)
        if error is None:
            self._deliver(batch, frames)
        else:
            self._fail(batch.requests, error)
        with self._wake:
            self._running.remove(batch)

    def _renderer(self) -> RenderBatch:
        if self._render_batch is None:
            from generation.engine import render  # noqa: PLC0415

            render.use_cores()
            self._render_batch = render.render_batch
        return self._render_batch

    def _account(self, batch: _Batch, seconds: float, *, is_rendered: bool) -> None:
        with self._wake:
            for request in batch.requests:
                self._lines[batch.priority].charge(
                    request.owner, seconds / len(batch.requests) - batch.cost_s
                )
            if batch.priority is Priority.JOB:
                self._last_job_at = time.monotonic()
            if is_rendered:
                self._tally.count_batch(batch.key, size=len(batch.requests), seconds=seconds)

    def _breather(self, batch: _Batch) -> YieldPoint:
        """What a net calls between strips: leave when nobody waits, tell the progress, serve the
        sliders.
        """
        told = 0.0

        def yield_point(progress: float) -> None:
            nonlocal told
            if self._is_closed or all(request.future.cancelled() for request in batch.requests):
                raise Abandoned
            if progress >= told + PROGRESS_STEP:
                told = min(1.0, progress)
                _tell(batch.requests, told)
            if batch.priority is Priority.JOB:
                self._serve_live()

        return yield_point

    def _serve_live(self) -> None:
        """Serve the LIVE requests that wait now; for those that come meanwhile the print goes on by
        one strip first.
        """
        line = self._lines[Priority.LIVE]
        due = len(line)
        started = time.perf_counter()
        while due > 0:
            with self._wake:
                self._drop_cancelled()
                lead = line.lead()
                batch = self._take(Priority.LIVE, lead.key) if lead else None
            if batch is None:
                break
            self._serve(batch)
            due -= len(batch.requests)
        self._nested_s += time.perf_counter() - started

    def _deliver(self, batch: _Batch, frames: Sequence[Frame]) -> None:
        _tell(batch.requests, 1.0)
        for request, frame in zip(batch.requests, frames, strict=True):
            if self._claim(request):
                with self._wake:
                    self._tally.count_frame(
                        batch.priority.name.lower(),
                        latency_s=time.monotonic() - request.submitted_at,
                    )
                request.future.set_result(frame)

    def _fail(self, requests: Sequence[Request], error: BaseException) -> None:
        claimed = [request for request in requests if self._claim(request)]
        with self._wake:
            self._tally.failures += len(claimed)
        if claimed and not isinstance(error, Refused):
            logger.error("Rendering %s failed.", claimed[0].key, exc_info=error)
        # The kept exception would otherwise keep the large arrays of the net's calls alive.
        traceback.clear_frames(error.__traceback__)
        for request in claimed:
            request.future.set_exception(error)

    def _claim(self, request: Request) -> bool:
        """True when the caller, and nobody else, is to resolve the future; False when it is settled
        or was cancelled.
        """
        with self._wake:
            if request.is_settled:
                return False
            request.is_settled = True
            is_wanted = request.future.set_running_or_notify_cancel()
            self._tally.cancelled += not is_wanted
            return is_wanted


def _closed() -> Refused:
    return Refused(
        "The studio closed before this picture was finished; try again in a minute.",
        retry_after=CLOSING_RETRY_S,
    )


def _portable(error: BaseException) -> BaseException:
    """The error as it may be raised in another thread: a future must neither end a thread nor
    confuse an event loop.
    """
    if isinstance(error, Abandoned):
        return _closed()  # Heard only when the engine closes; else everybody has cancelled.
    if isinstance(error, Exception) and not isinstance(error, StopIteration | StopAsyncIteration):
        return error
    return RenderFailed(f"The net ended with {type(error).__name__}: {error}")


def _tell(requests: Sequence[Request], progress: float) -> None:
    for request in requests:
        if request.on_progress is not None and not request.future.cancelled():
            try:
                request.on_progress(progress)
            except Exception:
                logger.exception("Telling the progress failed; the picture goes on.")
