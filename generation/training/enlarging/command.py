"""The options of `train enlarger`: the net that enlarges live frames, from the one for prints."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from generation.refusal import Refused
from generation.training.enlarging.learner import LiveNetLearner, LiveNetSettings
from generation.training.enlarging.pictures import enlarged_species, lessons
from generation.training.loop import train
from generation.training.machine import add_machine_arguments, prepare_machine
from generation.training.runs import Run

HELP = "the net that enlarges live frames, from the net that enlarges prints"
KIND = "enlarger"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", default=KIND, help="name of the run folder under runs/")
    parser.add_argument("--hours", type=float, default=1.0, help="how long the run takes in all")
    parser.add_argument(
        "--count", type=int, default=LiveNetSettings.count, help="pictures of each species"
    )
    parser.add_argument("--learning-rate", type=float, default=LiveNetSettings.learning_rate)
    add_machine_arguments(parser)
    parser.add_argument("--seed", type=int, default=0)


def run(options: Mapping[str, Any], *, report: Callable[[str], Any]) -> None:
    """Start or resume the run that the options name. Raises Refused for impossible numbers."""
    if options["count"] < 2 or options["seed"] < 0 or not 0 < options["learning_rate"] < 1:
        raise Refused(
            "--count must be at least 2, --seed not below 0, and --learning-rate between 0 and 1."
        )
    settings = LiveNetSettings(
        species=tuple(enlarged_species()),
        count=options["count"],
        learning_rate=options["learning_rate"],
        seed=options["seed"],
    )
    device = prepare_machine(options)
    folder = Run(Path("runs") / options["run"])
    with folder.locked():
        settings = settings_of(folder, settings)
        pictures, species = folder.folder / "pictures", list(settings.species)
        learnt = lessons(pictures, species, count=settings.count, report=report)
        held_out = lessons(pictures, species, count=settings.count, is_held_out=True, report=report)
        learner = LiveNetLearner(settings, learnt, device=device)
        train(
            learner,
            folder,
            hours=options["hours"],
            report=report,
            measure=lambda: learner.figures(held_out),
            write_samples=lambda path: learner.write_sheet(held_out, path),
            ship=f"manage.py export_enlarger {folder.folder.name}",
        )


def settings_of(run: Run, asked: LiveNetSettings) -> LiveNetSettings:
    """The settings that the run began with. Raises Refused where it is one of another kind."""
    stored = run.start({"kind": KIND} | asked.to_json())
    try:
        if stored.pop("kind", "") != KIND:
            raise KeyError
        return LiveNetSettings.from_json(stored)
    except (KeyError, TypeError) as error:
        raise Refused(
            "{run_folder} holds a run of another kind of net. Name another folder with --run.",
            run_folder=run.folder,
        ) from error
