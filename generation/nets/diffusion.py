"""Diffusion nets: any text-to-image pipeline of KINDS, run by the library diffusers.

A picture follows from the words and the genes alone: the noise is drawn by numpy on the CPU, a
sampler that adds noise on the way draws it from a fixed seed, and every picture is painted alone,
because in batches of other sizes sums are rounded otherwise. A processor and a graphics card still
give slightly different bytes, so the card says that the species is not exact.

The library only reads local files (`generation` sets the variables), safetensors, and no code.
"""

import copy
import inspect
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import diffusers
import numpy as np
import torch
from torch import Tensor

from generation import devices
from generation.checkpoints import Checkpoint
from generation.genespaces.diffusion import (
    NOISES,
    DiffusionSettings,
    DiffusionSpace,
    diffusion_space,
    read_settings,
)
from generation.genome import Genome
from generation.nets.embeddings import (
    answer_for_each_text,
    encode_words,
    mean,
    mix,
    read_presence,
)
from generation.nets.pipelines import KINDS, add_lora, load_pipeline, load_tiny_vae
from generation.nets.samplers import begin_later
from generation.prompts import Prompts
from generation.refusal import Refused
from generation.yielding import YieldPoint

PaintSource = Callable[[Genome, int, YieldPoint], np.ndarray]

FIRST_FIELD = 1000  # The seed of the first field of noise.
MAX_SOURCES = 16  # Grafted pictures whose latents are remembered.
MAX_ENCODED = 32  # Texts whose embeddings are remembered; T5's take megabytes each.
REST = 1e-6  # A smaller part is what rounding has left.


class DiffusionNet:
    """A loaded pipeline that paints genomes.

    tiny_vae: a small decoder for live frames; None takes the pipeline's own. paint_source: paints a
    grafted genome, (genome, size, yield point) -> uint8 sRGB [size, size, 3].
    """

    def __init__(
        self,
        pipeline: Any,
        *,
        space: DiffusionSpace,
        settings: DiffusionSettings,
        paint_source: PaintSource,
        tiny_vae: Any = None,
    ) -> None:
        pipeline.set_progress_bar_config(disable=True)
        self._pipeline, self._space, self._settings = pipeline, space, settings
        self._tiny_vae, self._paint_source = tiny_vae, paint_source
        self._over = _over_pictures(pipeline)
        self._sources: OrderedDict[str, Tensor] = OrderedDict()
        self._kind = KINDS[settings.pipeline]
        self._net = getattr(pipeline, "unet", None) or pipeline.transformer
        if self._kind.has_masks:
            read_presence(self._net)
        if self._kind.is_listed:
            answer_for_each_text(self._net)
        self._fields = fields_of_noise(self._latent_shape())
        self._encoded: OrderedDict[tuple[Any, ...], dict[str, Any]] = OrderedDict()
        self._active: Mapping[str, float] = {}

    def render(
        self, genome: Genome, *, size: int, supersample: int, yield_point: YieldPoint
    ) -> np.ndarray:
        """The picture of a genome, uint8 sRGB [edge, edge, 3], at the edge of the species.

        A live frame (supersample 1) may be decoded by the small decoder. Calls `yield_point` after
        each step; other pictures may be painted meanwhile. Raises Refused for a picture that is
        not finite.
        """
        guidance, loras = self._space.guidance(genome.genes), self._space.lora_weights(genome.genes)
        self._use_loras(loras)
        with torch.inference_mode():
            source = self._source(genome, yield_point)
            self._use_loras(loras)  # Painting the source may have changed them.
            encoded = self._encode(genome, is_guided=guidance > 1, loras=loras)
            run = self._own_run(is_live=supersample == 1, is_over=source is not None)

            def after_step(step: int) -> None:
                yield_point(min(1.0, (step + 1) / self._settings.steps))
                self._use_loras(loras)  # Another picture may have changed them.

            begin = (
                self._from_noise(genome)
                if source is None
                else self._from_source(genome, source, run)
            )
            pictures = run(
                **encoded,
                **begin,
                **_for_its_call(run, after_step),
                guidance_scale=guidance - 1 + self._kind.unguided,
                generator=torch.Generator("cpu").manual_seed(0),
                output_type="np",
            ).images
        if not np.isfinite(pictures).all():
            raise Refused("This picture came out as numbers that are no colours. Try another one.")
        return (pictures[0] * 255).round().astype(np.uint8)

    def _own_run(self, *, is_live: bool, is_over: bool) -> Any:
        """The pipeline for one picture: it shares the nets, and has a sampler of its own.

        A sampler has state, and a live frame may be painted in the middle of a print. is_over:
        whether it begins from another picture.
        """
        run = copy.copy((is_over and self._over) or self._pipeline)
        run.scheduler = type(run.scheduler).from_config(run.scheduler.config)
        if is_live and self._tiny_vae is not None:
            run.vae = self._tiny_vae
        return run

    def _encode(
        self, genome: Genome, *, is_guided: bool, loras: Mapping[str, float]
    ) -> dict[str, Any]:
        """The embeddings of the words, mixed by their weights, as the pipeline's call names them.

        The sum is one of straight lines: between the texts, what is meant changes steadily.
        """
        encoder = partial(self._encode_words, is_guided=is_guided, loras=loras)
        mixed = _mix_prompts(genome.prompts or (("", 1.0),), encoder)
        if is_guided and genome.avoided:
            # A part without words to keep away from is compared with a picture of no words.
            rest = 1 - sum(weight for _, weight in genome.avoided)
            avoided = (*genome.avoided, *((("", rest),) if rest > REST else ()))
            away = _mix_prompts(avoided, lambda one: encoder("", avoided=one))
            mixed |= {name: value for name, value in away.items() if "negative" in name}
        return mixed

    def _encode_words(
        self, words: str, *, avoided: str = "", is_guided: bool, loras: Mapping[str, float]
    ) -> dict[str, Any]:
        # A LoRA may change the text encoder, too.
        key = (words, avoided, is_guided, *loras.values())
        if key not in self._encoded:
            self._encoded[key] = encode_words(
                self._pipeline, words, avoided=avoided, is_guided=is_guided
            )
            if len(self._encoded) > MAX_ENCODED:
                self._encoded.popitem(last=False)
        self._encoded.move_to_end(key)
        return self._encoded[key]

    def _from_noise(self, genome: Genome) -> dict[str, Any]:
        """How the pipeline is told to begin with the noise of a genome."""
        return {
            "latents": self._noise(genome.genes),
            "num_inference_steps": self._settings.steps,
            "height": self._settings.size,
            "width": self._settings.size,
        }

    def _from_source(self, genome: Genome, source: Tensor, run: Any) -> dict[str, Any]:
        """How a run is told to begin with grafted pictures under the noise of a genome.

        source: their latents. run: its sampler is changed to one that starts later. What stays of
        the pictures depends on how much noise the sampler starts with. The number of its steps is
        always that of the species, as nets that need few steps are made for that number.
        """
        kept = self._space.closeness(genome.genes) * sum(weight for _, weight in genome.grafts)
        start = begin_later(run.scheduler, steps=self._settings.steps, share=1 - kept)
        sampler = run.scheduler = start.sampler
        noise = self._unpacked(self._noise(genome.genes))
        add = "scale_noise" if hasattr(sampler, "scale_noise") else "add_noise"
        library = getattr(sampler, add)

        def under_noise(picture: Tensor, timestep: Tensor) -> Tensor:
            if add == "scale_noise":
                return library(picture, timestep, noise)
            return library(picture, noise, timestep)

        begin = start.options | {"height": self._settings.size, "width": self._settings.size}
        if self._over is None:
            run.prepare_latents = lambda *_: under_noise(source, sampler.timesteps[:1])
        else:
            begin["image"] = source
            # The library draws noise of its own here. Ours is that of the genes.
            if add == "scale_noise":
                setattr(sampler, add, lambda picture, timestep, _: under_noise(picture, timestep))
            else:
                setattr(sampler, add, lambda picture, _, timestep: under_noise(picture, timestep))
        known = inspect.signature(type(run).__call__).parameters
        return {name: value for name, value in begin.items() if name in known}

    def _source(self, genome: Genome, yield_point: YieldPoint) -> Tensor | None:
        """The latents of the grafted pictures, mixed by their weights; None without grafts."""
        if not genome.grafts:
            return None
        parts = [self._encode_source(source, yield_point) for source, _ in genome.grafts]
        if len(parts) == 1:
            return parts[0]
        whole = sum(weight for _, weight in genome.grafts)
        return mean(parts, [weight / whole for _, weight in genome.grafts])

    def _encode_source(self, genome: Genome, yield_point: YieldPoint) -> Tensor:
        """The latents of a grafted picture, always the same: the mean of what the encoder says."""
        if genome.identity not in self._sources:
            pixels = self._paint_source(genome, self._settings.size, yield_point)
            vae, precision = self._pipeline.vae, self._pipeline.vae.dtype
            # Some encoders grow numbers beyond what float16 holds.
            is_wide = precision == torch.float16 and vae.config.get("force_upcast", False)
            light = torch.from_numpy(pixels.astype(np.float32) / 127.5 - 1).permute(2, 0, 1)[None]
            try:
                vae = vae.to(torch.float32) if is_wide else vae
                found = vae.encode(light.to(vae.device, vae.dtype))
                # Sana's encoder says one thing, others where it is likely to be.
                latents = found.latent if hasattr(found, "latent") else found.latent_dist.mode()
            finally:
                vae.to(precision)
            self._sources[genome.identity] = _scaled(latents, vae.config).to(self._pipeline.dtype)
            if len(self._sources) > MAX_SOURCES:
                self._sources.popitem(last=False)
        self._sources.move_to_end(genome.identity)
        return self._sources[genome.identity]

    def _unpacked(self, noise: Tensor) -> Tensor:
        """Noise as planes, [1, channels, side, side], as pictures are encoded."""
        if not self._kind.is_packed:
            return noise
        half = self._settings.size // self._pipeline.vae_scale_factor // 2
        patches = noise.reshape(1, half, half, -1, 2, 2)
        return patches.permute(0, 3, 1, 4, 2, 5).reshape(1, -1, 2 * half, 2 * half)

    def _latent_shape(self) -> tuple[int, ...]:
        side = self._settings.size // self._pipeline.vae_scale_factor
        channels = self._net.config.in_channels
        if self._kind.is_packed:
            return (side // 2) ** 2, channels
        return channels, side, side

    def _noise(self, genes: np.ndarray) -> Tensor:
        noise = np.tensordot(genes[:NOISES].astype(np.float64), self._fields, 1)
        return torch.from_numpy(noise.astype(np.float32))[None].to(
            self._pipeline.device, self._pipeline.dtype
        )

    def _use_loras(self, weights: Mapping[str, float]) -> None:
        if weights != self._active:
            self._pipeline.set_adapters(list(weights), list(weights.values()))
            self._active = dict(weights)


def _over_pictures(pipeline: Any) -> Any:
    """The library's pipeline that begins from a picture, with the same nets, or None."""
    try:
        over = diffusers.AutoPipelineForImage2Image.from_pipe(pipeline)
    except ValueError:
        return None
    over.set_progress_bar_config(disable=True)
    # It takes latents for what they are by the number of their channels.
    channels = getattr(pipeline.vae.config, "latent_channels", None)
    over.image_processor.register_to_config(vae_latent_channels=channels)
    return over


def _for_its_call(run: Any, after_step: Callable[[int], None]) -> dict[str, Any]:
    """What the call of a pipeline is told besides, as far as it knows it."""

    def on_step_end(run: Any, step: int, timestep: Any, tensors: Any) -> Any:
        after_step(step)
        return tensors

    known = inspect.signature(type(run).__call__).parameters
    wanted: dict[str, Any] = {
        "negative_prompt": None,  # Embeddings are given instead.
        "use_resolution_binning": False,  # Pictures have the size of the species.
        "callback_on_step_end": on_step_end,
    }
    if "callback_on_step_end" not in known:
        wanted["callback"] = lambda step, timestep, latents: after_step(step)
    return {name: value for name, value in wanted.items() if name in known}


def _mix_prompts(prompts: Prompts, encoder: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    whole = sum(weight for _, weight in prompts)
    return mix([encoder(words) for words, _ in prompts], [one / whole for _, one in prompts])


def _scaled(latents: Tensor, config: Any) -> Tensor:
    """What an encoder says, on the scale that its net paints on."""
    mean, deviation = config.get("latents_mean"), config.get("latents_std")
    if mean is not None and deviation is not None:
        centre, spread = (
            torch.tensor(each, dtype=latents.dtype, device=latents.device).view(1, -1, 1, 1)
            for each in (mean, deviation)
        )
        return (latents - centre) * config.scaling_factor / spread
    return (latents - (config.get("shift_factor") or 0.0)) * config.scaling_factor


def fields_of_noise(shape: tuple[int, ...]) -> np.ndarray:
    """The fixed noises that genes weigh, float32 [NOISES, *shape]."""
    return np.stack(
        [
            np.random.default_rng(FIRST_FIELD + number).standard_normal(shape, dtype=np.float32)
            for number in range(NOISES)
        ]
    )


def load(checkpoint: Checkpoint, *, paint_source: PaintSource) -> DiffusionNet:
    """The net of a checkpoint, on this process's device. paint_source: see `DiffusionNet`."""
    settings = read_settings(checkpoint)
    if settings.single_file:
        root = checkpoint.path(settings.single_file)
    else:
        root = checkpoint.path("model_index.json").parent
    pipeline = load_pipeline(settings, root=root, config=checkpoint.folder / "config")
    for lora in settings.loras:
        add_lora(pipeline, checkpoint.path(lora.file), key=lora.key)
    pipeline = pipeline.to(devices.device())
    tiny_vae = None
    if settings.tiny_vae:
        folder = checkpoint.path(f"{settings.tiny_vae}/config.json").parent
        tiny_vae = load_tiny_vae(folder).to(devices.device(), pipeline.dtype)
    return DiffusionNet(
        pipeline,
        space=diffusion_space(checkpoint),
        settings=settings,
        paint_source=paint_source,
        tiny_vae=tiny_vae,
    )
