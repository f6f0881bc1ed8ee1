"""`manage.py prune_media`: delete prints that belong to no work, which a crash may leave behind."""

from django.core.management.base import BaseCommand

from gallery.archive.pruning import prune_media


class Command(BaseCommand):
    """Deletes files in the media storage that no work and no job names."""

    help = "Delete stored prints that belong to nothing."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Only say what would be deleted."
        )

    def handle(self, *args, **options) -> None:
        names = prune_media(is_dry_run=options["dry_run"])
        for name in names:
            self.stdout.write(name)
        self.stdout.write(f"{len(names)} files {'would be ' if options['dry_run'] else ''}deleted.")
