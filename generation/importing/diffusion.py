"""Making a species of a diffusion pipeline: checked, described by a card, painted once, registered.

Nothing is left behind when something is wrong: all is made in a hidden folder beside the species,
which becomes one of them at the end. Large files are not copied but linked; where the disk is
another one, the card names the folder that they stay in.
"""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from generation.card import USES, WORKS, terms_of
from generation.checkpoints import Checkpoint, read_checkpoint
from generation.digests import sha256_of
from generation.engine.render import paint_source
from generation.genespaces.diffusion import (
    MAX_LORAS,
    SETTINGS,
    DiffusionSettings,
    Lora,
    concept,
    diffusion_space,
)
from generation.genome import Genome
from generation.importing.folders import unfinished
from generation.importing.pipeline_folder import (
    WEIGHTS,
    PipelineFolder,
    check_weights,
    read_pipeline_folder,
)
from generation.nets import diffusion
from generation.refusal import Refused
from generation.training.pictures.export import key_of
from generation.training.pictures.sheets import COLUMNS, contact_sheet
from generation.yielding import ignore_progress

TILE = 128  # Pixels of a sample on the sheet.
STEP = 64  # Sizes are multiples of it, which every net can paint.
MAX_STEPS, MAX_SIZE = 100, 2048
SINGLE_FILE, CONFIG, TINY_VAE = "model.safetensors", "config", "tiny_vae"
# How far two kinds of processors may differ at a pixel has not been measured, so the card promises
# no bound below the largest difference that there is.
TOLERANCE = 255


@dataclass(frozen=True)
class LoraSource:
    """A LoRA to be added. file: its .safetensors."""

    file: Path
    credit: str
    licence: str


@dataclass(frozen=True)
class Wish:
    """What is to become a species.

    source: the folder of a pipeline, or one .safetensors file, which needs `config`: the folder of
    a pipeline of its kind, without weights. size: pixels of an edge; None for the one that the net
    learnt. guidance: 1 for nets that were distilled to need none.
    """

    source: Path
    name: str
    licence: str
    credit: str
    steps: int
    size: int | None = None
    guidance: float = 1.0
    description: str = ""
    config: Path | None = None
    tiny_vae: Path | None = None
    loras: tuple[LoraSource, ...] = ()


def import_diffusion(
    wish: Wish, *, root: Path, report: Callable[[str], object] = lambda line: None
) -> Checkpoint:
    """Make the species, a folder in `root`. Raises Refused for anything that is wrong with it."""
    key = key_of(wish.name)
    if (root / key).exists():
        raise Refused("There is a species “{key}” already. Choose another name.", key=key)
    _check_numbers(wish)
    pipeline = _read_source(wish)
    loras = _read_loras(wish.loras)
    with unfinished(root) as folder:
        report("Checking the weights.")
        card = _lay_out(folder, wish, pipeline, loras) | {"key": key}
        (folder / "card.json").write_text(json.dumps(card, indent=1, ensure_ascii=False))
        checkpoint = read_checkpoint(folder)
        if checkpoint.problem:
            raise Refused("The model was not added. {problem}", problem=checkpoint.problem)
        report(f"Painting {COLUMNS} samples.")
        _paint_samples(checkpoint).save(folder / "samples.png")
        folder.rename(root / key)
    return read_checkpoint(root / key)


def _check_numbers(wish: Wish) -> None:
    if not 1 <= wish.steps <= MAX_STEPS:
        raise Refused("The steps must be from 1 to {most}.", most=MAX_STEPS)
    if wish.size is not None and not (STEP <= wish.size <= MAX_SIZE and wish.size % STEP == 0):
        raise Refused(
            "The size must be a multiple of {step}, at most {most}.", step=STEP, most=MAX_SIZE
        )
    if not 1 <= wish.guidance <= 30:
        raise Refused("The guidance must be from 1 (none) to 30.")
    if len(wish.loras) > MAX_LORAS:
        raise Refused("A species has at most {most} LoRAs.", most=MAX_LORAS)


def _read_source(wish: Wish) -> PipelineFolder:
    """The pipeline's folder; for a single file, the one that describes it."""
    if wish.source.is_dir():
        found = read_pipeline_folder(wish.source)
    elif not wish.source.is_file():
        raise Refused("There is no “{source}”.", source=str(wish.source))
    elif wish.config is None:
        check_weights(wish.source)
        raise Refused(
            "One file alone does not say how its net is built. Name with --config the folder of a"
            " pipeline of its kind; its weights are not needed."
        )
    else:
        found = read_pipeline_folder(wish.config, needs_weights=False)
    if found.pipeline not in diffusion.KINDS:
        raise Refused(
            "Pipelines of the kind {kind} cannot be bred here; these can: {kinds}.",
            kind=found.pipeline[:80],
            kinds=", ".join(diffusion.KINDS),
        )
    return found


def _read_loras(sources: Sequence[LoraSource]) -> list[tuple[Lora, LoraSource]]:
    loras: list[tuple[Lora, LoraSource]] = []
    for source in sources:
        key = key_of(source.file.stem)
        if any(key == other.key for other, _ in loras):
            raise Refused("Two LoRAs are called “{key}”. Rename one of the files.", key=key)
        name = source.file.stem.replace("_", " ").strip().capitalize()[:60]
        loras.append((Lora(key, name, f"loras/{key}{WEIGHTS}"), source))
    return loras


def _lay_out(
    folder: Path,
    wish: Wish,
    pipeline: PipelineFolder,
    loras: Sequence[tuple[Lora, LoraSource]],
) -> dict[str, Any]:
    """Bring all files into the folder, and return the card."""
    is_single = wish.source.is_file()
    if is_single:
        parts = {SINGLE_FILE: wish.source}
        parts |= {f"{CONFIG}/{name}": pipeline.root / name for name in pipeline.files}
    else:
        parts = {name: pipeline.root / name for name in pipeline.files}
    own = {lora.file: source.file for lora, source in loras}
    if wish.tiny_vae:
        own |= {f"{TINY_VAE}/{path.name}": path for path in _tiny_vae_files(wish.tiny_vae)}
    for path in (*parts.values(), *own.values()):
        if not path.is_file():
            raise Refused("There is no “{source}”.", source=str(path))
        if path.suffix not in (".json", ".txt", ".model"):
            check_weights(path)
    stays = {name for name, path in parts.items() if not _link(path, folder / name)}
    for name, path in own.items():
        if not _link(path, folder / name):
            shutil.copy(path, folder / name)
    settings = DiffusionSettings(
        pipeline=pipeline.pipeline,
        steps=wish.steps,
        size=wish.size or pipeline.edge,
        guidance=wish.guidance,
        loras=tuple(lora for lora, _ in loras),
        variant="" if is_single else pipeline.variant,
        single_file=SINGLE_FILE if is_single else "",
        tiny_vae=TINY_VAE if wish.tiny_vae else "",
    )
    (folder / SETTINGS).write_text(json.dumps(asdict(settings), indent=1))
    # What is small is copied even where what is large stays.
    for name in sorted(stays):
        if is_single and name != SINGLE_FILE:
            shutil.copy(parts[name], folder / name)
    files = {name: sha256_of(path) for name, path in (parts | own).items()}
    card = _card(wish, settings, [source for _, source in loras])
    card["files"] = files | {SETTINGS: sha256_of(folder / SETTINGS)}
    if stays:
        card["source"] = str(wish.source.resolve())
    return card


def _tiny_vae_files(folder: Path) -> list[Path]:
    """The settings and weights of a small decoder."""
    found = [folder / "config.json", *sorted(folder.glob(f"*{WEIGHTS}"))[:1]]
    if len(found) < 2 or not found[0].is_file():
        raise Refused(
            "“{folder}” holds no small decoder: it needs config.json and a {suffix} file.",
            folder=folder.name,
            suffix=WEIGHTS,
        )
    return found


def _link(path: Path, place: Path) -> bool:
    """Give a file a second name in the folder; False where the disk does not allow that."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        place.hardlink_to(path.resolve())
    except OSError:
        return False
    return True


def _card(wish: Wish, settings: DiffusionSettings, loras: Sequence[LoraSource]) -> dict[str, Any]:
    """The card, with the narrowest terms of the net and its LoRAs."""
    terms = [terms_of({"licence": one}) for one in (wish.licence, *(x.licence for x in loras))]
    works = [one for one in WORKS if all(one in each.works for each in terms)]
    if not works:
        raise Refused(
            "The licences of the net and its LoRAs leave no licence that works could carry."
        )
    use = max((each.use for each in terms), key=USES.index)
    credits_ = [wish.credit, *(f"{one.file.stem} by {one.credit}" for one in loras)]
    return {
        "name": wish.name[:80],
        "medium": "picture",
        "architecture": "diffusion",
        "version": 1,
        "description": wish.description or "Paints from words.",
        "licence": wish.licence,
        "credit": "; ".join(credits_),
        "use": use,
        "works": works,
        "size": settings.size,
        "steps": settings.steps,
        "exact": False,
        "tolerance": TOLERANCE,
        "finishing": [],
        "loras": [
            {"name": one.file.stem, "credit": one.credit, "licence": one.licence} for one in loras
        ],
    }


def _paint_samples(checkpoint: Checkpoint) -> Image.Image:
    """A sheet of founders. Raises Refused when the pipeline cannot be loaded or run."""
    space = diffusion_space(checkpoint)
    try:
        net = diffusion.load(checkpoint, paint_source=paint_source)
        tiles = []
        for seed in range(COLUMNS):
            genome = Genome(
                checkpoint.key,
                checkpoint.digest,
                space.sample(np.random.default_rng([seed, 1])),
                seed=seed,
                prompts=((concept(seed), 1.0),),
            )
            pixels = net.render(genome, size=TILE, supersample=2, yield_point=ignore_progress)
            tiles.append(np.asarray(Image.fromarray(pixels).resize((TILE, TILE))))
    except Refused:
        raise
    # The library raises kinds of every sort for a net that does not fit its settings.
    except Exception as error:
        raise Refused(
            "This pipeline cannot be run: {reason}", reason=str(error).strip().split("\n")[0][:300]
        ) from error
    return contact_sheet(np.stack(tiles), columns=COLUMNS)
