"""`manage.py refresh_rankings`: recompute what the shelves are ordered by at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from gallery.discovery.actions import store_missing_features
from gallery.maintenance import refresh_rankings


class Command(BaseCommand):
    help = (
        "Recompute what the shelves are ordered by; with --features also compute missing feature"
        " vectors."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--features",
            action="store_true",
            help="compute missing feature vectors, so that similar works are found",
        )

    def handle(self, *, features: bool, **options: Any) -> None:
        self.stdout.write(f"{refresh_rankings()} works moved.")
        if features:
            self.stdout.write(f"Features computed for {store_missing_features()} works.")
