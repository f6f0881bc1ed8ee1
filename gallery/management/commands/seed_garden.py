"""`manage.py seed_garden`: plant the demo garden on an empty site."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gallery.demo.beds import CHOSEN_SEED
from gallery.demo.plant import plant_garden
from gallery.demo.plant_people import plant_people
from gallery.demo.tunes import plant_tunes
from gallery.models import Artwork
from generation.refusal import Refused


class Command(BaseCommand):
    help = "Plant the demo garden. Does nothing where works exist already."

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
        if Artwork.objects.exists() and not force:
            self.stdout.write("There are works here already; nothing is planted.")
            return
        wall_clock, cpu_clock = time.monotonic(), time.process_time()

        def report_progress(done: int, total: int) -> None:
            if done % 10 == 0 or done == total:
                self.stdout.write(f"Planting the demo garden: {done} of {total} works printed.")
                self.stdout.flush()

        try:
            works = plant_garden(seed=seed, on_progress=report_progress)
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        elapsed, cpu = time.monotonic() - wall_clock, time.process_time() - cpu_clock
        self.stdout.write(
            f"{len(works)} works planted in {elapsed:.0f} s ({cpu:.0f} s of processor time)."
        )
        if tunes := plant_tunes(seed=seed):
            self.stdout.write(
                f"{len(tunes)} tunes follow one by one while the site is open; each takes a few"
                " seconds to play."
            )
        if not works_only:
            people = plant_people([*works, *tunes], seed=seed)
            self.stdout.write(f"{people} people like, follow, comment and collect there.")
