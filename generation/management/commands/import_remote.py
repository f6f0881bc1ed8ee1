"""manage.py import_remote: make a species of what a server of ComfyUI or a web UI paints."""

import os
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from generation.importing import remote
from generation.management.card_arguments import add_card_arguments
from generation.management.command_errors import as_command_errors


class Command(BaseCommand):
    help = (
        "Make a species of what another server paints: one of ComfyUI with a workflow, or one of"
        " AUTOMATIC1111's web UI or SD.Next. ARBORETUM_REMOTE_SERVERS says where servers are."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--server", required=True, help="a name of ARBORETUM_REMOTE_SERVERS")
        add_card_arguments(parser)
        parser.add_argument(
            "--workflow",
            type=Path,
            help="of ComfyUI, saved with “Export (API)”; without it, the server is a web UI",
        )
        parser.add_argument("--model", default="", help="of a web UI (default: what is loaded)")
        parser.add_argument("--sampler", default="", help="of a web UI")
        parser.add_argument("--steps", type=int, help="of each picture")
        parser.add_argument("--size", type=int, help="edge in pixels")
        parser.add_argument("--guidance", type=float, help="how closely it follows the words")
        parser.add_argument("--negative", default="", help="words that all pictures keep away from")
        parser.add_argument(
            "--live-steps", type=int, default=0, help="of a live frame, if they are to be fewer"
        )
        parser.add_argument(
            "--live-size", type=int, default=0, help="edge of a live frame, if it is to be smaller"
        )

    def handle(self, **options: Any) -> None:
        names = remote.Wish.__dataclass_fields__
        with as_command_errors():
            wish = remote.Wish(**{name: options[name] for name in names})
            added = remote.import_remote(
                wish, root=Path(os.environ["ARBORETUM_CHECKPOINTS"]), report=self.stdout.write
            )
            call_command("sync_species", verbosity=0)
            self.stdout.write(
                f"The species “{added.card['name']}” ({added.key}) is in {added.folder}. A site"
                " that is running shows it after a restart."
            )
