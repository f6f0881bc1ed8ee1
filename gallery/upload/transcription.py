"""The only door to hearing what people upload. One file at a time: hearing takes a core and some
200 MB.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from generation.continuation import continue_melody
from generation.genome import Genome
from generation.melodies.files import Melody, read_melody
from generation.refusal import Refused

LONGEST_LINE = 8
RETRY_S = 20.0
Found = TypeVar("Found")
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ear")
_places = threading.BoundedSemaphore(LONGEST_LINE)


def listen(content: bytes) -> Melody:
    """The melody of a MIDI file or a recording. Raises Refused for what is no tune, and where too
    many wait already.
    """
    return _in_turn(lambda: read_melody(content))


def tune_of(melody: Melody, *, generator: str, style: str) -> Genome:
    """The genome of a tune that begins with this melody. Raises Refused where it is too short."""
    return _in_turn(lambda: continue_melody(melody, generator=generator, style=style))


def _in_turn(work: Callable[[], Found]) -> Found:
    if not _places.acquire(blocking=False):
        raise Refused(
            "Many tunes are being transcribed right now. Try again in half a minute.",
            retry_after=RETRY_S,
        )
    try:
        return _worker.submit(work).result()
    finally:
        _places.release()
