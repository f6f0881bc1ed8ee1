"""The catalogues of translations (PO files) under gallery/locale, read and written by Babel.

GNU gettext is not needed. PO files are in the repository; the MO files that Django reads are
compiled from them into the site's data folder, if they are missing or of another version.
"""

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings

LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"
DOMAINS = ("django", "djangojs")  # Pages and sentences of the server; sentences of the ES modules.
Id = str | tuple[str, str]  # The English text, or its singular and plural.


@dataclass(frozen=True)
class Found:
    """One text that the code shows to people.

    context: distinguishes equal English words of different meaning.
    """

    id: Id
    place: str  # The path of its file from the root of the repository.
    context: str = ""


def po_paths() -> list[Path]:
    """The paths of all catalogues in all languages."""
    return sorted(LOCALE_DIR.glob("*/LC_MESSAGES/*.po"))


def load(path: Path) -> Catalog:
    """Read a catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain=path.stem)


def save(catalog: Catalog, path: Path) -> None:
    """Write a catalogue atomically, sorted by file and without line numbers for readable diffs."""
    with _replacing(path) as file:
        write_po(
            file, catalog, width=120, sort_by_file=True, ignore_obsolete=True, include_lineno=False
        )


def update(path: Path, found: Iterable[Found]) -> tuple[int, int]:
    """Update a catalogue to the texts in the code, keeping translations.

    Returns how many texts are new and how many were dropped.
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
        # Babel allows None as the line number, which its type does not say.
        message.locations = sorted({*message.locations, (each.place, None)})  # type: ignore[arg-type]
    before, after = set(map(_key, texts(old))), set(map(_key, texts(new)))
    save(new, path)
    return len(after - before), len(before - after)


def texts(catalog: Catalog) -> list[Message]:
    """The messages of a catalogue without its header."""
    return [message for message in catalog if message.id]


def is_translated(message: Message) -> bool:
    """Whether every form of the text has a translation that is not marked as fuzzy."""
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(strings) and all(strings) and not message.fuzzy


def untranslated(catalog: Catalog) -> list[Message]:
    """The messages of a catalogue that lack a translation."""
    return [message for message in texts(catalog) if not is_translated(message)]


def fill(catalog: Catalog, translations: Iterable[Mapping[str, str]]) -> int:
    """Add translations to a catalogue; returns how many texts it had.

    translations: objects with `id`, `translation` and, if the text has them, `plural`, `context`.
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
    """Compile the MO files that are missing or not of their PO files; returns those.

    A MO file has the time of its PO file. Later is not enough: the code of the site may be replaced
    by a version that is newer than it, but was written before it was compiled.
    """
    made = []
    for path in po_paths():
        target = compiled_path(path)
        time = path.stat().st_mtime_ns
        if target.exists() and target.stat().st_mtime_ns == time:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with _replacing(target) as file:
            write_mo(file, load(path))
        os.utime(target, ns=(time, time))
        made.append(target)
    return made


def compiled_path(path: Path) -> Path:
    """Where the MO file of a PO file is: in the first of LOCALE_PATHS."""
    return Path(settings.LOCALE_PATHS[0]) / path.relative_to(LOCALE_DIR).with_suffix(".mo")


def _first(identity: str | Sequence[str]) -> str:
    """The singular of a message id."""
    return identity if isinstance(identity, str) else identity[0]


def _key(message: Message) -> tuple[str, str]:
    return _first(message.id), message.context or ""


class _replacing:
    """A file that replaces `path` once it is written, so that readers never see half of it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> IO[bytes]:
        self.file = tempfile.NamedTemporaryFile(
            dir=self.path.parent, prefix=".words-", delete=False
        )
        return self.file

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.file.close()
        if kind is None:
            os.chmod(self.file.name, 0o644)
            os.replace(self.file.name, self.path)
        else:
            os.unlink(self.file.name)
