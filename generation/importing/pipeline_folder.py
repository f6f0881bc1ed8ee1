"""Reading the folder of a diffusion pipeline before any library does: what it needs, what is wrong.

The layout is that of diffusers: model_index.json names the class of the pipeline and, for each
component, the library and the class; a component is a folder of that name.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from generation.card import PICKLES
from generation.refusal import Refused

INDEX = "model_index.json"
LIBRARIES = ("diffusers", "transformers")
# Components that the site does without: its own check looks at prints.
LEFT_OUT = ("safety_checker",)
# Settings, vocabularies, and how a talk is written down, which is read without running code.
SMALL_FILES = frozenset({".json", ".txt", ".model", ".jinja"})
WEIGHTS = ".safetensors"
DEFAULT_EDGE = 1024


@dataclass(frozen=True)
class PipelineFolder:
    """What a pipeline's folder holds. files: the names of those that are needed, relative to it.

    pipeline: the name of its class. variant: of the weight files, such as fp16, or empty. edge:
    pixels of the pictures that it learnt.
    """

    root: Path
    pipeline: str
    files: tuple[str, ...]
    variant: str
    edge: int


def read_pipeline_folder(root: Path, *, needs_weights: bool = True) -> PipelineFolder:
    """Read a folder. needs_weights: False for one that only describes a pipeline.

    Raises Refused for a folder that is no pipeline, is made of code of its own, or has weights as
    pickles only.
    """
    index = _read_json(root / INDEX)
    if index is None:
        raise Refused(
            "“{folder}” holds no pipeline: its {index} is missing or cannot be read.",
            folder=root.name,
            index=INDEX,
        )
    _check_for_code(root)
    components = _components(index)
    files, variants = [INDEX], set()
    for name in components:
        small, weights, variant = _files_of(root / name, needs_weights=needs_weights)
        files += [path.relative_to(root).as_posix() for path in (*small, *weights)]
        variants.add(variant)
    if needs_weights and not any(name.endswith(WEIGHTS) for name in files):
        raise Refused("“{folder}” holds no weights ({suffix}).", folder=root.name, suffix=WEIGHTS)
    variant = "fp16" if "fp16" in variants else ""
    return PipelineFolder(root, str(index["_class_name"]), tuple(files), variant, _edge(root))


def check_weights(path: Path) -> None:
    """Raises Refused for a file of weights that is damaged or holds numbers that are not finite."""
    if path.suffix.lower() in PICKLES:
        raise Refused(
            "“{file}” is a pickle, which can run code. Convert it to .safetensors first.",
            file=path.name,
        )
    try:
        with safe_open(path, framework="pt") as tensors:
            for name in tensors.keys():  # noqa: SIM118 - it is no dict
                tensor = tensors.get_tensor(name)
                if tensor.is_floating_point() and not tensor.float().isfinite().all():
                    raise Refused(
                        "“{file}” is damaged: its weights “{name}” hold numbers that are not"
                        " finite.",
                        file=path.name,
                        name=name[:80],
                    )
    except (SafetensorError, OSError) as error:
        raise Refused(
            "“{file}” is damaged or no {suffix} file. Fetch it again.",
            file=path.name,
            suffix=WEIGHTS,
        ) from error


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None


def _check_for_code(root: Path) -> None:
    """Raises Refused for a folder that brings program code, or names some on a server."""
    code = next(iter(sorted(root.rglob("*.py"))), None)
    for path in sorted(root.rglob("*.json")):
        if "auto_map" in (_read_json(path) or {}):
            code = code or path
    if code:
        raise Refused(
            "This pipeline needs code of its own (“{file}”), which is never run here.",
            file=code.relative_to(root).as_posix(),
        )


def _components(index: Mapping[str, Any]) -> Iterator[str]:
    """The folders of components that are needed."""
    if not isinstance(index.get("_class_name"), str):
        raise Refused("This pipeline needs code of its own (its class), which is never run here.")
    for name, value in index.items():
        if not isinstance(value, list) or name.startswith("_") or name in LEFT_OUT:
            continue
        library = value[0] if value else None
        if library is None:
            continue
        if library not in LIBRARIES or not name.isidentifier():
            raise Refused(
                "This pipeline needs code of its own (“{file}”), which is never run here.",
                file=name[:80],
            )
        yield name


def _files_of(folder: Path, *, needs_weights: bool) -> tuple[list[Path], list[Path], str]:
    """The small files of a component, its weights, and their variant."""
    if not folder.is_dir():
        raise Refused("The folder “{name}” of this pipeline is missing.", name=folder.name)
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    small = [path for path in paths if path.suffix in SMALL_FILES]
    if not needs_weights:
        return small, [], ""
    weights = [path for path in paths if path.suffix == WEIGHTS]
    pickles = [path for path in paths if path.suffix.lower() in PICKLES]
    if pickles and not weights:
        raise Refused(
            "“{file}” is a pickle, which can run code. Convert it to .safetensors first.",
            file=f"{folder.name}/{pickles[0].name}",
        )
    plain = [path for path in weights if ".fp16" not in path.name]
    half = [path for path in weights if ".fp16" in path.name]
    return (small, plain, "") if plain else (small, half, "fp16" if half else "")


def _edge(root: Path) -> int:
    """The edge of the pictures that a net learnt, in pixels, as far as its settings say."""
    net = _read_json(root / "unet/config.json") or _read_json(root / "transformer/config.json")
    decoder = _read_json(root / "vae/config.json") or {}
    sample = (net or {}).get("sample_size")
    blocks = decoder.get("block_out_channels") or decoder.get("encoder_block_out_channels")
    if not isinstance(sample, int) or not isinstance(blocks, list):
        return DEFAULT_EDGE
    return int(sample * 2 ** (len(blocks) - 1))
