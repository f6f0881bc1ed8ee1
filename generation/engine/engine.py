"""The engine: one thread that forms batches of render requests and answers them with frames.

`submit` returns a future, which works from sync views (`.result()`), async consumers (`await
asyncio.wrap_future(...)`), commands and tests alike.

Batches are formed naturally: whatever waits with the same key when the last batch has ended is the
next batch. LIVE requests go before JOB requests, and a running JOB batch lets the engine render the
waiting LIVE requests at each of its yield points, so a slider waits for one strip of a print and
not for the whole print.

A future stays PENDING until its frame is delivered, so `future.cancel()` works while its genome is
being rendered. A batch whose futures are all cancelled is abandoned at its next yield point.
"""

import atexit
import itertools
import logging
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from generation.checkpoints import is_remote, largest_batch
from generation.engine.batch import Batch, closing, harmless, report_progress
from generation.engine.fair_queue import FairQueue, Request
from generation.engine.frames import (
    NOTES,
    Frame,
    Priority,
    RenderBatch,
    RenderFailed,
    RenderKey,
    Subject,
    key_for,
)
from generation.engine.messages import Residents
from generation.engine.stats import EngineStats, Stats
from generation.engine.worker_process import WorkerProcess
from generation.refusal import Refused
from generation.residency import nets
from generation.safety import withheld
from generation.yielding import Abandoned, YieldPoint

PROGRESS_STEP = 0.005  # The smallest progress that callbacks are called for.
IDLE_S = 5.0  # How often an idle engine looks for nets that nobody uses any more.

logger = logging.getLogger(__name__)


class LocalEngine:
    """The engine of one process.

    render_batch: (key, genomes, yield_point) -> frames. None takes `generation.engine.render`,
    imported in the engine's thread at the first request, because importing torch takes seconds.
    worker: a process that renders instead; it ends with the engine.
    max_batch_size: at most so many genomes are rendered together. batch_wait_timeout_s: how long a
    request may wait for others of its key. max_queue: requests waiting at each priority; one owner
    may hold half of them. max_batch_pixels: batches of large pictures are smaller, since they are
    no faster than one picture after the other and need memory for all of them. max_job_wait_s:
    after so long without any JOB batch one goes first, so that even endless LIVE requests only slow
    prints down.
    """

    def __init__(
        self,
        *,
        render_batch: RenderBatch | None = None,
        worker: WorkerProcess | None = None,
        max_batch_size: int = 8,
        batch_wait_timeout_s: float = 0.0,
        max_queue: int = 1024,
        max_batch_pixels: int = 2**19,
        max_job_wait_s: float = 20.0,
    ) -> None:
        self._worker = worker
        self._render_batch = worker.render_batch if worker else render_batch
        self._max_batch_size = max_batch_size
        self._batch_wait_timeout_s = batch_wait_timeout_s
        self._max_queue = max_queue
        self._max_batch_pixels = max_batch_pixels
        self._max_job_wait_s = max_job_wait_s
        # Guards everything below. Its lock is re-entrant.
        self._condition = threading.Condition()
        self._queues = {priority: FairQueue() for priority in Priority}
        self._stats = Stats()
        self._numbers = itertools.count()
        # The current batch, and those that are served at one of its yield points.
        self._running: list[Batch] = []
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._last_job_at = time.monotonic()
        # Seconds ever spent on batches inside of others; only the engine's thread uses it.
        self._nested_s = 0.0

    def submit(
        self,
        subject: Subject,
        *,
        size: int = 0,
        media_type: str = "image/jpeg",
        supersample: int = 1,
        priority: Priority = Priority.LIVE,
        owner: str = "",
        on_progress: Callable[[float], None] | None = None,
        unsafe_from: float = float("inf"),
    ) -> "Future[Frame]":
        """Queue a genome for rendering, or a phrase for continuing.

        on_progress is called with numbers from 0 to 1 in the engine's thread and must return at
        once. Raises Refused for an impossible size or format, when the queue is full (with
        `retry_after` in seconds), and after `close`. The future may raise Refused too: for an
        unknown species, or a genome of another version of it; and Withheld for a picture of a
        species for adults whose score is `unsafe_from` or more.
        """
        key = key_for(subject, size=size, media_type=media_type, supersample=supersample)
        with self._condition:
            if self._is_closed:
                raise Refused("The studio is closing; try again in a minute.", retry_after=60)
            self._check_capacity(self._queues[priority], key, owner)
            request = Request(
                subject,
                key,
                owner,
                next(self._numbers),
                time.monotonic(),
                on_progress,
                unsafe_from,
            )
            self._queues[priority].add(request)
            self._start()
            self._condition.notify()
        return request.future

    def stats(self) -> EngineStats:
        """What the engine is doing. Cheap, and callable from any thread."""
        with self._condition:
            self._drop_cancelled()
            is_alive = self._thread is not None and self._thread.is_alive()
            return self._stats.snapshot(
                is_running=is_alive and not self._is_closed,
                waiting={
                    priority.name.lower(): len(queue) for priority, queue in self._queues.items()
                },
                residents=self._worker.residents()
                if self._worker
                else Residents(nets=nets.sizes()),
                worker_pid=self._worker.pid if self._worker else None,
                worker_starts=self._worker.starts if self._worker else 0,
            )

    def fastest_s(self, generator: str, digest: str, *, live: bool) -> float | None:
        """Seconds of the fastest frame of a species so far; see `Stats.fastest_s`."""
        with self._condition:
            return self._stats.fastest_s(generator, digest, live=live)

    def warm_up(self) -> None:
        """Start the worker, if nets run in one, before anybody waits for its libraries."""
        if self._worker:
            self._worker.start()

    def loading(self) -> tuple[str, float] | None:
        """The net that is being loaded and the seconds so far, or None."""
        return self._worker.loading() if self._worker else nets.loading()

    def close(self, timeout_s: float = 5.0) -> None:
        """Refuse new requests, fail the waiting ones, and end the batch at its next yield point.

        After `timeout_s` the batch is given up: its futures fail, and its frames are discarded.
        """
        with self._condition:
            self._is_closed = True
            waiting = [request for queue in self._queues.values() for request in queue.clear()]
            self._condition.notify_all()
        self._fail(waiting, closing())
        is_outside = self._thread is not None and self._thread is not threading.current_thread()
        if self._thread is not None and is_outside:
            self._thread.join(timeout_s)
        if self._worker:
            self._worker.close()
        with self._condition:
            stuck = [request for batch in self._running for request in batch.requests]
        self._fail(stuck, closing())
        atexit.unregister(self.close)

    def _check_capacity(self, queue: FairQueue, key: RenderKey, owner: str) -> None:
        share = max(1, self._max_queue // 2)
        if len(queue) < share:
            return
        self._drop_cancelled()
        if len(queue) >= self._max_queue or queue.count(owner=owner) >= share:
            self._stats.refused += 1
            wait_s = min(60.0, max(1.0, len(queue) * self._stats.cost_s(key)))
            raise Refused("The studio is busy; try again shortly.", retry_after=round(wait_s, 1))

    def _drop_cancelled(self) -> None:
        for queue in self._queues.values():
            for request in queue.remove_cancelled():
                self._claim(request)

    def _start(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            if self._thread is None:
                atexit.register(self.close)
            # A daemon thread, so that a stuck net cannot keep the process from ending; at exit,
            # `close` ends it properly.
            self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while not self._is_closed:
            if batch := self._next_batch():
                self._serve(batch)
            else:
                nets.release()

    def _next_batch(self) -> Batch | None:
        """The batch to render next, or None after a wait, when the queues may have changed."""
        with self._condition:
            if self._is_closed:
                return None
            self._drop_cancelled()
            now = time.monotonic()
            priority = self._next_priority(now)
            queue = self._queues[priority]
            first = queue.peek()
            if first is None:
                self._condition.wait(IDLE_S)
                return None
            left_s = first.submitted_at + self._batch_wait_timeout_s - now
            if left_s > 0 and queue.count(key=first.key) < self._batch_limit(first.key):
                self._condition.wait(left_s)
                return None
            return self._take_batch(priority, first.key)

    def _next_priority(self, now: float) -> Priority:
        job = self._queues[Priority.JOB].peek()
        is_starved = (
            job is not None
            and now - max(job.submitted_at, self._last_job_at) > self._max_job_wait_s
        )
        has_live = len(self._queues[Priority.LIVE]) > 0
        return Priority.LIVE if has_live and not is_starved else Priority.JOB

    def _take_batch(self, priority: Priority, key: RenderKey) -> Batch:
        cost_s = self._stats.cost_s(key)
        requests = self._queues[priority].take(key, limit=self._batch_limit(key), cost_s=cost_s)
        batch = Batch(key, priority, requests, cost_s)
        self._running.append(batch)
        return batch

    def _batch_limit(self, key: RenderKey) -> int:
        """The largest number of genomes that are rendered together under this key."""
        if not key.size:
            return self._max_batch_size if key.media_type == NOTES else 1
        by_pixels = self._max_batch_pixels // (key.size * key.supersample) ** 2
        by_card = largest_batch(key.generator, digest=key.digest) or self._max_batch_size
        return max(1, min(self._max_batch_size, by_pixels, by_card))

    def _serve(self, batch: Batch) -> None:
        """Render a batch and resolve its futures. No exception of the net ends the engine."""
        started, nested_before = time.perf_counter(), self._nested_s
        frames: Sequence[Frame] = ()
        error: BaseException | None = None
        try:
            frames = self._load_renderer()(
                batch.key, [request.subject for request in batch.requests], self._yield_point(batch)
            )
            if len(frames) != len(batch.requests):
                raise RenderFailed(
                    f"{len(frames)} frames came back for {len(batch.requests)} genomes of"
                    f" {batch.key}."
                )
        # A net may raise anything, and those who wait must get the error.
        except BaseException as caught:
            error = harmless(caught)
        seconds = time.perf_counter() - started - (self._nested_s - nested_before)
        self._charge_owners(batch, seconds, is_rendered=error is None)
        is_shared = error is not None and len(batch.requests) > 1 and not self._is_closed
        if error is None:
            self._deliver(batch, frames)
        elif not is_shared:
            self._fail(batch.requests, error)
        with self._condition:
            self._running.remove(batch)
        if is_shared:
            self._serve_one_by_one(batch)

    def _serve_one_by_one(self, batch: Batch) -> None:
        """Render the requests of a batch that failed again, each alone.

        One child that its net cannot paint must not take its neighbours with it.
        """
        for request in batch.requests:
            if not request.future.cancelled():
                alone = Batch(batch.key, batch.priority, [request], 0.0)
                with self._condition:
                    self._running.append(alone)
                self._serve(alone)
            else:
                self._claim(request)

    def _load_renderer(self) -> RenderBatch:
        if self._render_batch is None:
            from generation import devices  # noqa: PLC0415
            from generation.engine import render  # noqa: PLC0415

            devices.prepare()
            self._render_batch = render.render_batch
        return self._render_batch

    def _charge_owners(self, batch: Batch, seconds: float, *, is_rendered: bool) -> None:
        with self._condition:
            for request in batch.requests:
                self._queues[batch.priority].charge(
                    request.owner, seconds / len(batch.requests) - batch.cost_s
                )
            if batch.priority is Priority.JOB:
                self._last_job_at = time.monotonic()
            if is_rendered:
                self._stats.count_batch(batch.key, size=len(batch.requests), seconds=seconds)

    def _yield_point(self, batch: Batch) -> YieldPoint:
        """The function that a net calls between strips while it renders this batch.

        It ends the batch when nobody waits for it, reports the progress, and inside a JOB batch
        serves the waiting LIVE requests. While another server paints the batch, requests of its
        own priority are served, too, which need not wait for that server.
        """
        reported = 0.0
        is_elsewhere = is_remote(batch.key.generator)

        def yield_point(progress: float) -> None:
            nonlocal reported
            if self._is_closed or all(request.future.cancelled() for request in batch.requests):
                raise Abandoned
            if progress >= reported + PROGRESS_STEP:
                reported = min(1.0, progress)
                report_progress(batch.requests, reported)
            if batch.priority is Priority.JOB:
                self._serve_waiting(Priority.LIVE)
            if is_elsewhere:
                self._serve_waiting(batch.priority, but_remote=True)

        return yield_point

    def _serve_waiting(self, priority: Priority, *, but_remote: bool = False) -> None:
        """Serve the requests of a priority that are waiting now.

        Those that arrive meanwhile wait for the next yield point, so that the print makes progress.
        but_remote: those are left out that another server paints.
        """
        queue = self._queues[priority]
        due = len(queue)
        started, nested_before = time.perf_counter(), self._nested_s
        while due > 0:
            with self._condition:
                self._drop_cancelled()
                first = queue.peek(lambda key: not (but_remote and is_remote(key.generator)))
                batch = self._take_batch(priority, first.key) if first else None
            if batch is None:
                break
            self._serve(batch)
            due -= len(batch.requests)
        self._nested_s = nested_before + time.perf_counter() - started

    def _deliver(self, batch: Batch, frames: Sequence[Frame]) -> None:
        report_progress(batch.requests, 1.0)
        for request, frame in zip(batch.requests, frames, strict=True):
            if self._claim(request):
                with self._condition:
                    self._stats.count_frame(
                        batch.priority.name.lower(),
                        latency_s=time.monotonic() - request.submitted_at,
                    )
                if frame.unsafe_score is not None and frame.unsafe_score >= request.unsafe_from:
                    request.future.set_exception(withheld())
                else:
                    request.future.set_result(frame)

    def _fail(self, requests: Sequence[Request], error: BaseException) -> None:
        claimed = [request for request in requests if self._claim(request)]
        with self._condition:
            self._stats.failures += len(claimed)
        if claimed and not isinstance(error, Refused):
            logger.error("Rendering %s failed.", claimed[0].key, exc_info=error)
        # The stored exception would otherwise keep the large arrays of the net's frames alive.
        traceback.clear_frames(error.__traceback__)
        for request in claimed:
            request.future.set_exception(error)

    def _claim(self, request: Request) -> bool:
        """Whether the caller is to resolve the future; False when it is settled or cancelled."""
        with self._condition:
            if request.is_settled:
                return False
            request.is_settled = True
            is_wanted = request.future.set_running_or_notify_cancel()
            self._stats.cancelled += not is_wanted
            return is_wanted
