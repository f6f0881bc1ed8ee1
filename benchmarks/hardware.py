"""`python -m benchmarks.hardware`: which text-to-image nets fit into how much memory, computed.

Nothing is measured. A net needs its weights, in numbers of two bytes, and while it works the
largest tensors of its decoder, which are wider than anything else: at the last but one block they
have the picture's edge and CHANNELS channels, in numbers of four bytes where the decoder needs
those (SDXL's), and LIVE of them are alive at once. The site fills four fifths of a card's memory
with weights (ARBORETUM_MEMORY_MB), so a net fits where its weights take less than that, and where
both together take less than the whole.
"""

import json
from dataclasses import dataclass
from typing import Any

import diffusers
import torch
import transformers

from generation.devices import DEFAULT_SHARE
from generation.importing.single_file import CONFIGS

GIB = 2**30
CARDS = (6, 12, 24)  # GiB.
CHANNELS, LIVE = 256, 3
# Folder in CONFIGS -> name and bytes of each number in the decoder's tensors.
NETS = {
    "sd15": ("Stable Diffusion 1.5", 2),
    "sd21": ("Stable Diffusion 2.1", 2),
    "sdxl": ("SDXL, also Turbo and Lightning", 4),
}


@dataclass(frozen=True)
class Need:
    """Of one net: its parameters, the bytes of its weights, and those that it works in."""

    name: str
    edge: int
    parameters: int
    weights: int
    working: int

    def fits(self, gib: float) -> bool:
        whole = gib * GIB
        return self.weights <= DEFAULT_SHARE * whole and self.weights + self.working <= whole


def need_of(kind: str) -> Need:
    """What the net of a folder in CONFIGS needs; its weights are counted, and not made."""
    name, decoder_bytes = NETS[kind]
    index = _read(kind, "model_index.json")
    with torch.device("meta"):
        nets: list[Any] = [
            diffusers.UNet2DConditionModel.from_config(_read(kind, "unet/config.json")),
            diffusers.AutoencoderKL.from_config(_read(kind, "vae/config.json")),
            *(
                getattr(transformers, index[part][1])(
                    transformers.CLIPTextConfig(**_read(kind, f"{part}/config.json"))
                )
                for part in index
                if part.startswith("text_encoder")
            ),
        ]
    parameters = sum(each.numel() for net in nets for each in net.parameters())
    edge = int(_read(kind, "vae/config.json")["sample_size"])
    return Need(name, edge, parameters, 2 * parameters, LIVE * edge**2 * CHANNELS * decoder_bytes)


def _read(kind: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CONFIGS / kind / name).read_text(encoding="utf-8"))
    return found


def main() -> None:
    cards = " | ".join(f"{gib} GB" for gib in CARDS)
    print(f"| net | edge | parameters | weights | at work | {cards} |")
    print("|" + " --- |" * (5 + len(CARDS)))
    for need in map(need_of, NETS):
        fits = " | ".join("yes" if need.fits(gib) else "no" for gib in CARDS)
        print(
            f"| {need.name} | {need.edge} px | {need.parameters / 1e9:.2f} billion"
            f" | {need.weights / GIB:.1f} GiB | +{need.working / GIB:.1f} GiB | {fits} |"
        )


if __name__ == "__main__":
    main()
