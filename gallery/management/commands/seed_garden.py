"""`manage.py seed_garden`: plant the demo garden at once, instead of behind the open site."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gallery.demo.beds import CHOSEN_SEED
from gallery.demo.growing import plant_garden, stop_growing
from gallery.models import Artwork, Planting
from generation.refusal import Refused


class Command(BaseCommand):
    help = (
        "Plant the demo garden, or go on with one that is growing. Does nothing where works exist"
        " already."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--seed", type=int, default=CHOSEN_SEED, help="Another number plants another garden."
        )
        parser.add_argument(
            "--force", action="store_true", help="Plant even where works exist already."
        )
        parser.add_argument(
            "--works-only",
            action="store_true",
            help="No likes, comments, collections and exhibitions.",
        )

    def handle(self, *, seed: int, force: bool, works_only: bool, **options: Any) -> None:
        is_growing = Planting.objects.unfinished().filter(seed=seed).exists()
        if Artwork.objects.exists() and not force and not is_growing:
            self.stdout.write("There are works here already; nothing is planted.")
            return
        started = time.monotonic()
        told = 0

        def report_progress(planting: Planting) -> None:
            nonlocal told
            if planting.planted // 10 > told // 10 or planting.planted == planting.total > told:
                self.stdout.write(
                    f"Planting the demo garden: {planting.planted} of {planting.total} works"
                    " printed."
                )
                self.stdout.flush()
            told = planting.planted

        try:
            works = plant_garden(seed=seed, with_people=not works_only, on_progress=report_progress)
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        finally:
            stop_growing()
        self.stdout.write(
            f"{len(works)} works planted in {time.monotonic() - started:.0f} s. Tunes follow one by"
            " one while the site is open; each takes a few seconds to play."
        )
