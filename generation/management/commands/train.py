"""manage.py train KIND ...: train a net on a prepared data set; every kind brings its own options
and its own loop.
"""

from django.core.management.base import BaseCommand, CommandParser

from generation.management.telling import told_in_a_sentence
from generation.training.music import command as music_command
from generation.training.pictures import command as picture_command

# Kind -> the module that trains it: HELP, add_arguments(parser) and run(options, report).
KINDS = {
    "gan": picture_command,
    "music-vae": music_command.music_vae,
    "music-rnn": music_command.music_rnn,
}


class Command(BaseCommand):
    help = "Train a net. Stop with Ctrl-C (or SIGTERM); the same command goes on where it stopped."
    requires_system_checks = []  # The studio works without the website.

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        for kind, module in KINDS.items():
            module.add_arguments(kinds.add_parser(kind, help=module.HELP))

    def handle(self, *, kind: str, **options) -> None:
        with told_in_a_sentence():
            KINDS[kind].run(options, report=self.stdout.write)
