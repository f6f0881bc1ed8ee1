"""`manage.py seed_garden`: plant the demo garden on an empty site."""

import time

from django.core.management.base import BaseCommand, CommandError

from gallery.demo.plant import plant_garden
from gallery.demo.plant_people import plant_people
from gallery.demo.tunes import plant_tunes
from gallery.models import Artwork
from generation.refusal import Refused

DEFAULT_SEED = 11


class Command(BaseCommand):
    """Breeds families of works over several generations with the real engine, publishes them, and
    lets people live there.
    """

    help = "Plant the demo garden. Does nothing where works exist already."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--seed", type=int, default=DEFAULT_SEED, help="Another number plants another garden."
        )
        parser.add_argument(
            "--force", action="store_true", help="Plant even where works exist already."
        )
        parser.add_argument(
            "--works-only",
            action="store_true",
            help="No likes, comments, collections and exhibitions.",
        )

    def handle(self, *args, **options) -> None:
        if Artwork.objects.exists() and not options["force"]:
            self.stdout.write("There are works here already; nothing is planted.")
            return
        started, worked = time.monotonic(), time.process_time()

        def report_progress(done: int, total: int) -> None:
            if done % 10 == 0 or done == total:
                self.stdout.write(f"Planting the demo garden: {done} of {total} works printed.")
                self.stdout.flush()

        try:
            works = plant_garden(seed=options["seed"], on_progress=report_progress)
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        took, work = time.monotonic() - started, time.process_time() - worked
        self.stdout.write(
            f"{len(works)} works planted in {took:.0f} s ({work:.0f} s of processor time)."
        )
        if tunes := plant_tunes(seed=options["seed"]):
            self.stdout.write(
                f"{len(tunes)} tunes follow one by one while the site is open; each takes a few"
                " seconds to play."
            )
        if not options["works_only"]:
            people = plant_people([*works, *tunes], seed=options["seed"])
            self.stdout.write(f"{people} people like, follow, comment and collect there.")
