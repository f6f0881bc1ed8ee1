"""manage.py train KIND ...: train a net on a prepared data set.

Every kind of net brings its own options and its own loop.
"""

import argparse
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.core.management.base import BaseCommand, CommandParser

from generation.management.command_errors import as_command_errors
from generation.training.enlarging import command as enlarging_command
from generation.training.lora import command as lora_command
from generation.training.music import command as music_command
from generation.training.pictures import command as picture_command


class Kind(Protocol):
    """What trains one kind of net: a module or an object."""

    @property
    def HELP(self) -> str: ...

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, options: Mapping[str, Any], *, report: Callable[[str], Any]) -> None: ...


KINDS: dict[str, Kind] = {
    "gan": picture_command,
    "music-vae": music_command.music_vae,
    "music-rnn": music_command.music_rnn,
    "lora": lora_command,
    "enlarger": enlarging_command,
}


class Command(BaseCommand):
    help = "Train a net. Stop with Ctrl-C (or SIGTERM); the same command goes on where it stopped."
    requires_system_checks = []  # The studio works without the website.

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        for name, kind in KINDS.items():
            kind.add_arguments(kinds.add_parser(name, help=kind.HELP))

    def handle(self, *, kind: str, **options: Any) -> None:
        with as_command_errors():
            KINDS[kind].run(options, report=self.stdout.write)
