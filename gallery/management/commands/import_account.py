"""`manage.py import_account ZIP --to USER`: import an account's archive of any size.

Its works are printed by the job runner afterwards.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gallery.archive.importing import import_account
from gallery.archive.reading import read_archive, read_collections, read_ties
from gallery.jobs.progress import report_context
from gallery.models import User
from generation.refusal import Refused


class Command(BaseCommand):
    help = "Import an account that another Arboretum site exported."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path, help="the ZIP of the account")
        parser.add_argument(
            "--to", required=True, metavar="USER", help="the account here that gets the works"
        )

    def handle(self, *, archive: Path, to: str, **options: Any) -> None:
        user = User.objects.filter(username=to, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no user {to[:40]} here. Create the account first.")
        try:
            with archive.open("rb") as file:
                imported = import_account(
                    user, read_archive(file), read_collections(file), read_ties(file)
                )
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror or error}.") from error
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        report = report_context(imported.to_json() if imported else None)
        assert report is not None  # Only imports that are interrupted return none.
        for title, sentence in (*report.problems, *report.changed):
            self.stdout.write(f"{title}: {sentence}")
        self.stdout.write(
            f"{report.imported} imported, {report.known} already here, {report.refused} refused;"
            f" {report.collections} collections, {report.likes} likes, {report.follows} follows;"
            f" {report.unliked} likes and {report.unfollowed} follows have no match"
            " here."
        )
