"""manage.py evaluate NAME: measure a checkpoint against the data it learnt from and print the
figures for its card.
"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from generation.checkpoints import find
from generation.management.telling import told_in_a_sentence
from generation.refusal import Refused
from generation.training.music import reproduce
from generation.training.pictures import evaluation

# Architecture named on a card -> the module that measures it: evaluate(checkpoint, data, report).
EVALUATIONS = {
    "style-vae": evaluation,
    "music-vae": reproduce,
    "music-rnn": reproduce,
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

    def handle(self, *, name: str, data: Path | None, **options) -> None:
        with told_in_a_sentence():
            checkpoint = find(name)
            architecture = checkpoint.card["architecture"]
            if architecture not in EVALUATIONS:
                raise Refused(
                    "“{name}” is a {architecture} species, which learnt nothing that could be"
                    " measured.",
                    name=name,
                    architecture=architecture,
                )
            EVALUATIONS[architecture].evaluate(checkpoint, data=data, report=self.stdout.write)
