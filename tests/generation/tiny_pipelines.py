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
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    Gemma2Config,
    Gemma2Model,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3Model,
    T5Config,
    T5EncoderModel,
)

from generation.importing.clip_words import END, START, byte_letters
from tests.generation.single_file import save_single_file

EDGE = 64


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
    return diffusers.FluxPipeline(
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
        vae=vae(),
        text_encoder=CLIPTextModel(clip_config(32)),
        tokenizer=tokens,
        text_encoder_2=T5EncoderModel(t5_config()),
        tokenizer_2=byte_tokenizer(),
        transformer=transformer,
    )


def pixart(sigma: bool) -> Any:
    make = diffusers.PixArtSigmaPipeline if sigma else diffusers.PixArtAlphaPipeline
    return make(
        tokenizer=byte_tokenizer(),
        text_encoder=T5EncoderModel(t5_config()),
        vae=vae(),
        transformer=diffusers.PixArtTransformer2DModel(
            num_attention_heads=2,
            attention_head_dim=8,
            num_layers=2,
            cross_attention_dim=16,
            sample_size=EDGE // 2,
            caption_channels=32,
        ),
        scheduler=diffusers.DPMSolverMultistepScheduler(),
    )


def sana(_tokens: CLIPTokenizer) -> Any:
    # Its sampler matches flows and is told the number of its steps alone, as that of Sana.
    sampler = diffusers.DPMSolverMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
    )
    blocks: dict[str, Any] = {
        f"{side}coder_{name}": value
        for side in ("en", "de")
        for name, value in {
            "block_types": ("ResBlock", "EfficientViTBlock"),
            "block_out_channels": (8, 8),
            "layers_per_block": (1, 1),
            "qkv_multiscales": ((), (5,)),
        }.items()
    }
    return diffusers.SanaPipeline(
        tokenizer=byte_tokenizer(),
        text_encoder=Gemma2Model(Gemma2Config(head_dim=8, **talker())),
        vae=diffusers.AutoencoderDC(
            latent_channels=4,
            attention_head_dim=2,
            upsample_block_type="interpolate",
            downsample_block_type="stride_conv",
            decoder_norm_types="rms_norm",
            decoder_act_fns="silu",
            scaling_factor=0.4,
            **blocks,
        ),
        transformer=diffusers.SanaTransformer2DModel(
            in_channels=4,
            out_channels=4,
            num_layers=1,
            num_attention_heads=2,
            attention_head_dim=4,
            num_cross_attention_heads=2,
            cross_attention_head_dim=4,
            cross_attention_dim=8,
            caption_channels=16,
            sample_size=EDGE // 2,
        ),
        scheduler=sampler,
    )


def z_image(_tokens: CLIPTokenizer) -> Any:
    tokenizer = byte_tokenizer()
    tokenizer.chat_template = "{% for one in messages %}user: {{ one.content }}\n{% endfor %}"
    return diffusers.ZImagePipeline(
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=vae(8),
        text_encoder=Qwen3Model(Qwen3Config(head_dim=8, **talker())),
        tokenizer=tokenizer,
        transformer=diffusers.ZImageTransformer2DModel(
            in_channels=8,
            dim=32,
            n_layers=1,
            n_refiner_layers=1,
            n_heads=2,
            n_kv_heads=2,
            cap_feat_dim=16,
            axes_dims=[8, 4, 4],
            axes_lens=[1024, 64, 64],
        ),
    )


def byte_tokenizer() -> PreTrainedTokenizerFast:
    """A tokenizer that knows single bytes only, and ends each text."""
    letters = {letter: number + 2 for number, letter in enumerate(byte_letters())}
    raw = Tokenizer(models.BPE(vocab={"<pad>": 0, "</s>": 1} | letters, merges=[]))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="<pad>", eos_token="</s>", model_max_length=512
    )


def t5_config() -> T5Config:
    return T5Config(
        vocab_size=258,
        d_model=32,
        d_kv=8,
        d_ff=37,
        num_layers=2,
        num_heads=4,
        relative_attention_num_buckets=8,
    )


def talker() -> dict[str, Any]:
    """What tiny nets that talk have in common; others read what they think of a text."""
    return {
        "vocab_size": 258,
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "pad_token_id": 0,
    }


PIPELINES: dict[str, Callable[[CLIPTokenizer], Any]] = {
    "sd": stable_diffusion,
    "sdxl": stable_diffusion_xl,
    "sd3": stable_diffusion_3,
    "flux": flux,
    "pixart": lambda _tokens: pixart(sigma=False),
    "pixart-sigma": lambda _tokens: pixart(sigma=True),
    "sana": sana,
    "z-image": z_image,
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
    """Pipelines in folders of their names; of `sd`, one file, two LoRAs and a small decoder."""
    tokens = clip_tokenizer(folder / "tokens")
    for name, make in PIPELINES.items():
        torch.manual_seed(0)
        pipeline = make(tokens)
        pipeline.save_pretrained(folder / name, safe_serialization=True)
        if name == "sd":
            save_single_file(pipeline, folder / "sd.safetensors")
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
