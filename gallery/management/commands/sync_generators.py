"""`manage.py sync_generators`: the rows of the species follow what is installed."""

from django.core.management.base import BaseCommand

from gallery.species.actions import sync_generators


class Command(BaseCommand):
    """Reads every checkpoint folder and says which species are available."""

    help = "Bring the list of species in line with the installed checkpoints."

    def handle(self, *args, **options) -> None:
        for generator in sync_generators():
            status = "available" if generator.is_available else f"unavailable: {generator.problem}"
            self.stdout.write(f"{generator.key} (version {generator.version}): {status}")
