"""manage.py add_model SOURCE --card CARD: make a species of a model that is on this disk."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from generation.adding import add_checkpoint
from generation.management.command_errors import as_command_errors
from generation.management.species_folder import add_folder_argument, how_to_show, species_folder
from generation.refusal import Refused


class Command(BaseCommand):
    help = (
        "Make a checkpoint folder of a model that lies on this disk. Its files are linked, or else"
        " pointed to, and never copied."
    )
    requires_system_checks = []  # The studio works without the website.

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="the folder or file of the model")
        parser.add_argument(
            "--card",
            type=Path,
            required=True,
            help="a JSON file with the fields of the species' card, which CONTRIBUTING.md explains",
        )
        add_folder_argument(parser)

    def handle(self, *, source: Path, card: Path, to: Path | None, **options: Any) -> None:
        with as_command_errors():
            root = species_folder(to)
            made = add_checkpoint(_read(card), source=source, root=root)
        how = "the card points to them" if "source" in made.card else "linked, not copied"
        size = sum(made.sizes.values()) / 1e6
        self.stdout.write(f"{made.folder}: {len(made.files)} files, {size:.1f} MB, {how}.")
        self.stdout.write(how_to_show(made.folder))


def _read(path: Path) -> dict[str, Any]:
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Refused("{path} is no JSON: {error}.", path=path, error=error) from error
    if not isinstance(card, dict):
        raise Refused("{path} must hold a JSON object.", path=path)
    return card
