"""The archive of an account: everything a person has made here, to keep or to take into another
garden.

A ZIP, format "arboretum-account", version 1, all text UTF-8:
- README.txt: what this is, in words.
- account.json: {format, version, garden, address, made_at, person: {user_name, display_name, bio,
  email, language, joined_at}}.
- works.json: a list of works, parents before children:
  {slug, title, description, alt_text, tags: [name], licence (SPDX identifier or
  "all-rights-reserved"), visibility, state, may_be_bred, may_train, species: {key, name, version},
  genome (`Genome.to_json`), identity (SHA-256 of the genome's canonical JSON), pedigree, novelty,
  depth, width, height, seconds, accent, likes, address, created_at, published_at, credit: [{name,
  is_new, share}], parents: [{ref, share, licence, title, maker, address, identity}], files: [path
  in the ZIP]}. `ref` is the parent's slug; of a parent that the person may not see it is
  "closed-1", "closed-2" ..., and of such a one only share and licence are told. The shares of a
  work sum to 1.
- collections.json: [{title, text, is_public, kind, created_at, works: [{slug, title, maker,
  caption}]}].
- comments.json: [{work, work_title, text, is_answer, created_at, edited_at}]; likes.json: [{slug,
  title, maker, identity,
  liked_at}] (archives from before had no identity); follows.json: {follows: [user name], followers:
  [user name]}.
- files/<slug>/<name>: the works' own files, where they were asked for.

Times are ISO 8601 with a zone. Reading needs account.json and works.json, takes collections.json,
likes.json and the `follows` of follows.json, and trusts nothing in them. The rest is for people to
keep: comments belong to conversations with others, whose words are not the person's to bring, and
who follows them decides that for themselves.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

from gallery.models import Artwork, CollectionKind, Licence, State, Visibility
from generation.finishing.steps import read_steps
from generation.genome import Genome
from generation.pedigree import Pedigree
from generation.refusal import Refused
from generation.words import word

FORMAT, VERSION = "arboretum-account", 1
MAX_WORKS = 5_000
MAX_JSON = 64_000_000  # Bytes of one unpacked list; 5,000 works take some 20 million.
MAX_ENTRIES = 50_000
MAX_PARENTS = 16
MAX_COLLECTIONS = 1_000
MAX_DEPTH = 100_000
MAX_LIKES, MAX_FOLLOWS = 20_000, 5_000
DAMAGED = word(
    "This file isn't an account archive, or it is damaged. Upload the ZIP exactly as it"
    " was exported."
)


@dataclass(frozen=True)
class ArchivedParent:
    """One parent as the other garden told it; title, maker, address and identity are empty for one
    that was closed there.
    """

    ref: str
    share: float
    licence: str
    title: str = ""
    maker: str = ""
    address: str = ""
    identity: str = ""


@dataclass(frozen=True)
class ArchivedWork:
    """One work, checked: its genome is whole and is the one that `identity` names, its shares sum
    to 1.
    """

    slug: str
    title: str
    description: str
    alt_text: str
    tags: tuple[str, ...]
    licence: str
    visibility: str
    may_be_bred: bool
    may_train: bool
    genome: Genome
    pedigree: dict[str, Any]
    novelty: float
    depth: int
    edge: int  # The longer one of its picture, in pixels; 0 when it is not known.
    published_at: datetime | None
    parents: tuple[ArchivedParent, ...]


@dataclass(frozen=True)
class ArchivedCollection:
    """One collection. works: the address in the other garden of each of its works, other people's
    too, and the caption.
    """

    title: str
    text: str
    is_public: bool
    works: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ArchivedLike:
    """A work of somebody else that the person liked there. identity: of its genome; empty in older
    archives.
    """

    slug: str
    title: str
    identity: str
    liked_at: datetime


@dataclass(frozen=True)
class ArchivedTies:
    """What the person likes, the oldest first, and the user names of whom they follow."""

    likes: tuple[ArchivedLike, ...] = ()
    follows: tuple[str, ...] = ()


def read_archive(file: BinaryIO | bytes) -> list[ArchivedWork]:
    """The works of an archive, parents first. Raises Refused, naming the work where it is one, for
    anything that is not whole.

    At most MAX_JSON bytes are unpacked, whatever the ZIP promises, so a ZIP bomb does no harm.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file) as archive:
            if len(archive.infolist()) > MAX_ENTRIES:
                raise Refused(
                    "This ZIP holds more than {most} files, more than any account has.",
                    most=MAX_ENTRIES,
                )
            about, works = _load(archive, "account.json"), _load(archive, "works.json")
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
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
    return in_order([_read_work(work, number) for number, work in enumerate(works, start=1)])


def read_collections(file: BinaryIO | bytes) -> list[ArchivedCollection]:
    """The collections of an archive that `read_archive` has read; none where it holds no list of
    them, exhibitions left out.

    Raises Refused for a list that is not whole.
    """
    with zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file) as archive:
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
    """Likes and follows of an archive that `read_archive` has read; none where it holds no lists of
    them.

    Raises Refused for a list that is not whole.
    """
    with zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file) as archive:
        names = archive.namelist()
        likes = _load(archive, "likes.json") if "likes.json" in names else []
        follows = _load(archive, "follows.json") if "follows.json" in names else {"follows": []}
    try:
        return ArchivedTies(
            tuple(_read_like(row) for row in _list(likes, MAX_LIKES)),
            tuple(_text(name, 150) for name in _list(follows["follows"], MAX_FOLLOWS)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(
            "The likes or follows in the archive are damaged. Upload the ZIP exactly as it was"
            " exported."
        ) from error


def _read_like(data: Mapping[str, Any]) -> ArchivedLike:
    liked_at = _moment(data["liked_at"])
    if liked_at is None:
        raise ValueError("A moment is expected.")
    return ArchivedLike(
        _text(data["slug"], 20),
        _text(data["title"], 120),
        _text(data.get("identity", ""), 64),
        liked_at,
    )


def _read_collection(data: Mapping[str, Any]) -> ArchivedCollection:
    works = tuple(
        (_text(work["slug"], 20), _text(work["caption"], 400))
        for work in _list(data["works"], MAX_WORKS)
    )
    return ArchivedCollection(
        _text(data["title"], 120), _text(data["text"], 8000), data["is_public"] is True, works
    )


def _load(archive: zipfile.ZipFile, name: str) -> Any:
    """One list of the archive. The size in the ZIP's own table is only a promise, so what is
    unpacked is counted.
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
        return json.loads(data, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Refused("{name} in the archive isn't valid JSON.", name=name) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON.")


def in_order(works: list[ArchivedWork]) -> list[ArchivedWork]:
    """Parents before children. Raises Refused for a name that stands twice and for works that
    descend from themselves.
    """
    by_slug = {work.slug: work for work in works}
    if len(by_slug) < len(works):
        raise Refused("Two works in the archive have the same address, so it is damaged.")
    waits_for = {work.slug: sum(parent.ref in by_slug for parent in work.parents) for work in works}
    children: dict[str, list[str]] = {}
    for work in works:
        for parent in work.parents:
            children.setdefault(parent.ref, []).append(work.slug)
    ready, ordered = [slug for slug, count in waits_for.items() if not count], []
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
    if not isinstance(data, dict):
        raise Refused(DAMAGED)
    name = data.get("title") if isinstance(data.get("title"), str) else ""
    name = name[:60] or str(number)
    try:
        return _checked(data)
    except Refused as refused:
        raise Refused("Work “{name}”: {problem}", name=name, problem=refused.sentence) from refused
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise Refused("Work “{name}” in the archive is damaged.", name=name) from error


def _checked(data: Mapping[str, Any]) -> ArchivedWork:
    genome = Genome.from_json(data["genome"])
    if genome.identity != data["identity"]:
        raise Refused("its genome doesn't match its identity, so somebody changed it.")
    read_steps([list(step) for step in genome.finishing])
    parents = tuple(_read_parent(parent) for parent in _list(data["parents"], MAX_PARENTS))
    if len({parent.ref for parent in parents}) < len(parents):
        raise Refused("a parent is listed twice.")
    if parents and abs(sum(parent.share for parent in parents) - 1) > 0.001:
        raise Refused("its parents' shares don't add up to 1.")
    licence, visibility = str(data["licence"]), str(data["visibility"])
    if licence not in Licence.values or visibility not in Visibility.values:
        raise Refused("its licence or visibility is unknown here.")
    is_closed = (
        data.get("state") == State.HIDDEN
    )  # What an operator took off the walls there is not put on them here.
    return ArchivedWork(
        slug=_text(data["slug"], 20),
        title=_words(data, "title"),
        description=_words(data, "description"),
        alt_text=_words(data, "alt_text"),
        tags=tuple(_text(tag, 40) for tag in _list(data["tags"], 12)),
        licence=licence,
        visibility=Visibility.PRIVATE if is_closed else visibility,
        may_be_bred=data["may_be_bred"] is True,
        may_train=data["may_train"] is True,
        genome=genome,
        pedigree=_pedigree(data["pedigree"]),
        novelty=_number(data["novelty"], 0, 1),
        depth=int(_number(data["depth"], 0, MAX_DEPTH)),
        edge=int(max(_number(data["width"], 0, 65_536), _number(data["height"], 0, 65_536))),
        published_at=_moment(data.get("published_at")),
        parents=parents,
    )


def _read_parent(data: Mapping[str, Any]) -> ArchivedParent:
    share = _number(data["share"], 0, 1)
    if not share or data["licence"] not in (*Licence.values, ""):
        raise Refused("one of its parents has no share, or an unknown licence.")
    told = {
        name: _text(data.get(name, ""), 400) for name in ("title", "maker", "address", "identity")
    }
    return ArchivedParent(_text(data["ref"], 40), share, data["licence"], **told)


def _words(data: Mapping[str, Any], name: str) -> str:
    text = _text(data[name], Artwork._meta.get_field(name).max_length)
    if name == "title" and not text.strip():
        raise Refused("it has no title.")
    return text


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or "\x00" in value:
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


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    moment = parse_datetime(_text(value, 40))
    if moment is None or not is_aware(moment):
        raise ValueError("A moment with a zone is expected.")
    return moment


def _pedigree(data: Any) -> dict[str, Any]:
    """A pedigree of the bench, or what says that a tune was brought; empty for a work from a
    seed.
    """
    if not data:
        return {}
    if isinstance(data, dict) and set(data) == {"upload"}:
        return {"upload": _text(data["upload"], 40)}
    return Pedigree.from_json(data).to_json()


def write_archive(
    file: BinaryIO, documents: Iterable[tuple[str, Any]], files: Iterable[tuple[str, BinaryIO]]
) -> None:
    """Write an archive: documents are texts, JSON values, or iterators of the rows of a long list.

    Rows are written one by one, so that an account of any size needs little memory.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in documents:
            with archive.open(name, "w", force_zip64=True) as out:
                if isinstance(value, str):
                    out.write(value.encode())
                elif isinstance(value, dict | list):
                    out.write(_json(value))
                else:
                    _write_rows(out, value)
        for name, stored in files:
            entry = zipfile.ZipInfo(name, date_time=datetime.now().timetuple()[:6])
            entry.compress_type = zipfile.ZIP_STORED  # Pictures and sound are packed already.
            with stored, archive.open(entry, "w", force_zip64=True) as out:
                while piece := stored.read(2**20):
                    out.write(piece)


def _write_rows(out: Any, rows: Iterable[Any]) -> None:
    separator = b"[\n"
    for row in rows:
        out.write(separator + _json(row))
        separator = b",\n"
    out.write(b"[]\n" if separator == b"[\n" else b"\n]\n")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False).encode()
