"""Reading the archive of an account, whoever made it; anything that is not valid is refused.

`gallery.archive.format` describes the archive.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO

from django.db.models import Field
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

from gallery.archive.format import (
    FORMAT,
    VERSION,
    ArchivedCollection,
    ArchivedLike,
    ArchivedParent,
    ArchivedTies,
    ArchivedWork,
)
from gallery.core.links import MAX_LENGTH, MAX_LINKS
from gallery.models import Artwork, CollectionKind, Descent, Licence, State, Visibility
from gallery.models.texts import clean_line, clean_text
from generation.finishing.steps import read_steps
from generation.genome import Genome
from generation.pedigree import Pedigree
from generation.refusal import Refused
from generation.words import word

MAX_WORKS = 5_000
MAX_JSON = 64_000_000  # Bytes of one unpacked document; 5,000 works take some 20 million.
MAX_ENTRIES = 50_000
MAX_PARENTS = 16
MAX_COLLECTIONS = 1_000
MAX_DEPTH = 100_000
MAX_LIKES, MAX_FOLLOWS = 20_000, 5_000
# What zipfile raises for a damaged or unsupported ZIP.
ZIP_ERRORS = (
    zipfile.BadZipFile,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
DAMAGED = word(
    "This file isn't an account archive, or it is damaged. Upload the ZIP exactly as it"
    " was exported."
)


def read_archive(file: BinaryIO | bytes) -> list[ArchivedWork]:
    """The works of an archive, parents before children.

    Raises Refused for anything that is not valid, naming the work if it is one. At most MAX_JSON
    bytes are unpacked, whatever size the ZIP claims, so a ZIP bomb does no harm.
    """
    try:
        with _open(file) as archive:
            if len(archive.infolist()) > MAX_ENTRIES:
                raise Refused(
                    "This ZIP holds more than {most} files, more than any account has.",
                    most=MAX_ENTRIES,
                )
            about, works = _load(archive, "account.json"), _load(archive, "works.json")
    except ZIP_ERRORS as error:
        raise Refused(DAMAGED) from error
    if not isinstance(about, dict) or about.get("format") != FORMAT or not isinstance(works, list):
        raise Refused(DAMAGED)
    if about.get("version") != VERSION:
        raise Refused(
            "This archive isn't version {version}, the only one this site can read.",
            version=VERSION,
        )
    if len(works) > MAX_WORKS:
        raise Refused(
            "The archive holds {count} works; at most {most} can be imported at once.",
            count=len(works),
            most=MAX_WORKS,
        )
    return parents_first([_read_work(work, number) for number, work in enumerate(works, start=1)])


def read_collections(file: BinaryIO | bytes) -> list[ArchivedCollection]:
    """The collections in an archive that `read_archive` accepts; exhibitions are left out.

    An empty list when it has no collections.json. Raises Refused for one that is not valid.
    """
    with _open(file) as archive:
        if "collections.json" not in archive.namelist():
            return []
        rows = _load(archive, "collections.json")
    try:
        rows = _list(rows, MAX_COLLECTIONS)
        return [_read_collection(row) for row in rows if row["kind"] == CollectionKind.PERSONAL]
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(
            "A collection in the archive is damaged. Upload the ZIP exactly as it was exported."
        ) from error


def read_ties(file: BinaryIO | bytes) -> ArchivedTies:
    """The likes, follows and links in an archive that `read_archive` accepts.

    Empty when it has no lists of them. Raises Refused for lists that are not valid.
    """
    with _open(file) as archive:
        names = archive.namelist()
        likes = _load(archive, "likes.json") if "likes.json" in names else []
        follows = _load(archive, "follows.json") if "follows.json" in names else {"follows": []}
        person = _load(archive, "account.json").get("person")
    links = person.get("links", []) if isinstance(person, dict) else []
    try:
        return ArchivedTies(
            tuple(_read_like(row) for row in _list(likes, MAX_LIKES)),
            tuple(_text(name, 150) for name in _list(follows["follows"], MAX_FOLLOWS)),
            tuple(_text(link, MAX_LENGTH) for link in _list(links, MAX_LINKS)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(
            "The likes or follows in the archive are damaged. Upload the ZIP exactly as it was"
            " exported."
        ) from error


def _open(file: BinaryIO | bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file)


def _read_like(data: Mapping[str, Any]) -> ArchivedLike:
    liked_at = _time(data["liked_at"])
    if liked_at is None:
        raise ValueError("A time is expected.")
    return ArchivedLike(
        _text(data["slug"], 20),
        clean_line(_string(data["title"], 120)),
        _text(data.get("identity", ""), 64),
        liked_at,
    )


def _read_collection(data: Mapping[str, Any]) -> ArchivedCollection:
    works = tuple(
        (_text(work["slug"], 20), clean_line(_string(work["caption"], 400)))
        for work in _list(data["works"], MAX_WORKS)
    )
    return ArchivedCollection(
        clean_line(_string(data["title"], 120)),
        clean_text(_string(data["text"], 8000)),
        data["is_public"] is True,
        works,
    )


def _load(archive: zipfile.ZipFile, name: str) -> Any:
    """One JSON document of the archive.

    The size in the ZIP's directory may be wrong, so the bytes are counted while they are unpacked.
    """
    try:
        with archive.open(name) as stored:
            data = stored.read(MAX_JSON + 1)
    except KeyError as error:
        raise Refused(
            "{name} is missing from the archive. Upload the ZIP exactly as it was exported.",
            name=name,
        ) from error
    except zlib.error as error:
        raise Refused(DAMAGED) from error
    if len(data) > MAX_JSON:
        raise Refused(
            "{name} in the archive is larger than {most} MB, so it was not read.",
            name=name,
            most=MAX_JSON // 10**6,
        )
    try:
        return json.loads(data, parse_constant=_raise_for_constant)
    except (ValueError, RecursionError) as error:
        raise Refused("{name} in the archive isn't valid JSON.", name=name) from error


def _raise_for_constant(name: str) -> None:
    """Python's parser accepts NaN and Infinity, which are not JSON."""
    raise ValueError(f"{name} is no number of JSON.")


def parents_first(works: list[ArchivedWork]) -> list[ArchivedWork]:
    """The works ordered so that parents come before their children.

    Raises Refused when two works have one slug, and when works descend from themselves.
    """
    by_slug = {work.slug: work for work in works}
    if len(by_slug) < len(works):
        raise Refused("Two works in the archive have the same address, so it is damaged.")
    waits_for = {work.slug: sum(parent.ref in by_slug for parent in work.parents) for work in works}
    children: dict[str, list[str]] = {}
    for work in works:
        for parent in work.parents:
            children.setdefault(parent.ref, []).append(work.slug)
    ready = [slug for slug, count in waits_for.items() if not count]
    ordered: list[ArchivedWork] = []
    while ready:
        slug = ready.pop()
        ordered.append(by_slug[slug])
        for child in children.get(slug, ()):
            waits_for[child] -= 1
            if not waits_for[child]:
                ready.append(child)
    if len(ordered) < len(works):
        raise Refused(
            "Some works in the archive descend from themselves, so its lineage is damaged."
        )
    return ordered


def _read_work(data: Any, number: int) -> ArchivedWork:
    """A work of works.json; number: its place in the list, which names it if it has no title."""
    if not isinstance(data, dict):
        raise Refused(DAMAGED)
    title = data.get("title")
    name = (clean_line(title)[:60] if isinstance(title, str) else "") or str(number)
    try:
        return _check_work(data)
    except Refused as refused:
        raise Refused("Work “{name}”: {problem}", name=name, problem=refused.sentence) from refused
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise Refused("Work “{name}” in the archive is damaged.", name=name) from error


def _check_work(data: Mapping[str, Any]) -> ArchivedWork:
    """A work of works.json, every field checked. Raises Refused, or the errors of bad types."""
    genome = Genome.from_json(data["genome"])
    if genome.identity != data["identity"]:
        raise Refused("its genome doesn't match its identity, so somebody changed it.")
    for one in (genome, *genome.grafted):
        read_steps([list(step) for step in one.finishing])
    parents = tuple(_read_parent(parent) for parent in _list(data["parents"], MAX_PARENTS))
    if len({parent.ref for parent in parents}) < len(parents):
        raise Refused("a parent is listed twice.")
    if parents and abs(sum(parent.share for parent in parents) - 1) > 0.001:
        raise Refused("its parents' shares don't add up to 1.")
    licence, visibility = str(data["licence"]), str(data["visibility"])
    if licence not in Licence.values or visibility not in Visibility.values:
        raise Refused("its licence or visibility is unknown here.")
    # A work that a moderator hid there is imported as a private one.
    is_hidden = data.get("state") == State.HIDDEN
    return ArchivedWork(
        slug=_text(data["slug"], 20),
        title=_artwork_text(data, "title"),
        description=_artwork_text(data, "description"),
        alt_text=_artwork_text(data, "alt_text"),
        tags=tuple(clean_line(_string(tag, 40)) for tag in _list(data["tags"], 12)),
        licence=licence,
        visibility=Visibility.PRIVATE if is_hidden else visibility,
        may_be_bred=data["may_be_bred"] is True,
        may_train=data["may_train"] is True,
        genome=genome,
        pedigree=_pedigree(data["pedigree"]),
        novelty=_number(data["novelty"], 0, 1),
        depth=int(_number(data["depth"], 0, MAX_DEPTH)),
        edge=int(max(_number(data["width"], 0, 65_536), _number(data["height"], 0, 65_536))),
        made_at=_time(data.get("made_elsewhere_at")) or _time(data.get("published_at")),
        parents=parents,
    )


def _read_parent(data: Mapping[str, Any]) -> ArchivedParent:
    share = _number(data["share"], 0, 1)
    if not share or data["licence"] not in (*Licence.values, ""):
        raise Refused("one of its parents has no share, or an unknown licence.")
    kind = data.get("kind", Descent.BRED)
    if kind not in Descent.values:
        raise ValueError("A kind of descent is expected.")
    texts = {
        name: clean_line(_string(data.get(name, ""), 400))
        for name in ("title", "maker", "address", "identity")
    }
    return ArchivedParent(_text(data["ref"], 40), share, data["licence"], kind, **texts)


def _artwork_text(data: Mapping[str, Any], name: str) -> str:
    """A text of a work as it is stored, at most as long as the field of that name."""
    field = Artwork._meta.get_field(name)
    assert isinstance(field, Field) and field.max_length
    text = field.to_python(_string(data[name], field.max_length))
    if name == "title" and not text:
        raise Refused("it has no title.")
    return text


def _text(value: Any, longest: int) -> str:
    """An address or another identifier, as it is."""
    if "\x00" in _string(value, longest):
        raise ValueError("A text is expected.")
    return value


def _string(value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise ValueError("A text is expected.")
    if len(value) > longest:
        raise Refused("one of its texts has more than {longest} characters.", longest=longest)
    return value


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise ValueError("A list is expected.")
    return value


def _number(value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError("A number is expected.")
    return value


def _time(value: Any) -> datetime | None:
    if value is None:
        return None
    time = parse_datetime(_text(value, 40))
    if time is None or not is_aware(time):
        raise ValueError("A time with a zone is expected.")
    return time


def _pedigree(data: Any) -> dict[str, Any]:
    """A pedigree made on the bench; {"upload": ...} for an uploaded tune; {} for a founder."""
    if not data:
        return {}
    if isinstance(data, dict) and set(data) == {"upload"}:
        return {"upload": _text(data["upload"], 40)}
    return Pedigree.from_json(data).to_json()
