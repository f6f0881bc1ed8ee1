"""One .safetensors file of Stable Diffusion in the layout of its first authors.

Such a file holds weights alone. How a net of its kind is built stands in `configs`, which are facts
about three published architectures; the kind follows from the shapes of the tensors.
"""

import json
import shutil
from pathlib import Path

from safetensors import safe_open

from generation.importing.clip_words import write_vocabulary
from generation.refusal import Refused

CONFIGS = Path(__file__).parent / "configs"
NET = "model.diffusion_model."
FIRST = f"{NET}input_blocks.0.0.weight"
WORDS_IN = ".attn2.to_k.weight"  # Its second axis: the width of the embeddings of words.
# That width -> the folder in CONFIGS, and what else must be in the file.
KINDS = {
    768: ("sd15", "cond_stage_model.transformer.text_model.embeddings.position_embedding.weight"),
    1024: ("sd21", "cond_stage_model.model.positional_embedding"),
    2048: ("sdxl", "conditioner.embedders.1.model.positional_embedding"),
}
# Of version 2 there are two nets with the same tensors: that for 512 px predicts the noise, that
# for 768 px predicts velocities (Salimans & Ho 2022).
NOISE_PREDICTED_TO = 512
LATENTS = 4  # Channels; nets for filling gaps in pictures take more.


def kind_of(file: Path) -> str:
    """The folder in CONFIGS that describes a sound .safetensors file.

    Raises Refused for a file of another kind, and for one without a text encoder.
    """
    with safe_open(file, framework="np") as tensors:
        names = set(tensors.keys())
        words = next((name for name in sorted(names) if _takes_words(name)), "")
        width = tensors.get_slice(words).get_shape()[1] if words else 0
        channels = tensors.get_slice(FIRST).get_shape()[1] if FIRST in names else 0
    if width not in KINDS or channels != LATENTS:
        raise Refused(
            "“{file}” is none of the kinds of nets that are recognised by themselves: Stable"
            " Diffusion 1, 2 and XL. Name with --config the folder of a pipeline of its kind; its"
            " weights are not needed.",
            file=file.name,
        )
    kind, needed = KINDS[width]
    if needed not in names:
        raise Refused(
            "“{file}” holds a net without the text encoder that it needs. Fetch the whole model.",
            file=file.name,
        )
    return kind


def _takes_words(name: str) -> bool:
    return name.startswith(NET) and name.endswith(WORDS_IN)


def write_config(
    kind: str, folder: Path, *, edge: int | None = None, tokenizer: Path | None = None
) -> Path:
    """Write the folder of a pipeline of this kind, without weights, and return it.

    edge: in pixels, of what it is to paint; None for what it learnt. tokenizer: see
    `write_vocabulary`. Raises Refused where no vocabulary is found.
    """
    shutil.copytree(CONFIGS / kind, folder)
    if kind == "sd21" and edge is not None and edge <= NOISE_PREDICTED_TO:
        settings = folder / "scheduler/scheduler_config.json"
        changed = json.loads(settings.read_text()) | {"prediction_type": "epsilon"}
        settings.write_text(json.dumps(changed, indent=1))
    for place in sorted(folder.glob("tokenizer*")):
        write_vocabulary(place, source=tokenizer)
    return folder
