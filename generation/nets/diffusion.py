"""Diffusion nets: any text-to-image pipeline of KINDS, run by the library diffusers.

A picture follows from the words and the genes alone: the noise is drawn by numpy on the CPU, a
sampler that adds noise on the way draws it from a fixed seed, and every picture is painted alone,
because in batches of other sizes sums are rounded otherwise. A processor and a graphics card still
give slightly different bytes, so the card says that the species is not exact.

The library only reads local files (`generation` sets the variables), safetensors, and no code.
"""

import copy
import inspect
import json
import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import numpy as np
import torch
import transformers
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
from generation.prompts import Prompts
from generation.refusal import Refused
from generation.yielding import YieldPoint

FIRST_FIELD = 1000  # The seed of the first field of noise.
MAX_ENCODED = 32  # Texts whose embeddings are remembered; T5's take megabytes each.


@dataclass(frozen=True)
class Kind:
    """A class of pipelines. encoded: what its `encode_prompt` returns, as its call names it.

    is_packed: its latents are a row of patches of two by two, instead of planes.
    """

    encoded: tuple[str, ...]
    is_packed: bool = False


_BOTH = ("prompt_embeds", "negative_prompt_embeds")
_POOLED = (*_BOTH, "pooled_prompt_embeds", "negative_pooled_prompt_embeds")
KINDS = {
    "StableDiffusionPipeline": Kind(_BOTH),
    "StableDiffusionXLPipeline": Kind(_POOLED),
    "StableDiffusion3Pipeline": Kind(_POOLED),
    "FluxPipeline": Kind(("prompt_embeds", "pooled_prompt_embeds"), is_packed=True),
}


class DiffusionNet:
    """A loaded pipeline that paints genomes.

    tiny_vae: a small decoder for live frames; None takes the pipeline's own.
    """

    def __init__(
        self,
        pipeline: Any,
        *,
        space: DiffusionSpace,
        settings: DiffusionSettings,
        tiny_vae: Any = None,
    ) -> None:
        pipeline.set_progress_bar_config(disable=True)
        self._pipeline, self._space, self._settings = pipeline, space, settings
        self._tiny_vae = tiny_vae
        self._kind = KINDS[settings.pipeline]
        self._net = getattr(pipeline, "unet", None) or pipeline.transformer
        self._fields = fields_of_noise(self._latent_shape())
        self._encoded: OrderedDict[tuple[Any, ...], tuple[Tensor, ...]] = OrderedDict()
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
            encoded = self._encode(genome.prompts, is_guided=guidance > 1, loras=loras)
            run = self._own_run(is_live=supersample == 1)

            def on_step_end(run: Any, step: int, timestep: Any, tensors: Any) -> Any:
                yield_point(min(1.0, (step + 1) / self._settings.steps))
                self._use_loras(loras)  # Another picture may have changed them.
                return tensors

            pictures = run(
                **encoded,
                latents=self._noise(genome.genes),
                num_inference_steps=self._settings.steps,
                guidance_scale=guidance,
                height=self._settings.size,
                width=self._settings.size,
                generator=torch.Generator("cpu").manual_seed(0),
                output_type="np",
                callback_on_step_end=on_step_end,
            ).images
        if not np.isfinite(pictures).all():
            raise Refused("This picture came out as numbers that are no colours. Try another one.")
        return (pictures[0] * 255).round().astype(np.uint8)

    def _own_run(self, *, is_live: bool) -> Any:
        """The pipeline for one picture: it shares the nets, and has a sampler of its own.

        A sampler has state, and a live frame may be painted in the middle of a print.
        """
        run = copy.copy(self._pipeline)
        run.scheduler = type(run.scheduler).from_config(run.scheduler.config)
        if is_live and self._tiny_vae is not None:
            run.vae = self._tiny_vae
        return run

    def _encode(
        self, prompts: Prompts, *, is_guided: bool, loras: Mapping[str, float]
    ) -> dict[str, Tensor]:
        """The embeddings of the words, mixed by their weights, as the pipeline's call names them.

        The sum is one of straight lines: between the texts, what is meant changes steadily.
        """
        prompts = prompts or (("", 1.0),)
        whole = sum(weight for _, weight in prompts)
        shares = [weight / whole for _, weight in prompts]
        parts = [self._encode_words(one, is_guided=is_guided, loras=loras) for one, _ in prompts]
        mixed = (
            parts[0]
            if len(parts) == 1
            else [_mean(each, shares) for each in zip(*parts, strict=True)]
        )
        names = [name for name in self._kind.encoded if is_guided or "negative" not in name]
        return dict(zip(names, mixed, strict=True))

    def _encode_words(
        self, words: str, *, is_guided: bool, loras: Mapping[str, float]
    ) -> tuple[Tensor, ...]:
        key = (words, is_guided, *loras.values())  # A LoRA may change the text encoder, too.
        if key not in self._encoded:
            wanted = {
                "prompt": words,
                "prompt_2": None,
                "prompt_3": None,
                "device": self._pipeline.device,
                "num_images_per_prompt": 1,
                "do_classifier_free_guidance": is_guided,
            }
            known = inspect.signature(self._pipeline.encode_prompt).parameters
            found = self._pipeline.encode_prompt(
                **{name: value for name, value in wanted.items() if name in known}
            )
            # Some return more: Flux, where the tokens stand.
            self._encoded[key] = tuple(
                value
                for name, value in zip(self._kind.encoded, found, strict=False)
                if is_guided or "negative" not in name
            )
            if len(self._encoded) > MAX_ENCODED:
                self._encoded.popitem(last=False)
        self._encoded.move_to_end(key)
        return self._encoded[key]

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


def _mean(tensors: Sequence[Tensor], shares: Sequence[float]) -> Tensor:
    """The weighted mean, in the precision of the tensors; shares sum to 1."""
    weights = torch.tensor(shares, dtype=torch.float32, device=tensors[0].device)
    stacked = torch.stack([tensor.float() for tensor in tensors], dim=-1)
    return (stacked @ weights).to(tensors[0].dtype)


def fields_of_noise(shape: tuple[int, ...]) -> np.ndarray:
    """The fixed noises that genes weigh, float32 [NOISES, *shape]."""
    return np.stack(
        [
            np.random.default_rng(FIRST_FIELD + number).standard_normal(shape, dtype=np.float32)
            for number in range(NOISES)
        ]
    )


# The libraries draw a bar on the terminal for everything that they load, and say what operators
# cannot change.
for _talk in (diffusers.utils.logging, transformers.utils.logging):
    _talk.disable_progress_bar()
    _talk.set_verbosity(logging.CRITICAL)


def load(checkpoint: Checkpoint) -> DiffusionNet:
    """The net of a checkpoint, on this process's device."""
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
        pipeline, space=diffusion_space(checkpoint), settings=settings, tiny_vae=tiny_vae
    )


def load_pipeline(
    settings: DiffusionSettings, *, root: Path, config: Path, dtype: torch.dtype | None = None
) -> Any:
    """A pipeline on the CPU. root: its folder, or the file that `config` describes.

    dtype: of its numbers; None takes those that pictures are painted with.
    """
    kind = getattr(diffusers, settings.pipeline)
    options: dict[str, Any] = {"local_files_only": True, "dtype": dtype or precision(settings)}
    parameters = inspect.signature(kind.__init__).parameters
    if "safety_checker" in parameters:
        # It would paint black what it takes for nudity; the website has a check of its own.
        options |= {"safety_checker": None, "requires_safety_checker": False}
    if settings.single_file:
        return kind.from_single_file(str(root), config=str(config), **options)
    # Stable Diffusion 3 can do without its largest text encoder.
    index = json.loads((root / "model_index.json").read_text(encoding="utf-8"))
    options |= {
        name: None
        for name in ("text_encoder_3", "tokenizer_3")
        if name in parameters and not (index.get(name) or [None])[0]
    }
    return kind.from_pretrained(
        root, use_safetensors=True, variant=settings.variant or None, **options
    )


def precision(settings: DiffusionSettings) -> torch.dtype:
    """What numbers a net computes with: half ones on a graphics card."""
    if devices.device().type != "cuda":
        return torch.float32
    # Flux grows numbers beyond what float16 holds.
    return torch.bfloat16 if KINDS[settings.pipeline].is_packed else torch.float16


def load_tiny_vae(folder: Path) -> Any:
    """A small decoder, such as TAESD (MIT)."""
    return diffusers.AutoencoderTiny.from_pretrained(
        folder, local_files_only=True, use_safetensors=True
    )


def add_lora(pipeline: Any, file: Path, *, key: str) -> None:
    """Load a LoRA under a name. Raises Refused for one that is of another net."""
    try:
        pipeline.load_lora_weights(
            str(file.parent),
            weight_name=file.name,
            adapter_name=key,
            local_files_only=True,
            use_safetensors=True,
        )
        is_known = any(key in names for names in pipeline.get_list_adapters().values())
    # The library has a kind of its own for each way in which a LoRA does not fit.
    except Exception as error:
        raise _other_net(key) from error
    if not is_known:
        raise _other_net(key)


def _other_net(key: str) -> Refused:
    return Refused("The LoRA “{key}” was made for another net and does not fit this one.", key=key)
