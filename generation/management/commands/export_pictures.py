"""manage.py export_pictures RUN: make a checkpoint of a picture training run."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from generation.checkpoints import SHIPPED
from generation.refusal import Refused
from generation.training.picture_export import export
from generation.training.runs import Run


class Command(BaseCommand):
    help = "Write a checkpoint folder (card, weights, sample sheet) from a picture run under runs/."
    requires_system_checks = []  # The studio works without the website.

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", help="name of the run folder under runs/")
        parser.add_argument("--key", help="key of the species (default: the run's name)")
        parser.add_argument("--name", help="its name for people")
        parser.add_argument("--description", default="", help="one sentence for its page")
        parser.add_argument("--trained-with", default="", help="the command that trained it, for the card")
        parser.add_argument("--snapshot", default="snapshot.pt", help="which snapshot, for example autoencoding.pt")
        parser.add_argument("--neighbours", type=int, default=8, help="how many anchors around one a random work mixes")
        parser.add_argument("--coarse", type=int, default=2, help="how many genes are drawn apart from the rest")
        parser.add_argument("--to", type=Path, default=SHIPPED, help="parent folder of the checkpoint")

    def handle(self, *, run: str, key: str | None, name: str | None, to: Path, snapshot: str, **options) -> None:
        key = key or run
        name = name or key.capitalize()
        words = {
            "key": key, "name": name, "description": options["description"] or f"Pictures learnt from the run {run}.",
            "command": options["trained_with"] or f"manage.py train gan --data {run}",
        }
        sampling = {"neighbours": options["neighbours"], "coarse": options["coarse"]}
        source = Run(Path("runs") / run)
        try:
            export(source, snapshot=snapshot, target=to / key, words=words, sampling=sampling, report=self.stdout.write)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
