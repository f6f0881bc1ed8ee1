"""The types that callers, the engine and the nets share: priorities, render keys, frames."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from generation.codecs.solids import GLB, STL
from generation.genome import Genome
from generation.refusal import Refused
from generation.yielding import YieldPoint

MIN_SIZE, MAX_SIZE = 16, 4096
PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp")
NOTES, SOUND, STEMS = "application/json", "audio/flac", "application/zip"
MUSIC_TYPES = (NOTES, SOUND, STEMS)  # The score, the mastered sound, and one sound file a part.
SOLID_TYPES = (GLB, STL)  # The closed surface of a work that has one.
GENES = "application/octet-stream"  # The genes of a tune that begins with a melody.


class Priority(IntEnum):
    """How urgent a request is.

    LIVE: somebody is moving a slider and waits for the picture. JOB: a background job, such as a
    print.
    """

    LIVE = 0
    JOB = 1


class RenderFailed(RuntimeError):
    """A batch failed with an exception that must not be raised in another thread.

    SystemExit and StopIteration, for example: they would end the thread, or an event loop.
    """


@dataclass(frozen=True)
class Frame:
    """One rendered result.

    payload: the encoded file. accent: its dominant colour as "#rrggbb", empty for live frames. Of
    music and solids, width and height are 0. Of music, seconds is its duration, and notes is the
    score as JSON. unsafe_score: of a picture of a species for adults (`generation.safety`), 0 to 1.
    """

    payload: bytes
    media_type: str
    width: int
    height: int
    render_ms: float
    accent: str = ""
    seconds: float = 0.0
    notes: bytes = b""
    unsafe_score: float | None = None


@dataclass(frozen=True, eq=False)
class Phrase:
    """A melody from which a music species is to make the genes of a tune that begins with it.

    tokens: int64 [steps], in the home key, as `generation.melodies.lines.home_tokens` returns them.
    home: semitones above C. Its frame holds the genes as little-endian float32.
    """

    generator: str
    digest: str
    tokens: np.ndarray
    home: int
    bpm: float
    style: str


Subject = Genome | Phrase


@dataclass(frozen=True)
class RenderKey:
    """What the genomes of one batch must have in common.

    size: pixels of an edge, 0 for music and solids. supersample: samples along each axis of a
    pixel.
    """

    generator: str
    digest: str
    size: int
    media_type: str
    supersample: int

    @property
    def is_music(self) -> bool:
        return self.media_type in (*MUSIC_TYPES, GENES)

    def __str__(self) -> str:
        if not self.size:
            return f"{self.generator} {self.media_type}"
        return f"{self.generator} {self.size} px {self.media_type}" + (
            " supersampled" if self.supersample > 1 else ""
        )


# The subjects of a batch are genomes, or phrases where the key's media type is GENES.
RenderBatch = Callable[[RenderKey, list[Any], YieldPoint], Sequence[Frame]]


def key_for(subject: Subject, *, size: object, media_type: str, supersample: int) -> RenderKey:
    """The key under which a genome or a phrase is rendered.

    Music and solids have no size: whatever size is asked for, those of a kind share their key.
    Raises Refused for an impossible size, format or supersampling.
    """
    if isinstance(subject, Phrase):
        return RenderKey(subject.generator, subject.digest, 0, GENES, 1)
    if media_type in (*MUSIC_TYPES, *SOLID_TYPES):
        return RenderKey(subject.generator, subject.digest, 0, media_type, 1)
    if isinstance(size, bool) or not isinstance(size, int) or not MIN_SIZE <= size <= MAX_SIZE:
        raise Refused(
            "The size must be a whole number of pixels from {min_size} to {max_size}.",
            min_size=MIN_SIZE,
            max_size=MAX_SIZE,
        )
    if media_type not in PICTURE_TYPES:
        raise Refused(
            "The format must be one of {picture_types}.",
            picture_types=", ".join(PICTURE_TYPES + MUSIC_TYPES + SOLID_TYPES),
        )
    if supersample not in (1, 2):
        raise Refused("Supersampling must be 1 or 2.")
    return RenderKey(subject.generator, subject.digest, size, media_type, supersample)
