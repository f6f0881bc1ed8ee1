"""Figures about the engine for operators: queue lengths, batch sizes, times, failures."""

from collections import Counter, OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from generation.engine.frames import RenderKey
from generation.engine.messages import Residents

MAX_KEYS = 64
MAX_SAMPLES = 512
TRIED = 3
# Assumed for a key that was never rendered; its first batch corrects it.
UNKNOWN_COST_S = 0.05


@dataclass(frozen=True)
class Times:
    """Milliseconds of the last MAX_SAMPLES samples: median and 95th percentile.

    count: the number of frames ever counted.
    """

    p50: float
    p95: float
    count: int


@dataclass(frozen=True)
class EngineStats:
    """A snapshot of the engine.

    waiting: queued requests by priority ("live", "job"). batches: batch size -> number of batches.
    render_ms: render time of one frame by key ("patterns 256 px image/jpeg"), which is its batch's
    time divided by the batch's size. latency_ms: time from submit to frame, by priority.
    residents: the loaded nets. worker_pid, worker_starts: the running worker process, if nets have
    one, and how many were started so far.
    """

    is_running: bool
    waiting: Mapping[str, int]
    batches: Mapping[int, int]
    render_ms: Mapping[str, Times]
    latency_ms: Mapping[str, Times]
    frames: int
    failures: int
    cancelled: int
    refused: int
    residents: Residents = field(default_factory=Residents)
    worker_pid: int | None = None
    worker_starts: int = 0


class _Samples:
    """The latest samples of one figure, in milliseconds."""

    def __init__(self) -> None:
        self.count = 0
        self.recent: deque[float] = deque(maxlen=MAX_SAMPLES)

    def add(self, value: float, *, frames: int = 1) -> None:
        self.count += frames
        self.recent.append(value)

    def times(self) -> Times:
        p50, p95 = np.percentile(self.recent, [50, 95])
        return Times(round(float(p50), 2), round(float(p95), 2), self.count)


class Stats:
    """Counters that the engine updates. Not thread-safe: the engine guards them with its lock."""

    def __init__(self) -> None:
        self.batches: Counter[int] = Counter()
        self.frames = self.failures = self.cancelled = self.refused = 0
        self._render: OrderedDict[RenderKey, _Samples] = OrderedDict()
        self._latency: dict[str, _Samples] = {}

    def count_batch(self, key: RenderKey, *, size: int, seconds: float) -> None:
        """Count a rendered batch of `size` frames."""
        self.batches[size] += 1
        samples = self._render.setdefault(key, _Samples())
        self._render.move_to_end(key)
        samples.add(1000 * seconds / size, frames=size)
        if len(self._render) > MAX_KEYS:
            self._render.popitem(last=False)

    def count_frame(self, priority: str, *, latency_s: float) -> None:
        """Count a delivered frame."""
        self.frames += 1
        self._latency.setdefault(priority, _Samples()).add(1000 * latency_s)

    def cost_s(self, key: RenderKey) -> float:
        """Seconds that one frame of that key took in the latest batch."""
        samples = self._render.get(key)
        return samples.recent[-1] / 1000 if samples else UNKNOWN_COST_S

    def fastest_s(self, generator: str, digest: str, *, live: bool) -> float | None:
        """Seconds of the fastest frame of a species; None before the first.

        live: of live frames only; None before TRIED batches of them, because the first one waits
        until the net is loaded.
        """
        found = [
            value
            for key, samples in self._render.items()
            if (key.generator, key.digest) == (generator, digest)
            and not (live and key.supersample > 1)
            for value in samples.recent
        ]
        return min(found) / 1000 if len(found) >= (TRIED if live else 1) else None

    def snapshot(
        self,
        *,
        is_running: bool,
        waiting: Mapping[str, int],
        residents: Residents,
        worker_pid: int | None,
        worker_starts: int,
    ) -> EngineStats:
        """The figures as they are now, with those that the engine itself knows."""
        return EngineStats(
            is_running=is_running,
            waiting=waiting,
            batches=dict(sorted(self.batches.items())),
            render_ms={str(key): samples.times() for key, samples in self._render.items()},
            latency_ms={
                priority: samples.times() for priority, samples in sorted(self._latency.items())
            },
            frames=self.frames,
            failures=self.failures,
            cancelled=self.cancelled,
            refused=self.refused,
            residents=residents,
            worker_pid=worker_pid,
            worker_starts=worker_starts,
        )
