"""`manage.py refresh_rankings`: recompute what the shelves are ordered by at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from gallery.discovery.actions import store_missing_features
from gallery.maintenance import refresh_rankings


class Command(BaseCommand):
    help = (
        "Bring the figures of all shelves up to date; with --features also look at works that were"
        " not looked at yet."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--features",
            action="store_true",
            help="look at old works, so that similar ones are found",
        )

    def handle(self, *, features: bool, **options: Any) -> None:
        self.stdout.write(f"{refresh_rankings()} works stand in another place.")
        if features:
            self.stdout.write(f"{store_missing_features()} works were looked at.")
