"""Making a species of a diffusion pipeline: checked, described by a card, painted once, registered.

Nothing is left behind when something is wrong. Large files are not copied but linked; where the
disk is another one, the card names the folder that they stay in (`generation.adding`).
"""

import json
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from generation import safety
from generation.adding import add_checkpoint
from generation.card import USES, WORKS, terms_of
from generation.checkpoints import Checkpoint
from generation.engine.render import paint_source
from generation.genespaces.diffusion import (
    MAX_LORAS,
    DiffusionSettings,
    Lora,
    concept,
    diffusion_space,
)
from generation.genespaces.settings_file import SETTINGS
from generation.genome import Genome
from generation.importing.pipeline_folder import (
    SMALL_FILES,
    WEIGHTS,
    PipelineFolder,
    check_weights,
    read_pipeline_folder,
)
from generation.importing.single_file import kind_of, write_config
from generation.nets import diffusion
from generation.nets.pipelines import KINDS
from generation.refusal import Refused
from generation.training.pictures.export import key_of
from generation.training.pictures.sheets import COLUMNS, contact_sheet
from generation.yielding import ignore_progress

TILE = 128  # Pixels of a sample on the sheet.
GREY = 160  # Of one that is not to be seen.
STEP = 64  # Sizes are multiples of it, which every net can paint.
MAX_STEPS, MAX_SIZE = 100, 2048
SINGLE_FILE, CONFIG, TINY_VAE = "model.safetensors", "config", "tiny_vae"


@dataclass(frozen=True)
class LoraSource:
    """A LoRA to be added. file: its .safetensors."""

    file: Path
    credit: str
    licence: str


@dataclass(frozen=True)
class Wish:
    """What is to become a species.

    source: the folder of a pipeline, or one .safetensors file. config: for such a file the folder
    of a pipeline of its kind, without weights; None finds the kind out. tokenizer: where the words
    are for a file whose kind was found out (`write_vocabulary`). size: pixels of an edge; None for
    the one that the net learnt. guidance: 1 for nets that were distilled to need none. age_gate:
    its works are for adults.
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
    tokenizer: Path | None = None
    age_gate: bool = False
    tiny_vae: Path | None = None
    loras: tuple[LoraSource, ...] = ()


def import_diffusion(
    wish: Wish,
    *,
    root: Path,
    report: Callable[[str], object] = lambda line: None,
    unsafe_from: float = 1.0,
) -> Checkpoint:
    """Make the species, a folder in `root`.

    unsafe_from: of a species for adults, samples with this score or more are left grey. Raises
    Refused for anything that is wrong with the species.
    """
    key = key_of(wish.name)
    if (root / key).exists():
        raise Refused("There is a species “{key}” already. Choose another name.", key=key)
    _check_numbers(wish)
    loras = _read_loras(wish.loras)
    with tempfile.TemporaryDirectory(prefix="arboretum-") as name:
        scratch = Path(name)
        pipeline = _read_source(wish, scratch)
        report("Checking the weights.")
        files, own = _files_of(wish, pipeline, loras)
        settings = _settings_of(wish, pipeline, loras)
        own[SETTINGS] = scratch / SETTINGS
        own[SETTINGS].write_text(json.dumps(asdict(settings), indent=1))

        def finish(checkpoint: Checkpoint) -> Mapping[str, Any]:
            report(f"Painting {COLUMNS} samples.")
            sheet, seconds = _paint_samples(checkpoint, unsafe_from)
            sheet.save(checkpoint.folder / "samples.png")
            return {"seconds": round(seconds, 2)}

        card = _card(wish, settings, [source for _, source in loras]) | {"key": key}
        return add_checkpoint(
            card, source=wish.source, root=root, files=files, own=own, finish=finish
        )


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


def _read_source(wish: Wish, scratch: Path) -> PipelineFolder:
    """The pipeline's folder; for a single file, the one that describes it."""
    if wish.source.is_dir():
        found = read_pipeline_folder(wish.source)
    elif not wish.source.is_file():
        raise Refused("There is no “{source}”.", source=str(wish.source))
    elif wish.config is not None:
        found = read_pipeline_folder(wish.config, needs_weights=False)
    else:
        check_weights(wish.source)
        config = write_config(
            kind_of(wish.source), scratch / CONFIG, edge=wish.size, tokenizer=wish.tokenizer
        )
        found = read_pipeline_folder(config, needs_weights=False)
    if found.pipeline not in KINDS:
        raise Refused(
            "Pipelines of the kind {kind} cannot be bred here; these can: {kinds}.",
            kind=found.pipeline[:80],
            kinds=", ".join(KINDS),
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


def _files_of(
    wish: Wish, pipeline: PipelineFolder, loras: Sequence[tuple[Lora, LoraSource]]
) -> tuple[dict[str, Path], dict[str, Path]]:
    """The files at the source, and those from elsewhere; each is there and sound."""
    described = {name: pipeline.root / name for name in pipeline.files}
    own = {lora.file: source.file for lora, source in loras}
    if wish.tiny_vae:
        own |= {f"{TINY_VAE}/{path.name}": path for path in _tiny_vae_files(wish.tiny_vae)}
    if wish.source.is_file():
        files = {SINGLE_FILE: wish.source}
        own |= {f"{CONFIG}/{name}": path for name, path in described.items()}
    else:
        files = described
    for path in (*files.values(), *own.values()):
        if not path.is_file():
            raise Refused("There is no “{source}”.", source=str(path))
        if path.suffix not in SMALL_FILES:
            check_weights(path)
    return files, own


def _settings_of(
    wish: Wish, pipeline: PipelineFolder, loras: Sequence[tuple[Lora, LoraSource]]
) -> DiffusionSettings:
    is_single = wish.source.is_file()
    return DiffusionSettings(
        pipeline=pipeline.pipeline,
        steps=wish.steps,
        size=wish.size or pipeline.edge,
        guidance=wish.guidance,
        loras=tuple(lora for lora, _ in loras),
        variant="" if is_single else pipeline.variant,
        single_file=SINGLE_FILE if is_single else "",
        tiny_vae=TINY_VAE if wish.tiny_vae else "",
    )


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
        "age_gate": wish.age_gate,
        "finishing": [],
        "loras": [
            {"name": one.file.stem, "credit": one.credit, "licence": one.licence} for one in loras
        ],
    }


def _paint_samples(checkpoint: Checkpoint, unsafe_from: float) -> tuple[Image.Image, float]:
    """A sheet of founders, and how many seconds the quickest of them took.

    Of a species for adults, those that are not to be seen are left grey. Raises Refused when the
    pipeline cannot be loaded or run.
    """
    space = diffusion_space(checkpoint)
    if checkpoint.terms.has_age_gate:
        safety.check_installed(str(checkpoint.card["name"]))
    try:
        net = diffusion.load(checkpoint, paint_source=paint_source)
        tiles, times = [], []
        for seed in range(COLUMNS):
            genome = Genome(
                checkpoint.key,
                checkpoint.digest,
                space.sample(np.random.default_rng([seed, 1])),
                seed=seed,
                prompts=((concept(seed), 1.0),),
            )
            started = time.perf_counter()
            pixels = net.render(genome, size=TILE, supersample=2, yield_point=ignore_progress)
            times.append(time.perf_counter() - started)
            if checkpoint.terms.has_age_gate:
                score = safety.unsafe_score(pixels)
                if score is None or score >= unsafe_from:
                    pixels = np.full_like(pixels, GREY)
            tiles.append(np.asarray(Image.fromarray(pixels).resize((TILE, TILE))))
    except Refused:
        raise
    # The library raises kinds of every sort for a net that does not fit its settings.
    except Exception as error:
        raise Refused(
            "This pipeline cannot be run: {reason}", reason=str(error).strip().split("\n")[0][:300]
        ) from error
    return contact_sheet(np.stack(tiles), columns=COLUMNS), min(times)
