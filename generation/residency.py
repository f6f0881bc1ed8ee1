"""Which nets are in memory: loaded once, unloaded when space is needed or nobody uses them.

Everything that holds weights keeps them here, so that one budget counts them all.
"""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
OnLoading = Callable[[str], AbstractContextManager[None]]


@dataclass
class _Resident:
    """A loaded net. size: bytes of its files, which its memory is about as large as."""

    net: Any
    label: str
    size: int
    used_at: float


class Residency:
    """Loaded nets by name, up to a budget.

    budget: bytes; the net that is in use stays even if it alone needs more. keep_s: seconds after
    which `release` unloads a net that was not used. on_loading: called with the label of a net that
    is about to be loaded; the loading happens inside the context that it returns. on_change: called
    after something was loaded or unloaded. free: called after something was loaded or
    unloaded, to give back the memory that it needed.
    """

    def __init__(
        self,
        *,
        budget: float = float("inf"),
        keep_s: float = float("inf"),
        on_loading: OnLoading = lambda name: nullcontext(),
        on_change: Callable[[], None] = lambda: None,
        free: Callable[[], None] = lambda: None,
    ) -> None:
        self.budget, self.keep_s = budget, keep_s
        self.on_loading, self.on_change, self.free = on_loading, on_change, free
        # Re-entrant, because a net may be made of others.
        self._lock = threading.RLock()
        self._nets: dict[str, _Resident] = {}
        self._loading: tuple[str, float] | None = None

    def get(self, name: str, load: Callable[[], T], *, size: int, label: str = "") -> T:
        """The net of that name, loaded if need be. What `load` raises leaves nothing behind.

        label: what people call it, if that is not its name.
        """
        label = label or name
        with self._lock:
            resident = self._nets.get(name)
            if resident is None:
                self._make_room(size)
                self._loading = label, time.monotonic()
                try:
                    with self.on_loading(label):
                        net = load()
                finally:
                    self._loading = None
                resident = self._nets[name] = _Resident(net, label, size, 0.0)
                self.free()  # Loading takes several times what the net keeps.
                self.on_change()
            resident.used_at = time.monotonic()
            net = resident.net
            return net

    def loading(self) -> tuple[str, float] | None:
        """The net that is being loaded, and the seconds so far."""
        loading = self._loading
        return (loading[0], time.monotonic() - loading[1]) if loading else None

    def sizes(self) -> Mapping[str, int]:
        """The bytes of each loaded net, by its label."""
        with self._lock:
            return {resident.label: resident.size for resident in self._nets.values()}

    def release(self, *, idle_s: float | None = None) -> bool:
        """Unload what was not used for so long (None: `keep_s`); say whether there was any."""
        limit = self.keep_s if idle_s is None else idle_s
        now = time.monotonic()
        with self._lock:
            return self._unload(
                [name for name, one in self._nets.items() if now - one.used_at >= limit]
            )

    def _make_room(self, size: int) -> None:
        """Unload the nets that were used longest ago until `size` more bytes fit."""
        oldest = sorted(self._nets, key=lambda name: self._nets[name].used_at)
        left = self.budget - size - sum(one.size for one in self._nets.values())
        chosen = []
        for name in oldest:
            if left >= 0:
                break
            left += self._nets[name].size
            chosen.append(name)
        self._unload(chosen)

    def _unload(self, names: list[str]) -> bool:
        for name in names:
            del self._nets[name]
        if names:
            self.free()
            self.on_change()
        return bool(names)


# The nets of this process.
nets = Residency()
