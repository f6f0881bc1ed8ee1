"""Diffusion pipelines of a few hundred thousand random weights, in the standard layout of folders.

They paint nothing that means anything, in a second, by the very classes that paint with real
weights. `python -m tests.generation.tiny_pipelines FOLDER` makes them all.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import diffusers
import torch
from diffusers.utils import convert_state_dict_to_diffusers
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    PreTrainedTokenizerFast,
    T5Config,
    T5EncoderModel,
)

EDGE = 64
START, END = "<|startoftext|>", "<|endoftext|>"


def byte_letters() -> list[str]:
    """The letters by which byte-level vocabularies write the 256 bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [256 + number for number in range(256 - len(plain))]
    return [chr(code) for code in plain + others]


def clip_tokenizer(folder: Path) -> CLIPTokenizer:
    """A tokenizer that knows single bytes only."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = byte_letters()
    words = [*letters, *(f"{letter}</w>" for letter in letters), START, END]
    vocabulary = {word: number for number, word in enumerate(words)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n", encoding="utf-8")
    return CLIPTokenizer(
        str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=77
    )


def clip_config(size: int) -> CLIPTextConfig:
    return CLIPTextConfig(
        bos_token_id=512,
        eos_token_id=513,
        pad_token_id=513,
        hidden_size=size,
        intermediate_size=37,
        num_attention_heads=4,
        num_hidden_layers=3,
        vocab_size=514,
        projection_dim=size,
        hidden_act="gelu",
        max_position_embeddings=77,
    )


def vae(channels: int = 4) -> diffusers.AutoencoderKL:
    return diffusers.AutoencoderKL(
        block_out_channels=[32, 64],
        down_block_types=["DownEncoderBlock2D"] * 2,
        up_block_types=["UpDecoderBlock2D"] * 2,
        latent_channels=channels,
        sample_size=EDGE,
        shift_factor=0.0,
    )


def unet(**options: Any) -> diffusers.UNet2DConditionModel:
    return diffusers.UNet2DConditionModel(
        block_out_channels=(32, 64),
        layers_per_block=1,
        sample_size=EDGE // 2,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        **options,
    )


def stable_diffusion(tokens: CLIPTokenizer) -> Any:
    return diffusers.StableDiffusionPipeline(
        vae=vae(),
        text_encoder=CLIPTextModel(clip_config(32)),
        tokenizer=tokens,
        unet=unet(cross_attention_dim=32),
        scheduler=diffusers.DDIMScheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def stable_diffusion_xl(tokens: CLIPTokenizer) -> Any:
    # Its sampler adds noise at every step and counts them, which is how Turbo nets are run.
    return diffusers.StableDiffusionXLPipeline(
        vae=vae(),
        text_encoder=CLIPTextModel(clip_config(32)),
        text_encoder_2=CLIPTextModelWithProjection(clip_config(32)),
        tokenizer=tokens,
        tokenizer_2=tokens,
        unet=unet(
            cross_attention_dim=64,
            attention_head_dim=(2, 4),
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            transformer_layers_per_block=(1, 2),
            projection_class_embeddings_input_dim=6 * 8 + 32,
        ),
        scheduler=diffusers.EulerAncestralDiscreteScheduler(timestep_spacing="trailing"),
    )


def stable_diffusion_3(tokens: CLIPTokenizer) -> Any:
    transformer = diffusers.SD3Transformer2DModel(
        sample_size=EDGE // 2,
        patch_size=2,
        in_channels=4,
        num_layers=1,
        attention_head_dim=8,
        num_attention_heads=4,
        joint_attention_dim=64,
        caption_projection_dim=32,
        pooled_projection_dim=64,
        out_channels=4,
    )
    return diffusers.StableDiffusion3Pipeline(
        transformer=transformer,
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
        vae=vae(),
        text_encoder=CLIPTextModelWithProjection(clip_config(32)),
        tokenizer=tokens,
        text_encoder_2=CLIPTextModelWithProjection(clip_config(32)),
        tokenizer_2=tokens,
        text_encoder_3=None,
        tokenizer_3=None,
    )


def flux(tokens: CLIPTokenizer) -> Any:
    transformer = diffusers.FluxTransformer2DModel(
        patch_size=1,
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=32,
        pooled_projection_dim=32,
        axes_dims_rope=(4, 4, 8),
    )
    letters = {letter: number + 2 for number, letter in enumerate(byte_letters())}
    raw = Tokenizer(models.BPE(vocab={"<pad>": 0, "</s>": 1} | letters, merges=[]))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t5 = T5Config(
        vocab_size=258,
        d_model=32,
        d_kv=8,
        d_ff=37,
        num_layers=2,
        num_heads=4,
        relative_attention_num_buckets=8,
    )
    return diffusers.FluxPipeline(
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
        vae=vae(),
        text_encoder=CLIPTextModel(clip_config(32)),
        tokenizer=tokens,
        text_encoder_2=T5EncoderModel(t5),
        tokenizer_2=PreTrainedTokenizerFast(
            tokenizer_object=raw, pad_token="<pad>", eos_token="</s>", model_max_length=512
        ),
        transformer=transformer,
    )


PIPELINES: dict[str, Callable[[CLIPTokenizer], Any]] = {
    "sd": stable_diffusion,
    "sdxl": stable_diffusion_xl,
    "sd3": stable_diffusion_3,
    "flux": flux,
}


def make_lora(folder: Path, name: str, *, seed: int) -> None:
    """A LoRA of the pipeline `sd`, as its library saves it."""
    net = unet(cross_attention_dim=32)
    torch.manual_seed(seed)
    config = LoraConfig(
        r=4, lora_alpha=8, init_lora_weights=False, target_modules=["to_q", "to_k", "to_v"]
    )
    net.add_adapter(config)
    diffusers.StableDiffusionPipeline.save_lora_weights(
        folder,
        unet_lora_layers=convert_state_dict_to_diffusers(get_peft_model_state_dict(net)),
        weight_name=f"{name}.safetensors",
    )


def make_all(folder: Path) -> None:
    """Every pipeline in a folder of its name, two LoRAs of `sd`, and the folder `tiny-vae`."""
    tokens = clip_tokenizer(folder / "tokens")
    for name, make in PIPELINES.items():
        torch.manual_seed(0)
        make(tokens).save_pretrained(folder / name, safe_serialization=True)
    for number, name in enumerate(("ink", "felt")):
        make_lora(folder, name, seed=number)
    torch.manual_seed(0)
    small = diffusers.AutoencoderTiny(
        encoder_block_out_channels=(8, 8),
        decoder_block_out_channels=(8, 8),
        num_encoder_blocks=(1, 1),
        num_decoder_blocks=(1, 1),
    )
    small.save_pretrained(folder / "tiny-vae")


if __name__ == "__main__":
    make_all(Path(sys.argv[1]))
