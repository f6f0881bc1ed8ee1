"""`manage.py send_digests`: email everybody their unread notifications; for a daily timer."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from gallery.notifications import email
from gallery.notifications.digest import send_digests


class Command(BaseCommand):
    help = "Email each person their unread notifications that no email has listed yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hours", type=int, default=24, help="How far back to look (24).")

    def handle(self, *, hours: int, **options: Any) -> None:
        if not 1 <= hours <= 24 * 365:
            raise CommandError("Give --hours from 1 to 8760.")
        if not email.origin():
            raise CommandError(
                "Set ARBORETUM_ORIGIN to the site's public address, such as https://garden.example:"
                " emails contain links."
            )
        sent, failed = send_digests(since=timezone.now() - timedelta(hours=hours))
        self.stdout.write(f"Emails sent: {sent}.")
        if failed:
            raise CommandError(
                f"{failed} emails could not be sent. They go with the next run; see"
                " ARBORETUM_EMAIL_URL."
            )
