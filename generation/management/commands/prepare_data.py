"""manage.py prepare_data NAME|FOLDER|ZIP: make a data set ready for training.

The set is fetched by its name, or made from your own files.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from generation.data import music_sets, picture_sets
from generation.data.prepared_folder import set_name
from generation.management.command_errors import as_command_errors
from generation.refusal import Refused

# Data set name -> the module that prepares it. Both modules have NAMES, one line of help for each
# name, and prepare(source, target=, size=, report=).
PREPARERS = {name: module for module in (picture_sets, music_sets) for name in module.NAMES}


class Command(BaseCommand):
    help = (
        "Fetch and prepare a data set by name, or prepare a folder or ZIP of your own pictures, or"
        " a folder of your own tunes (ABC, MIDI, sound), into data/NAME."
    )
    requires_system_checks = []  # The studio works without the website.

    def add_arguments(self, parser: CommandParser) -> None:
        names = "; ".join(f"{name}: {module.NAMES[name]}" for name, module in PREPARERS.items())
        parser.add_argument("source", help=f"a name, a folder or a ZIP file. Names: {names}")
        parser.add_argument(
            "--to", type=Path, help="where the prepared set goes (default: data/NAME)"
        )
        size_help = (
            "pictures: edge in pixels; tunes: bars in a segment (default: what suits the set)"
        )
        parser.add_argument("--size", type=int, help=size_help)
        parser.add_argument(
            "--licence",
            default="",
            help=(
                "your own pictures: under which licence they stand, such as CC0-1.0; without one,"
                " works of the species that learns from them keep all rights reserved"
            ),
        )
        parser.add_argument(
            "--credit",
            default="",
            help="your own pictures: whom the species that learns from them shall name",
        )

    def handle(
        self,
        *,
        source: str,
        to: Path | None,
        size: int | None,
        licence: str,
        credit: str,
        **options: Any,
    ) -> None:
        # What is no known name is a folder of tunes, or else taken for pictures, whose module
        # refuses what is neither a folder nor a ZIP file.
        module = PREPARERS.get(source) or (
            music_sets if music_sets.is_music(Path(source)) else picture_sets
        )
        rights = {"licence": licence, "credit": credit} if licence or credit else {}
        with as_command_errors():
            if rights and (source in PREPARERS or module is music_sets):
                raise Refused(
                    "--licence and --credit are for your own pictures; this set says both itself."
                )
            target = to or Path("data") / set_name(source)
            module.prepare(source, target=target, size=size, report=self.stdout.write, **rights)
