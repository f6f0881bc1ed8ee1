"""Who is next: the requests of one priority, and the order that is fair to the people behind them.

Fairness is start-time fair queueing (Goyal, Vin, Cheng 1996): every owner has an account of render
seconds, the owner with the smallest account goes first, and an owner who was away comes back at the
line's clock, so absence earns no credit. Five hundred requests of one person therefore never delay
another person by more than what is already being rendered.

Plain data, no locks: the engine guards it.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from generation.genome import Genome

KEPT_ACCOUNTS = 256


@dataclass(eq=False, slots=True)
class Request:
    """One genome that somebody waits for. number: order of arrival; submitted_at: monotonic
    seconds.
    """

    genome: Genome
    key: Any
    owner: str
    number: int
    submitted_at: float
    on_progress: Callable[[float], None] | None = None
    future: Future = field(default_factory=Future)
    is_settled: bool = (
        False  # True once somebody has taken on to resolve the future; set under the engine's lock.
    )


class FairQueue:
    """Tickets in waiting, by owner and key."""

    def __init__(self) -> None:
        self._waiting: dict[str, dict[Any, deque[Request]]] = {}
        self._accounts: dict[str, float] = {}  # Render seconds, on the scale of the clock.
        self._clock = 0.0
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, request: Request) -> None:
        if request.owner not in self._waiting:
            self._accounts[request.owner] = max(self._accounts.get(request.owner, 0.0), self._clock)
        self._waiting.setdefault(request.owner, {}).setdefault(request.key, deque()).append(request)
        self._length += 1

    def count(self, *, key: Any = None, owner: str | None = None) -> int:
        """How many requests wait with this key, or of this owner."""
        owners = self._waiting.values() if owner is None else [self._waiting.get(owner, {})]
        return sum(
            len(line)
            for lines in owners
            for this, line in lines.items()
            if key is None or this == key
        )

    def lead(self) -> Request | None:
        """The request that is next by right: the oldest one of the owner who was served least."""
        best, best_rank = None, None
        for owner, lines in self._waiting.items():
            oldest = min((line[0] for line in lines.values()), key=lambda request: request.number)
            rank = (self._accounts[owner], oldest.number)
            if best_rank is None or rank < best_rank:
                best, best_rank = oldest, rank
        return best

    def take(self, key: Any, *, limit: int, cost_s: float) -> list[Request]:
        """Up to `limit` requests with that key, in fair order; each is charged `cost_s` until
        `charge` corrects it.
        """
        taken: list[Request] = []
        candidates = {owner for owner, lines in self._waiting.items() if key in lines}
        while candidates and len(taken) < limit:
            owner = min(
                candidates,
                key=lambda owner: (self._accounts[owner], self._waiting[owner][key][0].number),
            )
            self._clock = max(self._clock, self._accounts[owner])
            self._accounts[owner] += cost_s
            taken.append(self._pop(owner, key))
            if key not in self._waiting.get(owner, {}):
                candidates.discard(owner)
        self._forget_accounts()
        return taken

    def charge(self, owner: str, seconds: float) -> None:
        """Add to an owner's account (or give back, with a negative number)."""
        if owner in self._accounts:
            self._accounts[owner] = max(0.0, self._accounts[owner] + seconds)

    def remove_cancelled(self) -> list[Request]:
        """Take out and return the requests that nobody waits for any more."""
        return self._remove(lambda request: request.future.cancelled())

    def clear(self) -> list[Request]:
        """Take out and return every request."""
        return self._remove(lambda request: True)

    def _pop(self, owner: str, key: Any) -> Request:
        lines = self._waiting[owner]
        request = lines[key].popleft()
        self._length -= 1
        if not lines[key]:
            del lines[key]
        if not lines:
            del self._waiting[owner]
        return request

    def _remove(self, is_out: Callable[[Request], bool]) -> list[Request]:
        gone: list[Request] = []
        for owner, lines in list(self._waiting.items()):
            for key, line in list(lines.items()):
                # Asked once a request: a future may be cancelled while we look.
                judged = [(request, is_out(request)) for request in line]
                gone += [request for request, out in judged if out]
                if kept := deque(request for request, out in judged if not out):
                    lines[key] = kept
                else:
                    del lines[key]
            if not lines:
                del self._waiting[owner]
        self._length -= len(gone)
        return gone

    def _forget_accounts(self) -> None:
        """Drop the accounts of people who left. Nobody is ahead of the clock by more than one
        batch, so little is forgiven.
        """
        if len(self._accounts) > 2 * len(self._waiting) + KEPT_ACCOUNTS:
            self._accounts = {
                owner: seconds
                for owner, seconds in self._accounts.items()
                if owner in self._waiting
            }
