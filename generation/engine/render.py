"""render_batch: genomes to files. Loads the net of a species, lets it work, finishes, encodes.
Imported lazily (torch).

An architecture is entered in PAINTERS: a function from its checkpoint to a painter. A net that
paints at any size, one picture at a time, is wrapped in OneByOne; a net that learnt pictures of one
size is wrapped in OneSize. Nets that write music are entered in COMPOSERS; what they write is
played by `generation.engine.perform`.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Protocol

import numpy as np
import torch

from generation.checkpoints import Checkpoint, find
from generation.codecs import image
from generation.engine.frames import Frame, RenderKey, YieldPoint
from generation.engine.perform import Composer, perform
from generation.finishing.picture import finish
from generation.finishing.steps import read_steps
from generation.genespaces.latent import latent_space
from generation.genome import Genome
from generation.nets import patterns, style_vae, style_vae_onnx, tunes
from generation.refusal import Refused

LIVE_MEDIA_TYPE = "image/jpeg"
PAINTED = 0.95  # The share of the progress that is told by painting; the rest is encoding.
SLOW_PIXELS = (
    2**18
)  # From here a PNG takes longer than a strip, so it is encoded beside, and the engine breathes.
ENCODING_POLL_S = 0.004


class Painter(Protocol):
    """A loaded net. `paint` yields a uint8 sRGB picture for each genome, in their order: [size,
    size, 3], or smaller where the net has a size of its own and finishing is to enlarge it.
    """

    def paint(
        self, genomes: Sequence[Genome], *, size: int, supersample: int, yield_point: YieldPoint
    ) -> Iterable[np.ndarray]: ...


class OneByOne:
    """A painter made of a net that paints a single picture: `net.render(genome, size=,
    supersample=, yield_point=)`.
    """

    def __init__(self, net) -> None:
        self._net = net

    def paint(
        self, genomes: Sequence[Genome], *, size: int, supersample: int, yield_point: YieldPoint
    ) -> Iterator[np.ndarray]:
        for index, genome in enumerate(genomes):
            before = index / len(genomes)
            yield self._net.render(
                genome,
                size=size,
                supersample=supersample,
                yield_point=lambda progress, before=before: yield_point(
                    before + progress / len(genomes)
                ),
            )


class OneSize:
    """A painter made of a net that has one size: `net.decode(genes [batch, length]) -> uint8
    [batch, edge, edge, 3]`, the same bytes for the same genes, whatever else is in the batch.
    """

    def __init__(self, net, *, truncate: Callable[[np.ndarray, float], np.ndarray]) -> None:
        self._net, self._truncate = net, truncate

    def paint(
        self, genomes: Sequence[Genome], *, size: int, supersample: int, yield_point: YieldPoint
    ) -> Iterator[np.ndarray]:
        yield from self._net.decode(
            np.stack([self._truncate(genome.genes, genome.psi) for genome in genomes])
        )


# Architecture named on the card -> a function from the checkpoint to its painter.
PAINTERS: dict[str, Callable[[Checkpoint], Painter]] = {
    "patterns": lambda checkpoint: OneByOne(patterns.load(checkpoint)),
    "style-vae": lambda checkpoint: OneSize(
        style_vae_onnx.serve(style_vae.load(checkpoint.folder)),
        truncate=latent_space(checkpoint).truncate,
    ),
}

COMPOSERS: dict[str, Callable[[Checkpoint], Composer]] = {"music-vae": tunes.load}

_lock = threading.Lock()
_loaded: dict[
    tuple[str, str], Painter | Composer
] = {}  # By species and digest: older versions stand beside the newest.
_encoder = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encoder")


def use_cores() -> None:
    """Give the nets of the calling thread all cores but one, which is kept for pages and
    sockets.
    """
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    torch.set_num_threads(max(1, cores - 1))


def net_of(generator: str, digest: str, *, is_music: bool) -> Painter | Composer:
    """The painter or composer of one version of a species, loaded once.

    Raises Refused when this very version of it is not installed, and when a tune is to be painted
    or a picture played.
    """
    checkpoint = find(generator, digest=digest or "unnamed")
    architecture = checkpoint.card["architecture"]
    if architecture not in PAINTERS and architecture not in COMPOSERS:
        raise Refused(
            "The species “{generator}” needs the architecture “{architecture}”, which this version"
            " lacks.",
            generator=generator,
            architecture=architecture,
        )
    if is_music and architecture not in COMPOSERS:
        raise Refused(
            "The species “{card}” paints pictures; it has no sound.", card=checkpoint.card["name"]
        )
    if not is_music and architecture not in PAINTERS:
        raise Refused(
            "The species “{card}” writes music; ask for its notes or its sound.",
            card=checkpoint.card["name"],
        )
    with _lock:
        if (generator, digest) not in _loaded:
            _loaded[generator, digest] = (COMPOSERS if is_music else PAINTERS)[architecture](
                checkpoint
            )
        return _loaded[generator, digest]


def render_batch(key: RenderKey, genomes: list[Genome], yield_point: YieldPoint) -> list[Frame]:
    """The frames of genomes that share a key. The same genome and key give the same bytes, in any
    batch, on one machine.

    Calls `yield_point` between strips and while a large picture is encoded; whatever `yield_point` raises
    ends the batch. Raises Refused for a species or version that is not installed, a finishing step
    that is not known, and weights that it lacks.
    """
    for genome in genomes:
        read_steps(genome.finishing)
    watch = _Watch(yield_point)
    net = net_of(key.generator, key.digest, is_music=key.is_music)
    if key.is_music:
        with torch.inference_mode():
            performed = perform(net, key, genomes, watch.yield_point)
        return [
            replace(frame, render_ms=1000 * watch.seconds() / len(performed)) for frame in performed
        ]
    files: list[tuple[bytes, str]] = []
    with torch.inference_mode():
        painted = net.paint(
            genomes, size=key.size, supersample=key.supersample, yield_point=watch.yield_point
        )
        for index, (genome, pixels) in enumerate(zip(genomes, painted, strict=True)):
            pixels = finish(
                pixels,
                genome.finishing,
                size=key.size,
                seed=genome.seed,
                yield_point=lambda progress, index=index: watch.yield_point(
                    (index + progress) / len(genomes)
                ),
            )
            payload = _encode(pixels, key.media_type, watch.breathe_again)
            files.append(
                (
                    payload,
                    "" if key.media_type == LIVE_MEDIA_TYPE else image.accent(pixels[..., :3]),
                )
            )
    each_ms = 1000 * watch.seconds() / max(1, len(files))
    return [
        Frame(payload, key.media_type, key.size, key.size, each_ms, accent)
        for payload, accent in files
    ]


class _Watch:
    """Breathes, and measures the time of a batch without what the engine did in its breaths."""

    def __init__(self, yield_point: YieldPoint) -> None:
        self._breathe = yield_point
        self._started = time.perf_counter()
        self._away = 0.0
        self._progress = 0.0

    def yield_point(self, progress: float) -> None:
        self._progress = max(self._progress, PAINTED * progress)
        self.breathe_again()

    def breathe_again(self) -> None:
        began = time.perf_counter()
        self._breathe(self._progress)
        self._away += time.perf_counter() - began

    def seconds(self) -> float:
        return time.perf_counter() - self._started - self._away


def _encode(pixels: np.ndarray, media_type: str, yield_point: Callable[[], None]) -> bytes:
    if media_type == LIVE_MEDIA_TYPE or pixels.shape[0] * pixels.shape[1] < SLOW_PIXELS:
        return image.encode(pixels, media_type)
    encoding: Future[bytes] = _encoder.submit(image.encode, pixels, media_type)
    while True:
        try:
            return encoding.result(timeout=ENCODING_POLL_S)
        except TimeoutError:
            yield_point()
