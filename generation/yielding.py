"""Yield points: where long work lets others in between, and learns that nobody waits for it."""

from collections.abc import Callable


class Abandoned(BaseException):
    """Raised by a yield point to end a batch whose result nobody needs any more.

    It is not an Exception, so that no net swallows it.
    """


# A net or a finishing step calls it with the progress, 0 to 1, several times a picture.
# The engine may serve other requests in that call, and may raise Abandoned.
YieldPoint = Callable[[float], None]


def ignore_progress(progress: float) -> None:
    """The yield point of work that nobody waits for and nothing interrupts."""


def part_of(yield_point: YieldPoint, index: int, count: int) -> YieldPoint:
    """A yield point for part `index` of `count`, which reports the progress of them all."""
    return lambda progress: yield_point((index + progress) / count)
