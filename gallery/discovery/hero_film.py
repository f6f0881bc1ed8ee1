"""The film between two works, for the pair on the home page: its measures, and its drawing.

A film is true children only, so many and so evenly spaced that nothing has to be faded between
them. Before a film is drawn, a rehearsal of small frames measures how well the two melt.
"""

import io
from collections.abc import Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass

import numpy as np
from PIL import Image

from gallery import studio
from generation.breeding import breed
from generation.engine.frames import Frame
from generation.finishing.oklab import to_oklab
from generation.genome import NEWEST, Genome, Recipe

FRAMES, COLUMNS = 65, 8  # Both works and 63 children between them; an odd number has a middle.
FRAME_SIZE = 352
QUALITY = 80
REHEARSED, REHEARSAL_SIZE, SEEN_EDGE = 25, 64, 32
PATIENCE_S = 240  # How long a rehearsal or a film may take.
OWNER = "teaser"
FULL_TRAVEL = 0.18  # Works this far apart (mean OKLab distance of pixels) differ clearly.
FULL_NEWNESS = 0.5


@dataclass(frozen=True)
class Melting:
    """How well two works melt, measured on a rehearsal.

    stops: weights of the second work [FRAMES], in [0, 1], so that neighbours look equally far
    apart. evenness: the median step between equal weights over the largest, 1 for even steps.
    clarity: how far the detail of the children keeps to that of their parents, at most 1:
    washed-out children have less, those with scraps of both more. newness: how far the child half
    way is from any cross-fade of its parents, over the distance of those; 0 for a double exposure.
    travel: the distance of the parents.
    """

    stops: tuple[float, ...]
    evenness: float
    clarity: float
    newness: float
    travel: float

    @property
    def quality(self) -> float:
        """The product of the measures, each in [0, 1]."""
        newness = min(1.0, self.newness / FULL_NEWNESS)
        return self.evenness * self.clarity * newness * min(1.0, self.travel / FULL_TRAVEL)


def rehearse(first: Genome, second: Genome) -> Melting:
    """Measure how two works melt. Raises Refused or TimeoutError where they cannot be drawn."""
    weights = [place / (REHEARSED - 1) for place in range(REHEARSED)]
    frames = _render([first, second], weights, size=REHEARSAL_SIZE)
    return measure(np.stack([_see(frame) for frame in frames]))


def measure(seen: np.ndarray) -> Melting:
    """The measures of a rehearsal: OKLab pictures at equal steps, [frames, edge, edge, 3]."""
    steps = np.linalg.norm(np.diff(seen, axis=0), axis=-1).mean(axis=(1, 2))
    travel = float(np.linalg.norm(seen[-1] - seen[0], axis=-1).mean())
    details = np.array([_detail(picture[..., 0]) for picture in seen])
    ends = max(1e-6, float(np.sqrt(details[0] * details[-1])))
    inner = details[len(details) // 4 : -(len(details) // 4)]
    return Melting(
        stops=even_stops(steps, FRAMES),
        evenness=float(np.median(steps) / max(1e-9, steps.max())),
        clarity=min(1.0, float(inner.min()) / ends, 1.2 * ends / max(1e-6, float(inner.max()))),
        newness=_newness(seen[0], seen[len(seen) // 2], seen[-1]) / max(1e-6, travel),
        travel=travel,
    )


def even_stops(steps: np.ndarray, count: int) -> tuple[float, ...]:
    """Places in [0, 1] at which a path of these steps is cut into equal lengths [count]."""
    # A little of every step's own length keeps still stretches from being skipped altogether.
    lengths = np.r_[0, np.cumsum(steps + 0.05 * steps.mean() + 1e-9)]
    places = np.interp(
        np.linspace(0, 1, count), lengths / lengths[-1], np.linspace(0, 1, len(lengths))
    )
    return tuple(float(place) for place in places)


def draw(first: Genome, second: Genome, stops: Sequence[float]) -> tuple[bytes, bytes]:
    """The film as one WebP, COLUMNS frames a row, and its middle frame as another.

    Raises Refused or TimeoutError where it cannot be drawn.
    """
    frames = _render([first, second], stops, size=FRAME_SIZE)
    rows = -(-len(frames) // COLUMNS)
    sheet = Image.new("RGB", (FRAME_SIZE * COLUMNS, FRAME_SIZE * rows))
    for place, frame in enumerate(frames):
        row, column = divmod(place, COLUMNS)
        sheet.paste(frame, (column * FRAME_SIZE, row * FRAME_SIZE))
    return _encode(sheet), _encode(frames[len(frames) // 2])


def _render(parents: Sequence[Genome], weights: Sequence[float], *, size: int) -> list[Image.Image]:
    waiting: list[Future[Frame]] = []
    try:
        for weight in weights:
            child = breed(parents, Recipe(weights=(1 - weight, weight), version=NEWEST))
            waiting.append(studio.render_artwork(child, size=size, owner=OWNER))
        wait(waiting, timeout=PATIENCE_S)
        return [
            Image.open(io.BytesIO(frame.result(timeout=0).payload)).convert("RGB")
            for frame in waiting
        ]
    finally:
        for frame in waiting:
            frame.cancel()


def _see(picture: Image.Image) -> np.ndarray:
    small = picture.resize((SEEN_EDGE, SEEN_EDGE), Image.Resampling.BOX)
    return to_oklab(np.asarray(small))


def _detail(lightness: np.ndarray) -> float:
    """The mean difference of neighbouring pixels."""
    return float(sum(np.abs(np.diff(lightness, axis=axis)).mean() for axis in (0, 1)))


def _newness(first: np.ndarray, middle: np.ndarray, second: np.ndarray) -> float:
    """The distance of a picture from the nearest cross-fade of two others."""
    across, along = second - first, middle - first
    share = float(np.clip((across * along).sum() / max(1e-9, (across**2).sum()), 0, 1))
    return float(np.linalg.norm(along - share * across, axis=-1).mean())


def _encode(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=QUALITY, method=4)
    return buffer.getvalue()
