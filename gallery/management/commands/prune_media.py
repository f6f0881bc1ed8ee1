"""`manage.py prune_media`: delete files of no work and no job, which a crash may leave behind."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from gallery.archive.pruning import prune_media


class Command(BaseCommand):
    help = "Delete stored files that belong to no work or job."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Only say what would be deleted."
        )

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        names = prune_media(is_dry_run=dry_run)
        for name in names:
            self.stdout.write(name)
        self.stdout.write(f"{len(names)} files {'would be ' if dry_run else ''}deleted.")
