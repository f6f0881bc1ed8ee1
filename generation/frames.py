"""The words between those who ask for a picture, the engine that orders the asking, and the nets that paint it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from generation.genome import Genome
from generation.refusal import Refused

MIN_SIZE, MAX_SIZE = 16, 4096
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")


class Priority(IntEnum):
    """LIVE: somebody is holding a slider. JOB: somebody will be told when it is done."""

    LIVE = 0
    JOB = 1


class RenderFailed(RuntimeError):
    """A batch that ended in something which must not travel to another thread as it is (SystemExit, StopIteration)."""


class Abandoned(BaseException):
    """Raised by `breathe` to leave a batch that nobody waits for. Not an Exception, so that no net swallows it."""


@dataclass(frozen=True)
class Frame:
    """One rendered answer. payload: the encoded file; accent: its dominant colour "#rrggbb", empty for live frames."""

    payload: bytes
    media_type: str
    width: int
    height: int
    render_ms: float
    accent: str = ""


@dataclass(frozen=True)
class RenderKey:
    """What genomes share to be rendered in one batch. size: pixels of an edge; supersample: samples an axis, 1 or 2."""

    generator: str
    digest: str
    size: int
    media_type: str
    supersample: int

    def __str__(self) -> str:
        return f"{self.generator} {self.size} px {self.media_type}" + (" supersampled" if self.supersample > 1 else "")


# A net calls breathe(progress), 0 to 1, between strips; it may serve other tickets meanwhile, and may raise Abandoned.
Breathe = Callable[[float], None]
RenderBatch = Callable[[RenderKey, list[Genome], Breathe], Sequence[Frame]]


def key_for(genome: Genome, *, size: int, media_type: str, supersample: int) -> RenderKey:
    """The key under which a genome is rendered. Raises Refused for a size or format that nobody can paint."""
    if isinstance(size, bool) or not isinstance(size, int) or not MIN_SIZE <= size <= MAX_SIZE:
        raise Refused(f"The size must be a whole number of pixels from {MIN_SIZE} to {MAX_SIZE}.")
    if media_type not in MEDIA_TYPES:
        raise Refused(f"The format must be one of {', '.join(MEDIA_TYPES)}.")
    if supersample not in (1, 2):
        raise Refused("Supersampling must be 1 or 2.")
    return RenderKey(genome.generator, genome.digest, size, media_type, supersample)
