"""The options of `train music-vae` and `train music-rnn`: start or resume a run of a music net."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from generation.data.music import read_data_set
from generation.refusal import Refused
from generation.training.batches import workers_for
from generation.training.loop import train
from generation.training.machine import add_machine_arguments, prepare_machine
from generation.training.music.learner import Learner, Settings
from generation.training.music.rnn import MusicRnnLearner, MusicRnnSettings
from generation.training.music.samples import write_samples
from generation.training.music.vae import MusicVaeLearner, MusicVaeSettings
from generation.training.runs import Run

HELD_OUT = 800  # Validation segments that a run is watched on.
# Architecture -> the classes of its settings and of its learner.
NETS: dict[str, tuple[type[Settings], type[Learner[Any, Any]]]] = {
    "music-vae": (MusicVaeSettings, MusicVaeLearner),
    "music-rnn": (MusicRnnSettings, MusicRnnLearner),
}


def folder_of(data: str) -> Path:
    """Return the folder of a data set, given by its name under data/ or as a folder."""
    named = Path("data") / data
    return named if named.is_dir() else Path(data)


def changes_from(pairs: list[str], kinds: Mapping[str, Any]) -> dict[str, Any]:
    """Read settings from NAME=VALUE texts.

    kinds: the fields of the settings, by name. Raises Refused for unknown names and values of
    another kind.
    """
    changes = {}
    for name, _, value in (pair.partition("=") for pair in pairs):
        if name not in kinds or name == "data":
            raise Refused(
                "There is no setting “{name}”; there are {set}.",
                name=name,
                set=", ".join(sorted(set(kinds) - {"data"})),
            )
        try:
            changes[name] = type(kinds[name].default)(value)
        except ValueError as error:
            raise Refused(
                "The setting {name} must be a number, not “{value}”.", name=name, value=value
            ) from error
    return changes


def start(
    run_folder: Path,
    data_folder: Path,
    *,
    kind: str,
    hours: float,
    report: Callable[[str], None],
    device: torch.device | None = None,
    workers: int = 0,
    **changes: Any,
) -> Learner[Any, Any]:
    """Start a run, or resume it where its snapshot left off.

    A resumed run keeps the settings it began with.
    """
    settings_class, learner_class = NETS[kind]
    data = read_data_set(data_folder)
    run = Run(run_folder)
    with run.locked():
        new = settings_class(data=data_folder.name).changed(**changes)
        stored = run.start({"kind": kind} | new.to_json())
        if stored.pop("kind", kind) != kind:
            raise Refused(
                "{run_folder} holds a run of another kind of net. Name another folder with --run.",
                run_folder=run_folder,
            )
        settings = settings_class(**stored)
        if data["train"].shape[1] != settings.segment_steps:
            raise Refused(
                "The run learns segments of {steps} steps; those in {data_folder} have {shape}.",
                steps=settings.segment_steps,
                data_folder=data_folder,
                shape=data["train"].shape[1],
            )
        learner = learner_class(settings, data["train"], device=device, workers=workers)
        train(
            learner,
            run,
            hours=hours,
            report=report,
            measure=lambda: learner.figures(data["validation"][:HELD_OUT]),
            write_samples=lambda path: write_samples(learner.samples(), path),
            ship=f"manage.py export_music {run_folder.name} --data {data_folder.name}",
        )
    return learner


class Kind:
    """One kind of music net as the train command wants it: HELP, add_arguments, run."""

    def __init__(self, kind: str, *, help: str) -> None:
        self.kind, self.HELP = kind, help

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--data",
            default="tunes",
            help="a prepared data set: its name under data/, or its folder",
        )
        parser.add_argument(
            "--run",
            help="name of the run folder under runs/ (default: the net's and the data set's name)",
        )
        parser.add_argument(
            "--hours",
            type=float,
            default=2.0,
            help="how long the run takes in all; a finished run goes on when it is given more",
        )
        add_machine_arguments(parser)
        parser.add_argument(
            "--set", nargs="*", default=[], metavar="NAME=VALUE", help="settings of a new run"
        )

    def run(self, options: Mapping[str, Any], *, report: Callable[[str], None]) -> None:
        device = prepare_machine(options)
        data = folder_of(options["data"])
        folder = Path("runs") / (options["run"] or f"{self.kind}-{data.name}")
        start(
            folder,
            data,
            kind=self.kind,
            hours=options["hours"],
            report=report,
            device=device,
            workers=workers_for(device),
            **changes_from(options["set"], NETS[self.kind][0].__dataclass_fields__),
        )


music_vae = Kind(
    "music-vae", help="a recurrent autoencoder of two-bar melodies from prepared tunes"
)
music_rnn = Kind(
    "music-rnn",
    help="a net that continues melodies, from prepared tunes of four bars (data/tunes-4)",
)
