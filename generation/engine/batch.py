"""A batch of the engine, and what those who wait for it hear."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from generation.engine.fair_queue import Request
from generation.engine.frames import Priority, RenderFailed, RenderKey
from generation.refusal import Refused
from generation.yielding import Abandoned

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Batch:
    """Requests that are rendered together.

    cost_s: the seconds that each owner was charged for a frame in advance.
    """

    key: RenderKey
    priority: Priority
    requests: list[Request]
    cost_s: float


def closing() -> Refused:
    """What those hear who wait while the engine closes."""
    return Refused(
        "The studio closed before this picture was finished; try again in a minute.",
        retry_after=60,
    )


def harmless(error: BaseException) -> BaseException:
    """The error, or one in its place that may be raised in another thread or event loop."""
    if isinstance(error, Abandoned):
        return closing()  # Somebody still waits only if the engine is closing.
    if isinstance(error, Exception) and not isinstance(error, StopIteration | StopAsyncIteration):
        return error
    return RenderFailed(f"The net ended with {type(error).__name__}: {error}")


def report_progress(requests: Sequence[Request], progress: float) -> None:
    """Tell those who still wait how far their frames are; what they raise is only logged."""
    for request in requests:
        if request.on_progress is not None and not request.future.cancelled():
            try:
                request.on_progress(progress)
            except Exception:
                logger.exception("Reporting the progress failed; rendering continues.")
