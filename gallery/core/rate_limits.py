"""Rate limits and connection limits.

Rate limits are counted in Django's cache, so that web processes which share one
(ARBORETUM_REDIS_URL) count together.

Not the `limits` package: it has no token bucket, so a caller who used up a minute would wait up to
60 seconds for the next call instead of one, and it neither counts in Django's cache nor carries on
when Redis is down.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from gallery.core.client_address import address_of
from gallery.models import User
from generation.refusal import Refused

STATE_TIMEOUT_S = 61  # After a minute without use a bucket is full again, as a new one is.
LOCK_TIMEOUT_S = 1  # How long a process that dies while it holds a lock can block the others.
LOCK_POLL_S = 0.005
DOUBLE_CLICK = timedelta(minutes=1)  # The same form sent again within it counts as one submission.

Row = TypeVar("Row", bound=Model)


class TokenBucket:
    """A token bucket that holds one minute's worth of tokens and refills steadily.

    clock: returns the time in seconds; everybody who shares the bucket must use the same clock.
    """

    def __init__(self, per_minute: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.capacity = self._tokens = float(per_minute)
        self._rate = per_minute / 60
        self._clock = clock
        self._updated_at = clock()

    def take(self, tokens: float = 1) -> float:
        """Take tokens and return 0, or take none and return the seconds until there are enough.

        A request for more tokens than the bucket can hold waits for a full bucket.
        """
        tokens = min(tokens, self.capacity)
        self._tokens, self._updated_at = self.left, self._clock()
        # The margin is for rounding errors: a caller who slept exactly as long as we said must not
        # have to wait again.
        if self._tokens >= tokens - 1e-6:
            self._tokens -= tokens
            return 0.0
        return (tokens - self._tokens) / self._rate

    @property
    def left(self) -> float:
        """The number of tokens in the bucket now."""
        # The bucket may have been updated by another machine, whose clock may be a little ahead.
        elapsed = max(0.0, self._clock() - self._updated_at)
        return min(self.capacity, self._tokens + elapsed * self._rate)

    @property
    def state(self) -> tuple[float, float]:
        """The number of tokens at the last update, and the time of that update; see `restore`."""
        return self._tokens, self._updated_at

    def restore(self, state: tuple[float, float]) -> None:
        """Continue from the `state` of another bucket of the same size."""
        self._tokens, self._updated_at = min(state[0], self.capacity), state[1]


class RateLimiter:
    """Limits how often each caller may do an action: `per_minute` times at once, refilled steadily.

    All limiters of the same `action` share their counts, in whichever process they are.
    """

    def __init__(self, action: str, per_minute: float) -> None:
        self._action, self._per_minute = action, per_minute

    def take(self, caller: str) -> float:
        """Count one action of this caller and return 0, or return the seconds to wait."""
        key = self._key(caller)
        with _lock(key):
            bucket = self._bucket(key)
            wait = bucket.take()
            cache.set(key, bucket.state, timeout=STATE_TIMEOUT_S)
        return wait

    def left(self, caller: str) -> float:
        """How many actions this caller has left now."""
        return self._bucket(self._key(caller)).left

    def _key(self, caller: str) -> str:
        # Hashed because a caller's name can hold any text that a proxy sends as an address, and
        # some caches do not accept every character or length.
        digest = hashlib.sha256(caller.encode()).hexdigest()[:32]
        return f"rate-limit:{self._action}:{digest}"

    def _bucket(self, key: str) -> TokenBucket:
        bucket = TokenBucket(self._per_minute, clock=time.time)
        if state := cache.get(key):
            bucket.restore(state)
        return bucket


@contextmanager
def _lock(key: str) -> Iterator[None]:
    """Hold a lock that all threads and processes share while a bucket is read and written.

    `cache.add` succeeds for only one of them. Whoever waits too long goes on without the lock: a
    slightly wrong count is better than a page that hangs.
    """
    lock = f"{key}:lock"
    deadline = time.monotonic() + 2 * LOCK_TIMEOUT_S
    while not cache.add(lock, 1, timeout=LOCK_TIMEOUT_S) and time.monotonic() < deadline:
        time.sleep(LOCK_POLL_S)
    try:
        yield
    finally:
        cache.delete(lock)


class ConnectionLimiter:
    """Limits how many connections each client has open at the same time.

    Use it from one event loop only. Each web process counts its own connections, because they end
    when the process dies. A count in a shared cache would keep the connections of a dead process
    for good.
    """

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def enter(self, client: str, *, limit: int) -> bool:
        """Count a new connection of this client, or return False if `limit` are open already."""
        if self._open[client] >= limit:
            return False
        self._open[client] += 1
        return True

    def leave(self, client: str) -> None:
        """Count one connection of this client as closed."""
        self._open[client] -= 1
        if self._open[client] <= 0:
            del self._open[client]


def check_rate_limit(user: User, action: str) -> None:
    """Count one action of this user.

    action: a key of the setting RATE_LIMITS, which holds the number allowed per minute.
    Raises Refused, with the seconds to wait, when the user has used up that number.
    """
    wait = RateLimiter(action, settings.RATE_LIMITS[action]).take(f"user:{user.pk}")
    if wait:
        seconds = max(1, round(wait))
        raise Refused(
            "You're going a little too fast. Wait {seconds} seconds, then try again.",
            seconds=seconds,
            retry_after=seconds,
        )


def caller_of(request: HttpRequest) -> str:
    """Whose requests are counted together: an account's, or those from a visitor's IP address."""
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"ip:{address_of(request)}"


def find_double_click(same: QuerySet[Row]) -> Row | None:
    """The row that the first click of a double click has just made, or None.

    same: what this person has already made with the same content; the model needs `created_at`.
    """
    recent = same.filter(created_at__gte=timezone.now() - DOUBLE_CLICK)
    return recent.order_by("created_at", "pk").first()
