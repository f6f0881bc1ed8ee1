"""manage.py export_pictures RUN: make a checkpoint of a picture training run."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from generation.management.command_errors import as_command_errors
from generation.management.species_folder import add_folder_argument, how_to_show, species_folder
from generation.training.pictures.export import checked_key, export, key_of
from generation.training.runs import Run


class Command(BaseCommand):
    help = (
        "Write a checkpoint folder (card, weights, sample sheet) from a picture run under runs/."
        " What is yours to say (name, description, version, gene groups, slider labels) is read"
        " from words.json in that folder, too."
    )
    requires_system_checks = []  # The studio works without the website.

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", help="name of the run folder under runs/")
        parser.add_argument("--key", help="key of the species (default: the run's name)")
        parser.add_argument(
            "--snapshot", default="snapshot.pt", help="which snapshot, for example autoencoding.pt"
        )
        add_folder_argument(parser)
        parser.add_argument("--name", help="its name for people")
        parser.add_argument("--description", help="one sentence for its page")
        parser.add_argument(
            "--new-version",
            action="store_true",
            help="put a new version beside those of the same key: works are bred from the newest,"
            " and those of older ones stay",
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="overwrite a species of the same version, for good",
        )

    def handle(
        self, *, run: str, key: str | None, to: Path | None, snapshot: str, **options: Any
    ) -> None:
        overrides = {name: options[name] for name in ("name", "description") if options[name]}
        with as_command_errors():
            key = checked_key(key, of=key) if key else key_of(run)
            folder = export(
                Run(Path("runs") / run),
                snapshot=snapshot,
                key=key,
                parent=species_folder(to),
                report=self.stdout.write,
                overrides=overrides,
                is_new_version=options["new_version"],
                replaces=options["replace"],
            )
            self.stdout.write(how_to_show(folder))
