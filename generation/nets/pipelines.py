"""Pipelines of the library diffusers: which kinds there are here, and how they are loaded.

The library only reads local files (`generation` sets the variables), safetensors, and no code.
"""

import inspect
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from generation import devices
from generation.genespaces.diffusion import DiffusionSettings
from generation.refusal import Refused


@dataclass(frozen=True)
class Kind:
    """A class of pipelines. encoded: what its `encode_prompt` returns, as its call names it.

    is_packed: its latents are a row of patches of two by two, instead of planes. is_listed: its
    embeddings are lists of texts of different lengths. is_wide: it grows numbers beyond what
    float16 holds. can_learn: LoRAs can be trained on it here. unguided: the guidance that its call
    takes for none; others are that much higher or lower than ours, of which 1 is none.
    """

    encoded: tuple[str, ...]
    is_packed: bool = False
    is_listed: bool = False
    is_wide: bool = False
    can_learn: bool = False
    unguided: float = 1.0

    @property
    def has_masks(self) -> bool:
        """Whether it is told which tokens a text has."""
        return any("mask" in name for name in self.encoded)


_BOTH = ("prompt_embeds", "negative_prompt_embeds")
_POOLED = (*_BOTH, "pooled_prompt_embeds", "negative_pooled_prompt_embeds")
_MASKED = (
    "prompt_embeds",
    "prompt_attention_mask",
    "negative_prompt_embeds",
    "negative_prompt_attention_mask",
)
KINDS = {
    "StableDiffusionPipeline": Kind(_BOTH, can_learn=True),
    "StableDiffusionXLPipeline": Kind(_POOLED, can_learn=True),
    "StableDiffusion3Pipeline": Kind(_POOLED, can_learn=True),
    "FluxPipeline": Kind(
        ("prompt_embeds", "pooled_prompt_embeds"), is_packed=True, is_wide=True, can_learn=True
    ),
    "PixArtAlphaPipeline": Kind(_MASKED),
    "PixArtSigmaPipeline": Kind(_MASKED),
    "SanaPipeline": Kind(_MASKED, is_wide=True),
    "ZImagePipeline": Kind(_BOTH, is_listed=True, is_wide=True, unguided=0.0),
}


# The libraries draw a bar on the terminal for everything that they load, and say what operators
# cannot change.
for _talk in (diffusers.utils.logging, transformers.utils.logging):
    _talk.disable_progress_bar()
    _talk.set_verbosity(logging.CRITICAL)


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
    return torch.bfloat16 if KINDS[settings.pipeline].is_wide else torch.float16


def load_tiny_vae(folder: Path) -> Any:
    """A small decoder, such as TAESD (MIT)."""
    return diffusers.AutoencoderTiny.from_pretrained(
        folder, local_files_only=True, use_safetensors=True
    )


def add_lora(pipeline: Any, file: Path, *, key: str) -> None:
    """Load a LoRA under a name. Raises Refused for one that is of another net."""
    if not hasattr(pipeline, "load_lora_weights"):
        raise Refused("Pipelines of the kind {kind} take no LoRAs.", kind=type(pipeline).__name__)
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
