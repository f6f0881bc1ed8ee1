"""manage.py import_stylegan FILE.pkl: make a species of a StyleGAN2 or StyleGAN3 pickle."""

import os
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from generation.card import USES, WORKS
from generation.importing.species import Words, import_stylegan
from generation.management.card_arguments import add_card_arguments
from generation.management.command_errors import as_command_errors
from generation.training.pictures.export import checked_key, key_of


class Command(BaseCommand):
    help = (
        "Import a StyleGAN2(-ada) or StyleGAN3 pickle as a species to breed with. Nothing in the"
        " pickle is run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.pkl")
        add_card_arguments(parser)
        parser.add_argument(
            "--use", choices=USES, default="", help="what its licence allows, if it is little known"
        )
        parser.add_argument(
            "--works",
            nargs="+",
            choices=WORKS,
            default=[],
            help="the licences that its works may carry, if its own is little known",
        )
        parser.add_argument("--key", help="in addresses (default: from the name)")
        parser.add_argument("--data", default="", help="what it learnt from")
        parser.add_argument(
            "--kinds", nargs="+", default=[], help="names of its classes, where it has some"
        )

    def handle(self, *, file: Path, key: str | None, **options: Any) -> None:
        name = options["name"]
        with as_command_errors():
            words = Words(
                key=checked_key(key, of=key) if key else key_of(name),
                name=name,
                licence=options["licence"],
                credit=options["credit"],
                description=options["description"],
                data=options["data"],
                use=options["use"],
                works=tuple(options["works"]),
                kinds=tuple(options["kinds"]),
            )
            root = Path(os.environ["ARBORETUM_CHECKPOINTS"])
            folder = import_stylegan(file, root=root, words=words, report=self.stdout.write)
        call_command("sync_species", stdout=self.stdout)
        self.stdout.write(
            f"{name} lies in {folder}, and the site, also one that is running, shows it at"
            f" /species/{words.key}/."
        )
