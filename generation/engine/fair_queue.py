"""A queue of render requests that is fair to their owners.

Fairness is start-time fair queueing (Goyal, Vin, Cheng 1996): every owner has an account of render
seconds, the owner with the smallest account is served first, and an owner who comes back after a
pause starts at the queue's virtual time, so a pause earns no credit. Five hundred requests of one
person therefore never delay another person by more than the batch that is already being rendered.

Not thread-safe: the engine guards it with its lock.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from generation.engine.frames import Frame, RenderKey, Subject

MAX_IDLE_ACCOUNTS = 256


@dataclass(eq=False, slots=True)
class Request:
    """One genome to render, or one phrase to continue.

    number: order of arrival. submitted_at: seconds of the monotonic clock. unsafe_from: a picture
    with this score or more is withheld. is_settled: somebody has undertaken to resolve the future;
    set under the engine's lock.
    """

    subject: Subject
    key: RenderKey
    owner: str
    number: int
    submitted_at: float
    on_progress: Callable[[float], None] | None = None
    unsafe_from: float = float("inf")
    future: "Future[Frame]" = field(default_factory=Future)
    is_settled: bool = False


class FairQueue:
    """The waiting requests of one priority, by owner and render key."""

    def __init__(self) -> None:
        self._waiting: dict[str, dict[RenderKey, deque[Request]]] = {}
        self._accounts: dict[str, float] = {}  # Render seconds, on the scale of the virtual time.
        self._virtual_time = 0.0
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, request: Request) -> None:
        """Append a request."""
        owner = request.owner
        if owner not in self._waiting:
            self._accounts[owner] = max(self._accounts.get(owner, 0.0), self._virtual_time)
        self._waiting.setdefault(owner, {}).setdefault(request.key, deque()).append(request)
        self._length += 1

    def count(self, *, key: RenderKey | None = None, owner: str | None = None) -> int:
        """The number of waiting requests with this key, or of this owner."""
        by_owner = self._waiting.values() if owner is None else [self._waiting.get(owner, {})]
        return sum(
            len(requests)
            for by_key in by_owner
            for this, requests in by_key.items()
            if key is None or this == key
        )

    def peek(self, matches: Callable[[RenderKey], bool] = lambda key: True) -> Request | None:
        """The next request, among those whose keys match: the oldest of the owner served least."""
        best, best_rank = None, None
        for owner, by_key in self._waiting.items():
            firsts = [requests[0] for key, requests in by_key.items() if matches(key)]
            if not firsts:
                continue
            oldest = min(firsts, key=lambda one: one.number)
            rank = (self._accounts[owner], oldest.number)
            if best_rank is None or rank < best_rank:
                best, best_rank = oldest, rank
        return best

    def take(self, key: RenderKey, *, limit: int, cost_s: float) -> list[Request]:
        """Remove and return up to `limit` requests with that key, in fair order.

        Each owner is charged `cost_s` a request in advance; `charge` corrects it afterwards.
        """
        taken: list[Request] = []
        owners = {owner for owner, by_key in self._waiting.items() if key in by_key}
        while owners and len(taken) < limit:
            owner = min(
                owners,
                key=lambda owner: (self._accounts[owner], self._waiting[owner][key][0].number),
            )
            self._virtual_time = max(self._virtual_time, self._accounts[owner])
            self._accounts[owner] += cost_s
            taken.append(self._pop(owner, key))
            if key not in self._waiting.get(owner, {}):
                owners.discard(owner)
        self._drop_idle_accounts()
        return taken

    def charge(self, owner: str, seconds: float) -> None:
        """Add render seconds to an owner's account; a negative number is a refund."""
        if owner in self._accounts:
            self._accounts[owner] = max(0.0, self._accounts[owner] + seconds)

    def remove_cancelled(self) -> list[Request]:
        """Remove and return the requests whose future was cancelled."""
        return self._remove(lambda request: request.future.cancelled())

    def clear(self) -> list[Request]:
        """Remove and return every request."""
        return self._remove(lambda request: True)

    def _pop(self, owner: str, key: RenderKey) -> Request:
        by_key = self._waiting[owner]
        request = by_key[key].popleft()
        self._length -= 1
        if not by_key[key]:
            del by_key[key]
        if not by_key:
            del self._waiting[owner]
        return request

    def _remove(self, matches: Callable[[Request], bool]) -> list[Request]:
        removed: list[Request] = []
        for owner, by_key in list(self._waiting.items()):
            for key, requests in list(by_key.items()):
                # Each request is tested once, because a future may be cancelled at any moment.
                tested = [(request, matches(request)) for request in requests]
                removed += [request for request, is_match in tested if is_match]
                if rest := deque(request for request, is_match in tested if not is_match):
                    by_key[key] = rest
                else:
                    del by_key[key]
            if not by_key:
                del self._waiting[owner]
        self._length -= len(removed)
        return removed

    def _drop_idle_accounts(self) -> None:
        """Forget the accounts of owners without requests once there are too many of them.

        No account is ahead of the virtual time by more than one batch, so little debt is lost.
        """
        if len(self._accounts) > 2 * len(self._waiting) + MAX_IDLE_ACCOUNTS:
            self._accounts = {
                owner: seconds
                for owner, seconds in self._accounts.items()
                if owner in self._waiting
            }
