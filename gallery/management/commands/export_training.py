"""`manage.py export_training FOLDER`: works that may be used for training, with their credits.

`manage.py prepare_data FOLDER` reads them.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gallery.archive.training_set import export_training
from gallery.models import Medium
from generation.refusal import Refused


class Command(BaseCommand):
    help = "Write the works that may be used for training into a new folder, with their credits."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", type=Path, help="a folder that does not exist yet, or is empty"
        )
        parser.add_argument(
            "--medium",
            choices=Medium.values,
            default=Medium.PICTURE,
            help="pictures (default) or tunes",
        )
        parser.add_argument("--species", default="", help="only works of this species")

    def handle(self, *, folder: Path, medium: str, species: str, **options: Any) -> None:
        try:
            handed = export_training(folder, origin=settings.ORIGIN, medium=medium, species=species)
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        self.stdout.write(
            f"{handed.works} works with their credits; {handed.withheld} works are withheld."
        )
