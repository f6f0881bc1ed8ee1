"""manage.py export_pictures RUN: make a checkpoint of a picture training run."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from generation.checkpoints import SHIPPED
from generation.refusal import Refused
from generation.training.picture_export import export
from generation.training.runs import Run


class Command(BaseCommand):
    help = (
        "Write a checkpoint folder (card, weights, sample sheet) from a picture run under runs/. What is yours to say (name, "
        "description, gene groups, slider labels) is read from words.json in that folder."
    )
    requires_system_checks = []  # The studio works without the website.

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", help="name of the run folder under runs/")
        parser.add_argument("--key", help="key of the species (default: the run's name)")
        parser.add_argument("--snapshot", default="snapshot.pt", help="which snapshot, for example autoencoding.pt")
        parser.add_argument("--to", type=Path, default=SHIPPED, help="parent folder of the checkpoint")

    def handle(self, *, run: str, key: str | None, to: Path, snapshot: str, **options) -> None:
        try:
            export(Run(Path("runs") / run), snapshot=snapshot, target=to / (key or run), report=self.stdout.write)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
