"""manage.py export_music RUN: make a checkpoint of a music training run."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from generation.management.command_errors import as_command_errors
from generation.management.species_folder import add_folder_argument, how_to_show, species_folder
from generation.training.music.command import folder_of
from generation.training.music.export import export
from generation.training.runs import Run


class Command(BaseCommand):
    help = (
        "Write a checkpoint folder (card with measured figures, weights) from a music run under"
        " runs/."
    )
    requires_system_checks = []  # The studio works without the website.

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", help="name of the run folder under runs/")
        parser.add_argument(
            "--data", default="tunes", help="the prepared data set it learnt from (default: tunes)"
        )
        parser.add_argument("--key", help="key of the species (default: the run's name)")
        parser.add_argument("--name", help="its name for people")
        parser.add_argument("--description", default="", help="one sentence for its page")
        parser.add_argument("--licence", default="CC0-1.0", help="licence of the weights")
        parser.add_argument("--credit", default="Arboretum contributors", help="whom to name")
        parser.add_argument(
            "--notes", default="", help="what people should know about the data and the training"
        )
        add_folder_argument(parser)

    def handle(
        self,
        *,
        run: str,
        data: str,
        key: str | None,
        name: str | None,
        to: Path | None,
        **options: Any,
    ) -> None:
        key = key or run
        words = {
            "key": key,
            "name": name or key.capitalize(),
            "version": 1,
            "licence": options["licence"],
            "credit": options["credit"],
            "description": options["description"] or f"Tunes learnt from the run {run}.",
            "data": options["notes"] or f"The prepared data set {data}.",
        }
        with as_command_errors():
            folder = species_folder(to) / key
            card = export(Run(Path("runs") / run), folder_of(data), folder, words=words)
        for field, value in card.items():
            if isinstance(value, float | int):
                self.stdout.write(f"{field}: {value}")
        self.stdout.write(f"{folder} holds the new species. {how_to_show(folder)}")
