"""`manage.py sync_species`: update the rows of the species to what is installed."""

from typing import Any

from django.core.management.base import BaseCommand

from gallery.species.actions import sync_species


class Command(BaseCommand):
    help = "Bring the list of species in line with the installed checkpoints."

    def handle(self, **options: Any) -> None:
        for species in sync_species():
            status = "available" if species.is_available else f"unavailable: {species.problem}"
            self.stdout.write(f"{species.key} (version {species.version}): {status}")
