"""`manage.py sync_species`: the rows of the species follow what is installed."""

from django.core.management.base import BaseCommand

from gallery.species.actions import sync_species


class Command(BaseCommand):
    """Reads every checkpoint folder and says which species are available."""

    help = "Bring the list of species in line with the installed checkpoints."

    def handle(self, *args, **options) -> None:
        for species in sync_species():
            status = "available" if species.is_available else f"unavailable: {species.problem}"
            self.stdout.write(f"{species.key} (version {species.version}): {status}")
