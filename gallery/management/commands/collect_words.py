"""`manage.py collect_words`: update the translation catalogues to the texts in the code.

To translate: `collect_words --export chunk.json --limit 100` writes texts without a translation as
a JSON list of `{"domain", "id", "plural"?, "context"?, "translation": ""}`; fill in `translation`;
`collect_words --import chunk.json` puts them into the catalogue. `--skip` leaves out the first
ones, so that several people can take different chunks.
"""

import json
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gallery.i18n import catalogues
from gallery.i18n.extraction import find_words


class Command(BaseCommand):
    help = (
        "Collect all words for people into the catalogues; export and import texts that lack a"
        " translation."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--locale", default="zh_Hans", help="folder under gallery/locale (zh_Hans)"
        )
        parser.add_argument(
            "--export", type=Path, help="write texts without a translation into this JSON file"
        )
        parser.add_argument(
            "--skip",
            type=int,
            default=0,
            help="skip this many texts",
        )
        parser.add_argument(
            "--limit", type=int, default=10_000, help="export at most this many texts"
        )
        parser.add_argument(
            "--import", type=Path, dest="source", help="read translations from this JSON file"
        )

    def handle(
        self,
        *,
        locale: str,
        export: Path | None,
        skip: int,
        limit: int,
        source: Path | None,
        **options: Any,
    ) -> None:
        paths = {
            domain: catalogues.LOCALE_DIR / locale / "LC_MESSAGES" / f"{domain}.po"
            for domain in catalogues.DOMAINS
        }
        if missing := [path for path in paths.values() if not path.exists()]:
            raise CommandError(
                f"There is no {missing[0]}. Begin the language with an empty file of that name."
            )
        if source is not None:
            self.import_translations(paths, source)
        elif export is not None:
            self.export_untranslated(paths, export, slice(skip, skip + limit))
        else:
            for domain, path in paths.items():
                new, dropped = catalogues.update(path, find_words(domain))
                catalog = catalogues.load(path)
                lacking = len(catalogues.untranslated(catalog))
                self.stdout.write(
                    f"{domain}: {len(catalog)} texts, {new} new, {dropped} dropped, {lacking}"
                    " untranslated."
                )

    def export_untranslated(self, paths: dict[str, Path], export: Path, part: slice) -> None:
        """Writes a part of the texts without a translation."""
        entries = [
            entry_of(message, domain=domain)
            for domain, path in paths.items()
            for message in catalogues.untranslated(catalogues.load(path))
        ][part]
        export.write_text(
            json.dumps(entries, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        self.stdout.write(f"Wrote {len(entries)} texts.")

    def import_translations(self, paths: dict[str, Path], source: Path) -> None:
        """Puts the translations in a file into the catalogues."""
        try:
            entries = json.loads(source.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"Cannot read {source}: {error}") from error
        if not isinstance(entries, list) or not all(
            isinstance(each, dict) and "id" in each for each in entries
        ):
            raise CommandError(
                "The file must be a JSON list of objects with id and translation, as --export"
                " writes it."
            )
        for domain, path in paths.items():
            catalog = catalogues.load(path)
            count = catalogues.fill(
                catalog, [each for each in entries if each.get("domain", "django") == domain]
            )
            catalogues.save(catalog, path)
            self.stdout.write(f"{domain}: {count} translations imported.")


def entry_of(message: Message, *, domain: str) -> dict[str, str]:
    """A text as an entry of the JSON file, without what is empty."""
    singular, plural = (message.id, "") if isinstance(message.id, str) else message.id
    entry = {
        "domain": domain,
        "id": singular,
        "plural": plural,
        "context": message.context or "",
        "translation": "",
    }
    return {key: value for key, value in entry.items() if value or key == "translation"}
