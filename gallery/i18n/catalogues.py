"""The catalogues of translations (gettext's PO files) under gallery/locale, read and written by
Babel.

Nobody needs GNU gettext. PO files are kept in the repository; the MO files that Django reads are
made of them wherever the site runs, when they are missing or older.
"""

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"
DOMAINS = ("django", "djangojs")  # Pages and sentences of the server; sentences of the ES modules.
Id = str | tuple[str, str]  # The English text, or its singular and plural.


@dataclass(frozen=True)
class Found:
    """One text that the code shows to people. `context` tells apart equal English words of
    different meaning.
    """

    id: Id
    place: str  # The file that says it, from the repository's root.
    context: str = ""


def po_paths() -> list[Path]:
    """Every catalogue there is, of all languages."""
    return sorted(LOCALE_DIR.glob("*/LC_MESSAGES/*.po"))


def load(path: Path) -> Catalog:
    """A catalogue as it stands."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain=path.stem)


def save(catalog: Catalog, path: Path) -> None:
    """Write a catalogue whole or not at all: texts sorted by file, no line numbers, so that changes
    stay readable.
    """
    with _replacing(path) as file:
        write_po(
            file, catalog, width=120, sort_by_file=True, ignore_obsolete=True, include_lineno=False
        )


def update(path: Path, found: Iterable[Found]) -> tuple[int, int]:
    """Bring a catalogue up to date with what the code says: (new texts, texts dropped).
    Translations are kept.
    """
    old = load(path)
    new = Catalog(
        locale=old.locale,
        domain=old.domain,
        header_comment=old.header_comment,
        project="Arboretum",
        charset="utf-8",
        copyright_holder=old.copyright_holder,
        creation_date=old.creation_date,
        revision_date=old.revision_date,
        last_translator=old.last_translator,
        language_team=old.language_team,
        fuzzy=False,
    )
    for each in found:
        known = old.get(_first(each.id), context=each.context or None)
        string = (
            known.string
            if known is not None and isinstance(known.id, str) == isinstance(each.id, str)
            else None
        )
        message = new.add(each.id, string, context=each.context or None)
        message.locations = sorted({*message.locations, (each.place, None)})
    before, after = set(map(_key, texts(old))), set(map(_key, texts(new)))
    save(new, path)
    return len(after - before), len(before - after)


def texts(catalog: Catalog) -> list[Message]:
    """The texts of a catalogue, without its header."""
    return [message for message in catalog if message.id]


def is_translated(message: Message) -> bool:
    """Whether every form of the text has a translation that nobody doubts."""
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(strings) and all(strings) and not message.fuzzy


def untranslated(catalog: Catalog) -> list[Message]:
    return [message for message in texts(catalog) if not is_translated(message)]


def fill(catalog: Catalog, translations: Iterable[Mapping[str, str | Sequence[str]]]) -> int:
    """Put in translations: objects with `id`, `translation` and, where the text has them, `plural`
    and `context`.
    """
    count = 0
    for each in translations:
        message = catalog.get(each["id"], context=each.get("context") or None)
        if message is None or not each.get("translation"):
            continue
        message.string = (
            (each["translation"],) if isinstance(message.id, tuple | list) else each["translation"]
        )
        message.flags.discard("fuzzy")
        count += 1
    return count


def compile_stale() -> list[Path]:
    """Make the MO files that are missing or older than their PO file; the ones that were made."""
    made = []
    for path in po_paths():
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        with _replacing(target) as file:
            write_mo(file, load(path))
        made.append(target)
    return made


def _first(identity: Id) -> str:
    return identity if isinstance(identity, str) else identity[0]


def _key(message: Message) -> tuple[str, str]:
    return _first(message.id), message.context or ""


class _replacing:
    """A file that takes the place of `path` when all is written: readers and other processes never
    see half of it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self):
        self.file = tempfile.NamedTemporaryFile(
            dir=self.path.parent, prefix=".words-", delete=False
        )
        return self.file

    def __exit__(self, kind, *error) -> None:
        self.file.close()
        if kind is None:
            os.chmod(self.file.name, 0o644)
            os.replace(self.file.name, self.path)
        else:
            os.unlink(self.file.name)
