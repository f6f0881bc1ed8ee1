"""manage.py evaluate NAME: measure a learnt checkpoint and print the figures for its card."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from generation.checkpoints import find
from generation.management.command_errors import as_command_errors
from generation.refusal import Refused
from generation.training.music.evaluation import evaluate as evaluate_music
from generation.training.pictures.evaluation import evaluate as evaluate_pictures

# Architecture named on a card -> what measures it: evaluate(checkpoint, data=, report=).
EVALUATIONS: dict[str, Callable[..., object]] = {
    "style-vae": evaluate_pictures,
    "music-vae": evaluate_music,
    "music-rnn": evaluate_music,
}


class Command(BaseCommand):
    help = "Measure a learnt checkpoint: quality, variety, memorisation and smoothness."
    requires_system_checks = []  # The studio works without the website.

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="key of the checkpoint")
        parser.add_argument(
            "--data",
            type=Path,
            help="the prepared data set (default: the one named on the card, under data/)",
        )

    def handle(self, *, name: str, data: Path | None, **options: Any) -> None:
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
            EVALUATIONS[architecture](checkpoint, data=data, report=self.stdout.write)
