"""manage.py evaluate NAME: measure a learnt checkpoint and print the figures for its card."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from generation.checkpoints import find
from generation.management.command_errors import as_command_errors
from generation.refusal import Refused
from generation.training.music.evaluation import evaluate as evaluate_music
from generation.training.pictures.blends import evaluate_blends
from generation.training.pictures.evaluation import evaluate as evaluate_pictures

# Architecture named on a card -> what measures it: evaluate(checkpoint, data=, report=, is_quick=).
EVALUATIONS: dict[str, Callable[..., object]] = {
    "style-vae": evaluate_pictures,
    "music-vae": evaluate_music,
    "music-rnn": evaluate_music,
}


class Command(BaseCommand):
    help = (
        "Measure a learnt checkpoint: sharpness, likeness, variety, copies and blends; with a"
        " verdict in words."
    )
    requires_system_checks = []  # The studio works without the website.

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="key of the checkpoint")
        parser.add_argument(
            "--data",
            type=Path,
            help="the prepared data set (default: the one named on the card, under data/)",
        )
        parser.add_argument(
            "--blends",
            action="store_true",
            help="measure children of 2, 3 and 4 works of a picture species instead (no data set)",
        )
        parser.add_argument(
            "--quick",
            action="store_true",
            help="measure few works, in less than a minute: enough for the verdict",
        )

    def handle(
        self, *, name: str, data: Path | None, blends: bool, quick: bool, **options: Any
    ) -> None:
        with as_command_errors():
            checkpoint = find(name)
            architecture = checkpoint.card["architecture"]
            if architecture not in EVALUATIONS:
                raise Refused(
                    "“{name}” is a {architecture} species, which learnt nothing that could be"
                    " measured.",
                    name=name,
                    architecture=architecture,
                )
            if blends:
                if architecture != "style-vae":
                    raise Refused("--blends measures learnt picture species only.")
                evaluate_blends(checkpoint, report=self.stdout.write)
                return
            EVALUATIONS[architecture](
                checkpoint, data=data, report=self.stdout.write, is_quick=quick
            )
