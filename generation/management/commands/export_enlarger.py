"""manage.py export_enlarger: put a trained live net where finishing reads it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from generation.finishing.superres import LIVE_FOLDER
from generation.management.command_errors import as_command_errors
from generation.training.enlarging.command import KIND
from generation.training.enlarging.export import export
from generation.training.runs import Run


class Command(BaseCommand):
    help = (
        "Write the net that enlarges live frames (card with measured figures, weights) from a run"
        " under runs/."
    )
    requires_system_checks = []  # The studio works without the website.

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "run", nargs="?", default=KIND, help="name of the run folder under runs/"
        )
        parser.add_argument("--to", type=Path, default=LIVE_FOLDER, help="folder of the net")

    def handle(self, *, run: str, to: Path, **options: Any) -> None:
        with as_command_errors():
            card = export(Run(Path("runs") / run), to, report=self.stdout.write)
        for name, decibels in card["psnr_to_teacher"].items():
            bicubic = card["psnr_of_bicubic"][name]
            self.stdout.write(f"{name}: {decibels} dB to the teacher, bicubic {bicubic} dB")
