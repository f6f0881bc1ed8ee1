"""A cache that web processes share, with a fallback for when it cannot be reached."""

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar, cast

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache

# After a failure the shared cache is not tried again for so long, so that pages do not all wait
# for it.
RETRY_S = 10

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


class FallbackCache(BaseCache):
    """Uses a cache that several processes share, and this process's memory while that one fails.

    Rate limits are then counted per process, which is better than pages that fail. (The package
    django-redis can ignore failures too, but then nothing is counted at all.)

    Subclasses set `shared_class`, the shared cache, and `failures`, the exceptions that it raises
    when it cannot be reached.
    """

    shared_class: ClassVar[type[BaseCache]]
    failures: ClassVar[tuple[type[Exception], ...]] = (OSError,)
    # On the class, because Django makes one instance per thread and all of them should know.
    _retry_at: ClassVar[float] = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        make_shared = cast("Callable[[str, dict[str, Any]], BaseCache]", self.shared_class)
        self._shared = make_shared(server, params)  # Backends take the server, BaseCache does not.
        self._local = LocMemCache("fallback", params | {"OPTIONS": {"MAX_ENTRIES": 20_000}})

    # The bulk operations of BaseCache call these.

    def add(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        return self._run(lambda cache: cache.add(key, value, timeout, version))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._run(lambda cache: cache.get(key, default, version))

    def set(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        self._run(lambda cache: cache.set(key, value, timeout, version))

    def touch(
        self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return self._run(lambda cache: cache.touch(key, timeout, version))

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._run(lambda cache: cache.delete(key, version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return self._run(lambda cache: cache.incr(key, delta, version))

    def clear(self) -> None:
        self._run(lambda cache: cache.clear())

    def _run(self, operation: Callable[[BaseCache], Result]) -> Result:
        """Run the operation on the shared cache, or on the local one while that fails."""
        kind = type(self)
        if time.monotonic() >= kind._retry_at:
            try:
                return operation(self._shared)
            except self.failures:
                kind._retry_at = time.monotonic() + RETRY_S
                logger.warning(
                    "The shared cache cannot be reached; this process uses its own memory instead.",
                    exc_info=True,
                )
        return operation(self._local)
