"""Access to the rendering engine for pages, sockets and jobs."""

import threading
from collections.abc import Callable
from concurrent.futures import Future

from django.conf import settings

from generation.checkpoints import find, medium_of
from generation.engine.engine import LocalEngine
from generation.engine.frames import NOTES, SOUND, Frame, Priority
from generation.engine.stats import EngineStats
from generation.engine.worker_process import WorkerProcess
from generation.genome import Genome

# Medium of a species -> media type of its live frames, and of its prints.
LIVE_MEDIA_TYPES = {"picture": "image/jpeg", "music": NOTES}
MASTER_MEDIA_TYPES = {"picture": "image/png", "music": SOUND}

_lock = threading.Lock()
_engine: LocalEngine | None = None


def engine() -> LocalEngine:
    """The engine of this process, created on the first call (daphne has no start-up event)."""
    global _engine
    with _lock:
        if _engine is None:
            _engine = LocalEngine(
                worker=WorkerProcess() if settings.ENGINE == "process" else None,
                max_batch_size=settings.MAX_BATCH_SIZE,
                batch_wait_timeout_s=settings.BATCH_WAIT_MS / 1000,
            )
        return _engine


def warm_up() -> None:
    """Prepare the engine for the first request."""
    engine().warm_up()


def use_engine(replacement: LocalEngine | None) -> None:
    """Use another engine (tests, a cluster); the old one is closed."""
    global _engine
    with _lock:
        old, _engine = _engine, replacement
    if old is not None and old is not replacement:
        old.close()


def preview(genome: Genome, *, size: int, owner: str) -> "Future[Frame]":
    """A live frame: an encoded picture, or the notes of a tune.

    owner: whom the engine counts it for, so that all owners get their turn. The future raises
    Withheld for a picture of a species for adults that the site does not show.
    """
    return _small(genome, size=size, owner=owner, priority=Priority.LIVE)


def sketch(genome: Genome, *, size: int, owner: str) -> "Future[Frame]":
    """The same as `preview` for somebody who is only looking: it runs after all live frames."""
    return _small(genome, size=size, owner=owner, priority=Priority.JOB)


def _small(genome: Genome, *, size: int, owner: str, priority: Priority) -> "Future[Frame]":
    return engine().submit(
        genome,
        size=size,
        media_type=LIVE_MEDIA_TYPES[medium_of(genome.generator) or "picture"],
        priority=priority,
        owner=owner,
        unsafe_from=settings.UNSAFE_SCORE,
    )


def render_artwork(
    genome: Genome,
    *,
    size: int,
    owner: str,
    on_progress: Callable[[float], None] | None = None,
    media_type: str = "",
) -> "Future[Frame]":
    """A print: lossless, a picture supersampled, a tune mastered. It runs after all live frames.

    media_type: something else than the master, such as a tune's stems. A picture of a species for
    adults comes with its score, and the caller decides what becomes of it.
    """
    return engine().submit(
        genome,
        size=size,
        media_type=media_type or MASTER_MEDIA_TYPES[medium_of(genome.generator) or "picture"],
        supersample=2,
        priority=Priority.JOB,
        owner=owner,
        on_progress=on_progress,
    )


def is_slow(generator: str, digest: str) -> bool:
    """Whether a species paints too slowly to follow a hand, as far as that is known.

    What this studio measured decides; before its first frame, what the card says was measured when
    the species was added.
    """
    limit = settings.SLOW_FRAME_SECONDS
    fastest = engine().fastest_s(generator, digest, live=False)
    if fastest is not None and fastest <= limit:
        return False
    if engine().fastest_s(generator, digest, live=True) is not None:
        return True
    checkpoint = find(generator, digest=digest)
    return checkpoint.terms.seconds > limit


def loading() -> tuple[str, float] | None:
    """The net that is being loaded and the seconds so far, or None."""
    return engine().loading()


def stats() -> EngineStats:
    """Statistics of the engine, for operators."""
    return engine().stats()
