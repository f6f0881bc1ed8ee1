"""What the engine has been doing, in numbers for operators."""

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass
from typing import Any

import numpy as np

KEPT_KEYS = 64
KEPT_SAMPLES = 512
UNKNOWN_COST_S = (
    0.05  # A guess for a key that was never rendered; corrected right after its first batch.
)


@dataclass(frozen=True)
class Times:
    """Milliseconds lately: median, 95th percentile, and how many frames were ever counted."""

    p50: float
    p95: float
    count: int


@dataclass(frozen=True)
class EngineStats:
    """One look at the engine.

    waiting: requests in line by priority ("live", "job"). batches: size of a batch -> how many there
    were. render_ms: times of one frame by key ("patterns 256 px image/jpeg"); its batch's time over
    the batch's size. latency_ms: from submit to frame, by priority.
    """

    is_running: bool
    waiting: dict[str, int]
    batches: dict[int, int]
    render_ms: dict[str, Times]
    latency_ms: dict[str, Times]
    frames: int
    failures: int
    cancelled: int
    refused: int


class _Samples:
    def __init__(self) -> None:
        self.count = 0
        self.recent: deque[float] = deque(maxlen=KEPT_SAMPLES)

    def add(self, value: float, *, frames: int = 1) -> None:
        self.count += frames
        self.recent.append(value)

    def times(self) -> Times:
        p50, p95 = np.percentile(self.recent, [50, 95])
        return Times(round(float(p50), 2), round(float(p95), 2), self.count)


class Stats:
    """Counts as the engine works. Not thread-safe: the engine guards it with its lock."""

    def __init__(self) -> None:
        self.batches: Counter[int] = Counter()
        self.frames = self.failures = self.cancelled = self.refused = 0
        self._render: OrderedDict[Any, _Samples] = OrderedDict()
        self._latency: dict[str, _Samples] = {}

    def count_batch(self, key: Any, *, size: int, seconds: float) -> None:
        self.batches[size] += 1
        samples = self._render.setdefault(key, _Samples())
        self._render.move_to_end(key)
        samples.add(1000 * seconds / size, frames=size)
        if len(self._render) > KEPT_KEYS:
            self._render.popitem(last=False)

    def count_frame(self, priority: str, *, latency_s: float) -> None:
        self.frames += 1
        self._latency.setdefault(priority, _Samples()).add(1000 * latency_s)

    def cost_s(self, key: Any) -> float:
        """What one frame of that key took lately, in seconds."""
        samples = self._render.get(key)
        return samples.recent[-1] / 1000 if samples else UNKNOWN_COST_S

    def snapshot(self, *, is_running: bool, waiting: dict[str, int]) -> EngineStats:
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
        )
