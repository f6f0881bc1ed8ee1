"""render_batch: genomes to files, by the net of their species, finishing and a codec.

Imported lazily, because it imports torch.

An architecture is registered in PAINTERS: a function from its checkpoint to a painter. A net that
paints at any size, one picture at a time, is wrapped in OneByOne; a net that learnt pictures of one
size is wrapped in OneSize. Nets that write music are registered in COMPOSERS; what they write is
played by `generation.engine.perform`.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Protocol, TypeVar

import numpy as np
import torch

from generation import allocator, devices, safety
from generation.checkpoints import Checkpoint, find
from generation.codecs import image, solids
from generation.engine.frames import GENES, NOTES, SOLID_TYPES, Frame, RenderKey
from generation.engine.perform import Composer, perform
from generation.finishing.picture import finish
from generation.finishing.steps import read_steps
from generation.genespaces import SOLID, learnt_space
from generation.genespaces.brushwork.picture import paint as paint_strokes
from generation.genespaces.cloth.space import ClothedSpace
from generation.genespaces.diffusion import read_settings
from generation.genespaces.glass.picture import paint as paint_glass
from generation.genome import Genome
from generation.nets import (
    flames,
    patterns,
    pictures,
    remote,
    sculptures,
    style_vae,
    style_vae_onnx,
    stylegan,
    tunes,
)
from generation.nets.dressing import Dressing
from generation.nets.formulas import FormulaNet
from generation.refusal import Refused
from generation.residency import nets
from generation.yielding import YieldPoint, part_of

LIVE_MEDIA_TYPE = "image/jpeg"
PAINT_SHARE = 0.95  # The part of the progress that painting takes; the rest is encoding.
# Pictures from this many pixels on are encoded in a thread of their own, because their PNG takes
# longer than a strip; the engine gets yield points meanwhile.
SLOW_PIXELS = 2**18
ENCODING_POLL_S = 0.004

logger = logging.getLogger(__name__)


class Painter(Protocol):
    """A loaded net that paints pictures."""

    def paint(
        self, genomes: Sequence[Genome], *, size: int, supersample: int, yield_point: YieldPoint
    ) -> Iterable[np.ndarray]:
        """A uint8 sRGB picture for each genome, in their order.

        [size, size, 3], or smaller where the net has a size of its own and finishing enlarges it.
        """


class SinglePictureNet(Protocol):
    """A net that renders one picture at a time, at any size."""

    def render(
        self, genome: Genome, *, size: int, supersample: int, yield_point: YieldPoint
    ) -> np.ndarray:
        """The picture of a genome, uint8 sRGB [size, size, 3].

        Another edge where the net has a size of its own; finishing then brings it to `size`.
        """


class OneByOne:
    """A painter made of a net that renders one picture at a time."""

    def __init__(self, net: SinglePictureNet) -> None:
        self._net = net

    def paint(
        self, genomes: Sequence[Genome], *, size: int, supersample: int, yield_point: YieldPoint
    ) -> Iterator[np.ndarray]:
        for index, genome in enumerate(genomes):
            yield self._net.render(
                genome,
                size=size,
                supersample=supersample,
                yield_point=part_of(yield_point, index, len(genomes)),
            )


class OneSize:
    """A painter made of a net that decodes batches of genes at one fixed size."""

    def __init__(
        self,
        net: style_vae_onnx.Decoder,
        *,
        truncate: Callable[[np.ndarray, float], np.ndarray],
    ) -> None:
        self._net, self._truncate = net, truncate

    def paint(
        self, genomes: Sequence[Genome], *, size: int, supersample: int, yield_point: YieldPoint
    ) -> Iterator[np.ndarray]:
        yield from self._net.decode(
            np.stack([self._truncate(genome.genes, genome.psi) for genome in genomes])
        )


def load_diffusion(checkpoint: Checkpoint) -> Painter:
    """The painter of a diffusion species.

    Raises Refused where the libraries are missing that it needs.
    """
    try:
        # They are optional, and importing them takes half a minute.
        from generation.nets import diffusion  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise Refused(
            "The species “{card}” needs the packages of requirements-diffusion.txt, which are not"
            " installed here.",
            card=checkpoint.card["name"],
        ) from error
    return OneByOne(diffusion.load(checkpoint, paint_source=paint_source))


def load_learnt(checkpoint: Checkpoint) -> Painter:
    """The painter of a learnt net, which dresses its works where they wear cloth."""
    space = learnt_space(checkpoint)
    net = style_vae_onnx.serve(style_vae.load(checkpoint.folder))
    painter = OneSize(net, truncate=space.truncate)
    return Dressing(painter, split=space.split) if isinstance(space, ClothedSpace) else painter


def load_remote(checkpoint: Checkpoint) -> OneByOne:
    return OneByOne(remote.load(checkpoint, paint_source=paint_source))


# By the architecture named on the card.
PAINTERS: dict[str, Callable[[Checkpoint], Painter]] = {
    "patterns": lambda checkpoint: OneByOne(patterns.load(checkpoint)),
    "flames": lambda checkpoint: OneByOne(flames.load(checkpoint)),
    "sculptures": lambda checkpoint: OneByOne(sculptures.load(checkpoint)),
    "brushwork": lambda checkpoint: OneByOne(FormulaNet(paint_strokes)),
    "glass": lambda checkpoint: OneByOne(FormulaNet(paint_glass)),
    "style-vae": load_learnt,
    "stylegan2": lambda checkpoint: OneByOne(stylegan.load(checkpoint)),
    "stylegan3": lambda checkpoint: OneByOne(stylegan.load(checkpoint)),
    "diffusion": load_diffusion,
    "remote": load_remote,
    "picture": lambda checkpoint: OneByOne(pictures.load(checkpoint)),
}
COMPOSERS: dict[str, Callable[[Checkpoint], Composer]] = {"music-vae": tunes.load}

MAX_SOURCES = 16  # Grafted pictures that are kept, a megabyte each.
_sources: OrderedDict[tuple[str, int], np.ndarray] = OrderedDict()

Net = TypeVar("Net")
_encoder = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encoder")


def load_painter(generator: str, digest: str) -> Painter:
    """The painter of one version of a species, loaded once.

    Raises Refused when this version is not installed, and when the species writes music.
    """
    checkpoint = _find_checkpoint(generator, digest)
    if checkpoint.card["architecture"] not in PAINTERS:
        raise Refused(
            "The species “{card}” writes music; ask for its notes or its sound.",
            card=checkpoint.card["name"],
        )
    return _load(checkpoint, PAINTERS)


def load_composer(generator: str, digest: str) -> Composer:
    """The composer of one version of a species, loaded once.

    Raises Refused when this version is not installed, and when the species paints pictures.
    """
    checkpoint = _find_checkpoint(generator, digest)
    if checkpoint.card["architecture"] not in COMPOSERS:
        raise Refused(
            "The species “{card}” paints pictures; it has no sound.", card=checkpoint.card["name"]
        )
    return _load(checkpoint, COMPOSERS)


def paint_source(genome: Genome, size: int, yield_point: YieldPoint) -> np.ndarray:
    """The picture of a grafted genome, uint8 sRGB [size, size, 3], transparency on white.

    It is the one of a print, in live frames too, so that both begin alike. Raises Refused as
    `render_batch` does.
    """
    key = genome.identity, size
    if key not in _sources:
        with torch.inference_mode(False):
            painter = load_painter(genome.generator, genome.digest)
        with torch.inference_mode():
            (pixels,) = painter.paint([genome], size=size, supersample=2, yield_point=yield_point)
            finished = finish(
                pixels, genome.finishing, size=size, seed=genome.seed, yield_point=yield_point
            )
        _sources[key] = image.on_white(finished)
        if len(_sources) > MAX_SOURCES:
            _sources.popitem(last=False)
    _sources.move_to_end(key)
    return _sources[key]


def _paint_sources(checkpoint: Checkpoint, genomes: Sequence[Genome], watch: "_Stopwatch") -> None:
    """Paint what the genomes are grafted onto.

    That is done before their own net is loaded, which may need all the memory that there is.
    """
    if checkpoint.card["architecture"] != "diffusion":
        return
    for genome in genomes:
        for source, _weight in genome.grafts:
            edge = read_settings(checkpoint).size
            if (source.identity, edge) not in _sources:
                _paint_sources(find(source.generator, digest=source.digest), [source], watch)
                paint_source(source, edge, lambda progress: watch.yield_again())


def _find_checkpoint(generator: str, digest: str) -> Checkpoint:
    """The checkpoint of this very version. Raises Refused for an unknown architecture."""
    checkpoint = find(generator, digest=digest or "unnamed")
    architecture = checkpoint.card["architecture"]
    if architecture not in PAINTERS and architecture not in COMPOSERS:
        raise Refused(
            "The species “{generator}” needs the architecture “{architecture}”, which this version"
            " lacks.",
            generator=generator,
            architecture=architecture,
        )
    return checkpoint


def _load(checkpoint: Checkpoint, loaders: Mapping[str, Callable[[Checkpoint], Net]]) -> Net:
    # Older versions of a species are kept beside the newest, which has the plain name.
    is_newest = find(checkpoint.key).digest == checkpoint.digest
    label = str(checkpoint.card["name"])
    return nets.get(
        f"{checkpoint.key} {checkpoint.digest}",
        lambda: loaders[checkpoint.card["architecture"]](checkpoint),
        size=sum(checkpoint.sizes.values()),
        label=label if is_newest else f"{label} {checkpoint.digest[:8]}",
    )


def render_batch(key: RenderKey, genomes: list[Any], yield_point: YieldPoint) -> list[Frame]:
    """The frames of genomes that share a key; where it asks for GENES, those of phrases.

    The same genome and key give the same bytes in any batch, on one machine. Calls `yield_point`
    between strips and while a large picture is encoded; whatever it raises ends the batch. Raises
    Refused for a species or version that is not installed, for an unknown finishing step, and for
    a step whose weights are missing, and for pictures for adults where nothing can score them.

    When the device has too little memory, nets that are not needed leave it, the batch is split,
    and a picture that does not fit even alone is rendered on the CPU.
    """
    try:
        return _render_batch(key, genomes, yield_point)
    except torch.OutOfMemoryError:
        logger.warning("Out of memory with %d of %s.", len(genomes), key)
    nets.release(idle_s=0)
    if len(genomes) > 1:
        half = len(genomes) // 2
        first = render_batch(key, genomes[:half], part_of(yield_point, 0, 2))
        return first + render_batch(key, genomes[half:], part_of(yield_point, 1, 2))
    try:
        with devices.offloaded():
            return _render_batch(key, genomes, yield_point)
    except (torch.OutOfMemoryError, MemoryError):
        raise Refused(
            "There is too little memory here to draw this picture. Ask for a smaller one."
        ) from None
    finally:
        nets.release(idle_s=0)  # What was loaded for the CPU must not stay there.


def _render_batch(key: RenderKey, genomes: list[Any], yield_point: YieldPoint) -> list[Frame]:
    if key.media_type != GENES:
        for genome in genomes:
            read_steps(genome.finishing)
    watch = _Stopwatch(yield_point)
    # Nets are loaded outside of inference mode: others use the same ones outside of it, too.
    if key.is_music:
        composer = load_composer(key.generator, key.digest)
        with torch.inference_mode():
            frames = perform(composer, key, genomes, watch.yield_point)
    elif key.media_type in SOLID_TYPES:
        frames = [_shape(key, genome, watch.yield_point) for genome in genomes]
    else:
        checkpoint = _find_checkpoint(key.generator, key.digest)
        if checkpoint.terms.has_age_gate:
            safety.check_installed(str(checkpoint.card["name"]))
        _paint_sources(checkpoint, genomes, watch)
        painter = load_painter(key.generator, key.digest)
        with torch.inference_mode():
            frames = _paint(painter, checkpoint, key, genomes, watch)
    if key.media_type not in (LIVE_MEDIA_TYPE, NOTES, GENES):
        allocator.trim()  # The sound of a tune takes 200 MB while it is made.
    each_ms = 1000 * watch.seconds() / max(1, len(frames))
    return [replace(frame, render_ms=each_ms) for frame in frames]


def _paint(
    painter: Painter,
    checkpoint: Checkpoint,
    key: RenderKey,
    genomes: Sequence[Genome],
    watch: "_Stopwatch",
) -> list[Frame]:
    painted = painter.paint(
        genomes, size=key.size, supersample=key.supersample, yield_point=watch.yield_point
    )
    frames = []
    for index, (genome, pixels) in enumerate(zip(genomes, painted, strict=True)):
        finished = finish(
            pixels,
            genome.finishing,
            size=key.size,
            seed=genome.seed,
            is_live=key.supersample == 1,
            yield_point=part_of(watch.yield_point, index, len(genomes)),
        )
        score = safety.unsafe_score(finished) if checkpoint.terms.has_age_gate else None
        payload = _encode(finished, key.media_type, watch.yield_again)
        is_live = key.media_type == LIVE_MEDIA_TYPE
        accent = "" if is_live else image.accent(finished[..., :3])
        frames.append(
            Frame(payload, key.media_type, key.size, key.size, 0.0, accent, unsafe_score=score)
        )
    return frames


def _shape(key: RenderKey, genome: Genome, yield_point: YieldPoint) -> Frame:
    """The work as a solid. Raises Refused where it has none, or where the packages are missing."""
    checkpoint = _find_checkpoint(key.generator, key.digest)
    if checkpoint.card["architecture"] not in SOLID:
        raise Refused("The species “{card}” has no 3D models.", card=checkpoint.card["name"])
    if not solids.is_installed():
        raise Refused(solids.MISSING)
    # They are optional, and only a few jobs need them.
    from generation.genespaces.sculptures.solid import solid_of  # noqa: PLC0415

    solid = solid_of(genome.genes, report=yield_point)
    return Frame(solids.encode_solid(solid, key.media_type), key.media_type, 0, 0, 0.0)


class _Stopwatch:
    """Measures the time of a batch, without the time that its yield points take."""

    def __init__(self, yield_point: YieldPoint) -> None:
        self._yield_point = yield_point
        self._started = time.perf_counter()
        self._away = 0.0
        self._progress = 0.0

    def yield_point(self, progress: float) -> None:
        """Yield with this progress of the painting, 0 to 1."""
        self._progress = max(self._progress, PAINT_SHARE * progress)
        self.yield_again()

    def yield_again(self) -> None:
        """Yield without any new progress."""
        began = time.perf_counter()
        self._yield_point(self._progress)
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
