"""`manage.py compile_words`: compile the translations for Django where they are missing or old."""

from typing import Any

from django.core.management.base import BaseCommand

from gallery.i18n.catalogues import compile_stale


class Command(BaseCommand):
    help = "Compile the catalogues of translations that changed."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        for path in compile_stale():
            self.stdout.write(f"Compiled {path.parent.parent.name}/{path.stem}.")
