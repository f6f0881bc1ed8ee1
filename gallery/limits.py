"""How much one visitor may ask for."""

import threading
import time
from collections import Counter, OrderedDict


class TokenBucket:
    """A minute's worth of tokens that refills steadily; what is spent faster has to wait."""

    def __init__(self, per_minute: float) -> None:
        self.capacity = self._tokens = float(per_minute)
        self._rate = per_minute / 60
        self._at = time.monotonic()

    def take(self, tokens: float = 1) -> float:
        """Take tokens and answer 0, or take nothing and answer the seconds until there are enough."""
        tokens = min(tokens, self.capacity)  # An errand bigger than the bucket waits for a full one.
        now = time.monotonic()
        self._tokens = min(self.capacity, self._tokens + (now - self._at) * self._rate)
        self._at = now
        # The margin is for a caller who slept exactly as long as he was told and finds a rounding error missing.
        if self._tokens >= tokens - 1e-6:
            self._tokens -= tokens
            return 0.0
        return (tokens - self._tokens) / self._rate

    @property
    def left(self) -> float:
        """How many tokens there are now."""
        return min(self.capacity, self._tokens + (time.monotonic() - self._at) * self._rate)


class Allowance:
    """A bucket for everybody who asks, by name; of those who were not seen for longest, the buckets are forgotten."""

    def __init__(self, per_minute: float, *, names: int = 4096) -> None:
        self._per_minute, self._names = per_minute, names
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()
        self._lock = threading.Lock()  # Views run in threads.

    def take(self, name: str) -> float:
        """One token of that name's: 0, or the seconds until there is one."""
        with self._lock:
            bucket = self._buckets.pop(name, None) or TokenBucket(self._per_minute)
            self._buckets[name] = bucket
            while len(self._buckets) > self._names:
                self._buckets.popitem(last=False)
            return bucket.take()

    def left(self, name: str) -> float:
        """How many tokens that name has now."""
        with self._lock:
            bucket = self._buckets.get(name)
            return bucket.left if bucket else self._per_minute


class Doorkeeper:
    """Counts who is inside, and turns away whoever would be one too many. Used from one event loop only."""

    def __init__(self) -> None:
        self._inside: Counter[str] = Counter()

    def enter(self, name: str, *, limit: int) -> bool:
        """Let one in under that name; False when `limit` are inside already."""
        if self._inside[name] >= limit:
            return False
        self._inside[name] += 1
        return True

    def leave(self, name: str) -> None:
        """One of that name went. Names without anybody inside are forgotten."""
        self._inside[name] -= 1
        if self._inside[name] <= 0:
            del self._inside[name]
