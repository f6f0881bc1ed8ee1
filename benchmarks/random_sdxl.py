"""A pipeline of Stable Diffusion XL with random weights, made on the spot.

It paints nothing that means anything, as fast as a trained one of its size. It needs the packages
of requirements-diffusion.txt.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from generation import devices
from generation.engine.render import paint_source
from generation.genespaces.diffusion import DiffusionSettings, DiffusionSpace
from generation.importing.clip_words import END, START
from generation.importing.single_file import CONFIGS
from generation.nets.diffusion import DiffusionNet
from generation.nets.pipelines import precision

EDGE, SMALL_EDGE = 1024, 64
# Where there is no card: a net of the same kind, some thousand times smaller.
SMALL: dict[str, dict[str, Any]] = {
    "unet": {
        "block_out_channels": [32, 64, 64],
        "layers_per_block": 1,
        "transformer_layers_per_block": [1, 1, 1],
        "attention_head_dim": [2, 4, 4],
        "cross_attention_dim": 64,
        "addition_time_embed_dim": 8,
        "projection_class_embeddings_input_dim": 6 * 8 + 32,
        "sample_size": SMALL_EDGE // 8,
    },
    "vae": {"block_out_channels": [32, 32, 32, 32], "sample_size": SMALL_EDGE},
    "text_encoder": {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_attention_heads": 4,
        "num_hidden_layers": 2,
        "projection_dim": 32,
    },
}
SMALL["text_encoder_2"] = SMALL["text_encoder"]


def random_sdxl(*, steps: int, is_small: bool) -> DiffusionNet:
    """The net on this process's device, in the numbers that it computes with there."""
    settings = DiffusionSettings(
        pipeline="StableDiffusionXLPipeline",
        steps=steps,
        size=SMALL_EDGE if is_small else EDGE,
        guidance=1.0,
    )
    torch.manual_seed(0)
    kept = torch.get_default_dtype()
    torch.set_default_dtype(precision(settings))
    try:
        with torch.device(devices.device()):
            parts = {
                "unet": diffusers.UNet2DConditionModel.from_config(_config("unet", is_small)),
                "vae": diffusers.AutoencoderKL.from_config(_config("vae", is_small)),
                "text_encoder": transformers.CLIPTextModel(
                    transformers.CLIPTextConfig(**_config("text_encoder", is_small))
                ),
                "text_encoder_2": transformers.CLIPTextModelWithProjection(
                    transformers.CLIPTextConfig(**_config("text_encoder_2", is_small))
                ),
            }
    finally:
        torch.set_default_dtype(kept)
    for net in parts.values():
        net.eval().requires_grad_(False)
    words = _letters()
    scheduler = json.loads((CONFIGS / "sdxl/scheduler/scheduler_config.json").read_text())
    pipeline = diffusers.StableDiffusionXLPipeline(
        **parts,
        tokenizer=words,
        tokenizer_2=words,
        scheduler=diffusers.EulerDiscreteScheduler.from_config(scheduler),
        add_watermarker=False,
    )
    return DiffusionNet(
        pipeline, space=DiffusionSpace(), settings=settings, paint_source=paint_source
    )


def _config(part: str, is_small: bool) -> dict[str, Any]:
    found = json.loads((CONFIGS / "sdxl" / part / "config.json").read_text(encoding="utf-8"))
    return found | (SMALL[part] if is_small else {})


def _letters() -> transformers.CLIPTokenizer:
    """A tokenizer of single letters: how long words are does not matter to the speed."""
    letters = [chr(code) for code in range(33, 127)]
    words = [*letters, *(f"{letter}</w>" for letter in letters), START, END]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "vocab.json").write_text(
            json.dumps({word: number for number, word in enumerate(words)}), encoding="utf-8"
        )
        (folder / "merges.txt").write_text("#version: 0.2\n", encoding="utf-8")
        return transformers.CLIPTokenizer(
            str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=77
        )
