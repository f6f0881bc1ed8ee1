"""The cache that several web processes share, and what becomes of it while nobody can reach it."""

import logging
import time
from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache

# For so long the shared cache is left alone after it failed, so that pages do not all wait for it.
RETRY_S = 10
WORDS = (
    "add",
    "get",
    "set",
    "touch",
    "delete",
    "incr",
    "has_key",
    "get_many",
    "set_many",
    "delete_many",
    "clear",
)

logger = logging.getLogger(__name__)


class Surviving(BaseCache):
    """Before a cache that several processes share: while that one fails, this process keeps to
    itself what it must.

    What is counted is then counted for each process, which is better than pages that fail.
    failures: the exceptions by which the shared one says that it cannot be reached.
    """

    failures: tuple[type[Exception], ...] = (OSError,)
    _alone_until = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._alone = LocMemCache("alone", {"OPTIONS": {"MAX_ENTRIES": 20_000}})


def _try(word: str) -> Any:
    def method(self: Surviving, *args: Any, **named: Any) -> Any:
        kind = type(self)  # Every thread has an instance of its own.
        if time.monotonic() >= kind._alone_until:
            try:
                return getattr(super(Surviving, self), word)(*args, **named)
            except self.failures:
                kind._alone_until = time.monotonic() + RETRY_S
                logger.warning(
                    "The shared cache cannot be reached; this process counts for itself.",
                    exc_info=True,
                )
        return getattr(self._alone, word)(*args, **named)

    method.__name__ = word
    return method


for _word in WORDS:
    setattr(Surviving, _word, _try(_word))
