"""Transcribing uploads, one file at a time: each takes a core and some 200 MB of memory."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from gallery import studio
from generation.continuation import continue_melody
from generation.genome import Genome
from generation.melodies.files import Melody, read_melody
from generation.refusal import Refused

MAX_QUEUED = 8
RETRY_S = 20.0
Result = TypeVar("Result")
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="transcription")
_slots = threading.BoundedSemaphore(MAX_QUEUED)


def listen(content: bytes) -> Melody:
    """The melody of a MIDI file or a recording.

    Raises Refused for a file without a melody, and while too many others wait.
    """
    return _run_in_turn(lambda: read_melody(content))


def tune_of(melody: Melody, *, generator: str, style: str) -> Genome:
    """The genome of a tune that begins with this melody. Raises Refused if it is too short."""
    return continue_melody(melody, generator=generator, style=style, engine=studio.engine())


def _run_in_turn(work: Callable[[], Result]) -> Result:
    """Run the work in the one worker thread, after what was queued before it."""
    if not _slots.acquire(blocking=False):
        raise Refused(
            "Many tunes are being transcribed right now. Try again in half a minute.",
            retry_after=RETRY_S,
        )
    try:
        return _worker.submit(work).result()
    finally:
        _slots.release()
