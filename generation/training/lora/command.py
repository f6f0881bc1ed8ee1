"""The options of `train lora`: teach a species that paints from words a subject or a manner."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from generation.checkpoints import Checkpoint, catalogue, find
from generation.data.pictures import open_captions, open_prepared, prepared_folder
from generation.data.sources import Report
from generation.genespaces.diffusion import read_settings
from generation.prompts import MAX_WORDS, clean_words
from generation.refusal import Refused
from generation.training.machine import add_machine_arguments, prepare_machine
from generation.training.runs import Run

HELP = "a LoRA of an installed species that paints from words"
MAX_RANK = 256


@dataclass(frozen=True)
class LoraSettings:
    """What decides a run's result beside its data.

    species, digest: the net that learns. words: of all pictures; empty takes their captions. size:
    the edge of the pictures in pixels.
    """

    species: str
    digest: str
    data: str
    size: int
    words: str = ""
    rank: int = 8
    batch: int = 1
    learning_rate: float = 1e-4
    seed: int = 0


@dataclass(frozen=True)
class Lesson:
    """What is learnt from. pictures: uint8 [count, edge, edge, 3]. words: of each picture."""

    pictures: np.ndarray
    words: list[str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", help="the species' key, as in its address")
    parser.add_argument(
        "--data", required=True, help="a prepared data set: its name under data/, or its folder"
    )
    parser.add_argument(
        "--words",
        default="",
        help="what all pictures show (default: the captions that lay beside them as .txt files)",
    )
    parser.add_argument("--rank", type=int, default=LoraSettings.rank, help="how much it can learn")
    parser.add_argument("--steps", type=int, default=1_000, help="how long the run shall be")
    parser.add_argument("--batch", type=int, default=LoraSettings.batch)
    parser.add_argument("--learning-rate", type=float, default=LoraSettings.learning_rate)
    parser.add_argument(
        "--run", help="name of the run folder under runs/ (default: the species' and the set's)"
    )
    add_machine_arguments(parser)
    parser.add_argument("--seed", type=int, default=0)


def run(options: Mapping[str, Any], *, report: Report) -> None:
    """Start or resume the run that the options name."""
    device = prepare_machine(options)
    checkpoint = species_named(options["model"])
    settings = settings_from(options, checkpoint)
    lesson = lesson_from(settings)
    try:
        # Their import takes half a minute, and they are optional.
        from generation.training.lora.loop import train  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise Refused(
            "Diffusion species need more packages: pip install -r requirements-diffusion.txt"
        ) from error
    name = options["run"] or f"{settings.species}-{Path(settings.data).name}"
    train(
        Run(Path("runs") / name),
        checkpoint,
        settings,
        lesson,
        steps=options["steps"],
        device=device,
        report=report,
    )


def species_named(key: str) -> Checkpoint:
    """Return an installed species that paints from words. Raises Refused for any other."""
    fitting = [
        name for name, one in catalogue().items() if one.card.get("architecture") == "diffusion"
    ]
    if key not in catalogue() or key in fitting:
        return find(key)
    raise Refused(
        "The species “{key}” paints without words, so it cannot learn a LoRA. These can: {keys}.",
        key=key,
        keys=", ".join(fitting) or "none that is installed",
    )


def settings_from(options: Mapping[str, Any], checkpoint: Checkpoint) -> LoraSettings:
    """Return the settings that the options ask for. Raises Refused for impossible numbers."""
    if not 1 <= options["rank"] <= MAX_RANK:
        raise Refused("--rank must be from 1 to {most}.", most=MAX_RANK)
    if options["steps"] < 1 or options["batch"] < 1 or options["seed"] < 0:
        raise Refused("--steps and --batch must be at least 1, and --seed not below 0.")
    if not 0 < options["learning_rate"] < 1:
        raise Refused("--learning-rate must be between 0 and 1.")
    return LoraSettings(
        species=checkpoint.key,
        digest=checkpoint.digest,
        data=options["data"],
        size=read_settings(checkpoint).size,
        words=clean_words(options["words"]) if options["words"] else "",
        rank=options["rank"],
        batch=options["batch"],
        learning_rate=options["learning_rate"],
        seed=options["seed"],
    )


def lesson_from(settings: LoraSettings) -> Lesson:
    """Return the pictures and their words.

    Raises Refused when the set is not there, when its pictures are smaller than those of the
    species, and when nothing says what they show.
    """
    pictures, _ = open_prepared(settings.data)
    if pictures.shape[1] < settings.size:
        raise Refused(
            "The pictures of “{data}” are too small: {edge} px, and this species paints {size} px."
            " Prepare them again with a larger --size.",
            data=settings.data,
            edge=pictures.shape[1],
            size=settings.size,
        )
    if settings.words:
        return Lesson(pictures, [settings.words] * len(pictures))
    captions = open_captions(prepared_folder(settings.data))
    if len(captions) != len(pictures):
        raise Refused(
            "Nothing says what the pictures of “{data}” show. Give --words for all of them, or put"
            " a .txt file beside each one and prepare them again.",
            data=settings.data,
        )
    return Lesson(pictures, [clean_words(one[:MAX_WORDS]) if one else "" for one in captions])
