"""The words between those who ask for a picture, the engine that orders the asking, and the nets
that paint it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from generation.genome import Genome
from generation.refusal import Refused

MIN_SIZE, MAX_SIZE = 16, 4096
PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp")
NOTES, SOUND, STEMS = "application/json", "audio/flac", "application/zip"
MUSIC_TYPES = (NOTES, SOUND, STEMS)  # What is played, the mastered tune, and its parts one by one.


class Priority(IntEnum):
    """LIVE: somebody is holding a slider. JOB: somebody will be told when it is done."""

    LIVE = 0
    JOB = 1


class RenderFailed(RuntimeError):
    """A batch that ended in something which must not travel to another thread as it is (SystemExit,
    StopIteration).
    """


class Abandoned(BaseException):
    """Raised by `yield_point` to leave a batch that nobody waits for. Not an Exception, so that no net
    swallows it.
    """


@dataclass(frozen=True)
class Frame:
    """One rendered answer. payload: the encoded file; accent: its dominant colour "#rrggbb", empty
    for live frames.

    Of music: width and height are 0, seconds is how long it plays, and notes is what is played, as
    JSON.
    """

    payload: bytes
    media_type: str
    width: int
    height: int
    render_ms: float
    accent: str = ""
    seconds: float = 0.0
    notes: bytes = b""


@dataclass(frozen=True)
class RenderKey:
    """What genomes share to be rendered in one batch. size: pixels of an edge, 0 for music;
    supersample: samples an axis.
    """

    generator: str
    digest: str
    size: int
    media_type: str
    supersample: int

    @property
    def is_music(self) -> bool:
        return self.media_type in MUSIC_TYPES

    def __str__(self) -> str:
        if self.is_music:
            return f"{self.generator} {self.media_type}"
        return f"{self.generator} {self.size} px {self.media_type}" + (
            " supersampled" if self.supersample > 1 else ""
        )


# A net calls yield_point(progress), 0 to 1, between strips; it may serve other requests meanwhile, and
# may raise Abandoned.
YieldPoint = Callable[[float], None]
RenderBatch = Callable[[RenderKey, list[Genome], YieldPoint], Sequence[Frame]]


def key_for(genome: Genome, *, size: int, media_type: str, supersample: int) -> RenderKey:
    """The key under which a genome is rendered. Raises Refused for a size or format that nobody can
    paint or play.

    Music has no size: whatever was asked, tunes of the same kind share their key.
    """
    if media_type in MUSIC_TYPES:
        return RenderKey(genome.generator, genome.digest, 0, media_type, 1)
    if isinstance(size, bool) or not isinstance(size, int) or not MIN_SIZE <= size <= MAX_SIZE:
        raise Refused(
            "The size must be a whole number of pixels from {min_size} to {max_size}.",
            min_size=MIN_SIZE,
            max_size=MAX_SIZE,
        )
    if media_type not in PICTURE_TYPES:
        raise Refused(
            "The format must be one of {picture_types}.",
            picture_types=", ".join(PICTURE_TYPES + MUSIC_TYPES),
        )
    if supersample not in (1, 2):
        raise Refused("Supersampling must be 1 or 2.")
    return RenderKey(genome.generator, genome.digest, size, media_type, supersample)
