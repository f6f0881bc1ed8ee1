"""Writes a Stable Diffusion pipeline as one file, in the layout of its first authors."""

import re
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

# Names of the parts of nets: in the library, and in the one file that others write.
RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
UNET = {
    r"time_embedding\.linear_1": "time_embed.0",
    r"time_embedding\.linear_2": "time_embed.2",
    r"conv_in": "input_blocks.0.0",
    r"down_blocks\.0\.resnets\.0": "input_blocks.1.0",
    r"down_blocks\.0\.downsamplers\.0\.conv": "input_blocks.2.0.op",
    r"down_blocks\.1\.resnets\.0": "input_blocks.3.0",
    r"down_blocks\.1\.attentions\.0": "input_blocks.3.1",
    r"mid_block\.resnets\.0": "middle_block.0",
    r"mid_block\.attentions\.0": "middle_block.1",
    r"mid_block\.resnets\.1": "middle_block.2",
    r"up_blocks\.0\.resnets\.(\d)": r"output_blocks.\1.0",
    r"up_blocks\.0\.attentions\.(\d)": r"output_blocks.\1.1",
    r"up_blocks\.0\.upsamplers\.0": "output_blocks.1.2",
    r"up_blocks\.1\.resnets\.0": "output_blocks.2.0",
    r"up_blocks\.1\.resnets\.1": "output_blocks.3.0",
    r"conv_norm_out": "out.0",
    r"conv_out": "out.2",
}
VAE = {
    r"(en|de)coder\.mid_block\.resnets\.0": r"\1coder.mid.block_1",
    r"(en|de)coder\.mid_block\.resnets\.1": r"\1coder.mid.block_2",
    r"(en|de)coder\.mid_block\.attentions\.0\.group_norm": r"\1coder.mid.attn_1.norm",
    r"(en|de)coder\.mid_block\.attentions\.0\.to_(q|k|v)": r"\1coder.mid.attn_1.\2",
    r"(en|de)coder\.mid_block\.attentions\.0\.to_out\.0": r"\1coder.mid.attn_1.proj_out",
    r"encoder\.down_blocks\.(\d)\.resnets": r"encoder.down.\1.block",
    r"encoder\.down_blocks\.(\d)\.downsamplers\.0": r"encoder.down.\1.downsample",
    r"decoder\.up_blocks\.0\.resnets": "decoder.up.1.block",
    r"decoder\.up_blocks\.1\.resnets": "decoder.up.0.block",
    r"decoder\.up_blocks\.0\.upsamplers\.0": "decoder.up.1.upsample",
    r"(en|de)coder\.conv_norm_out": r"\1coder.norm_out",
}


def renamed(name: str, names: dict[str, str]) -> str:
    """A name with the first pattern that it begins with replaced."""
    for pattern, other in names.items():
        if re.match(rf"{pattern}\.", name):
            return re.sub(rf"^{pattern}", other, name)
    return name


def save_single_file(pipeline: Any, path: Path) -> None:
    """A Stable Diffusion pipeline as one file, in the layout of its first authors."""
    tensors: dict[str, torch.Tensor] = {}
    for name, tensor in pipeline.unet.state_dict().items():
        new = renamed(name, UNET)
        if ".resnets." in name:
            for part, other in RESNET.items():
                new = new.replace(f".{part}.", f".{other}.")
        tensors[f"model.diffusion_model.{new}"] = tensor
    for name, tensor in pipeline.vae.state_dict().items():
        new = renamed(name, VAE).replace("conv_shortcut", "nin_shortcut")
        is_flat = ".attn_1." in new and new.endswith("weight") and ".norm." not in new
        tensors[f"first_stage_model.{new}"] = tensor[:, :, None, None] if is_flat else tensor
    for name, tensor in pipeline.text_encoder.state_dict().items():
        inner = name if name.startswith("text_model.") else f"text_model.{name}"
        tensors[f"cond_stage_model.transformer.{inner}"] = tensor
    save_file({name: tensor.contiguous().clone() for name, tensor in tensors.items()}, path)
