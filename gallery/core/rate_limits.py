"""How much one visitor may ask for.

What is counted by the minute is counted in Django's cache: web processes that share one
(ARBORETUM_REDIS_URL) count together.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from generation.refusal import Refused

KEPT = 61  # Seconds that a bucket is remembered: after a minute it is full again, as a new one is.
LOCK_LASTS = 1  # Seconds; a process that dies while it counts holds up the others so long at most.
LOCK_PAUSE = 0.005


class TokenBucket:
    """A minute's worth of tokens that refills steadily; what is spent faster has to wait.

    clock: seconds from any beginning, the same for all who share the bucket.
    """

    def __init__(self, per_minute: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.capacity = self._tokens = float(per_minute)
        self._rate = per_minute / 60
        self._clock = clock
        self._at = clock()

    def take(self, tokens: float = 1) -> float:
        """Take tokens and answer 0, or take nothing and answer the seconds until there are
        enough.
        """
        tokens = min(
            tokens, self.capacity
        )  # An errand bigger than the bucket waits for a full one.
        self._tokens, self._at = self.left, self._clock()
        # The margin is for a caller who slept exactly as long as he was told and finds a rounding
        # error missing.
        if self._tokens >= tokens - 1e-6:
            self._tokens -= tokens
            return 0.0
        return (tokens - self._tokens) / self._rate

    @property
    def left(self) -> float:
        """How many tokens there are now."""
        # A clock of another machine may be a little behind.
        return min(self.capacity, self._tokens + max(0.0, self._clock() - self._at) * self._rate)

    @property
    def state(self) -> tuple[float, float]:
        """What `restore` needs: the tokens there were, and when."""
        return self._tokens, self._at

    def restore(self, state: tuple[float, float]) -> None:
        """Go on where another bucket of the same size stood."""
        self._tokens, self._at = min(state[0], self.capacity), state[1]


class Allowance:
    """A bucket for everybody who asks, by name. Those of one `deed` count together, in whatever
    process they are.
    """

    def __init__(self, deed: str, per_minute: float) -> None:
        self._deed, self._per_minute = deed, per_minute

    def take(self, name: str) -> float:
        """One token of that name's: 0, or the seconds until there is one."""
        key = self._key(name)
        with _alone_at(key):
            bucket = self._bucket(key)
            wait = bucket.take()
            cache.set(key, bucket.state, timeout=KEPT)
        return wait

    def left(self, name: str) -> float:
        """How many tokens that name has now."""
        return self._bucket(self._key(name)).left

    def _key(self, name: str) -> str:
        # Names hold what proxies tell of addresses, and not every cache takes every character.
        return f"allowance:{self._deed}:{hashlib.sha256(name.encode()).hexdigest()[:32]}"

    def _bucket(self, key: str) -> TokenBucket:
        bucket = TokenBucket(self._per_minute, clock=time.time)
        if state := cache.get(key):
            bucket.restore(state)
        return bucket


@contextmanager
def _alone_at(key: str) -> Iterator[None]:
    """One at a time, of all threads and processes: reading and writing a bucket are two steps.
    `cache.add` is the one that only one of them can do.
    """
    lock = f"{key}:lock"
    until = time.monotonic() + 2 * LOCK_LASTS
    while not cache.add(lock, 1, timeout=LOCK_LASTS) and time.monotonic() < until:
        time.sleep(LOCK_PAUSE)
    try:
        yield
    finally:
        cache.delete(lock)


class Doorkeeper:
    """Counts who is inside, and turns away whoever would be one too many. Used from one event loop
    only.

    Every web process has its own: whoever is inside is so by a connection to that process, and goes
    when it dies. A count that they shared would keep those people inside for good.
    """

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


def check_pace(user, deed: str) -> None:
    """Count one deed of this person. `deed` is a key of the setting PACES, which says how many are
    welcome a minute.

    Raises Refused, with the seconds to wait, for more than that.
    """
    delay = Allowance(deed, settings.PACES[deed]).take(f"user:{user.pk}")
    if delay:
        seconds = max(1, round(delay))
        raise Refused(
            "That was very quick. Wait {seconds} seconds, then go on.",
            seconds=seconds,
            retry_after=seconds,
        )


def person_of(request: HttpRequest) -> str:
    """Who is counted: the account, or the address of a visitor (behind a trusted proxy, the one
    that the proxy added last).
    """
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    forwarded = (
        request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        if settings.SECURE_PROXY_SSL_HEADER
        else ""
    )
    return f"ip:{(forwarded or request.META.get('REMOTE_ADDR', 'unknown'))[:64]}"
