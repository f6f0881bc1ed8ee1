"""The format of an account's archive, and what is read from one.

An archive holds everything that a person has made on a site, to keep or to import into another
site. `gallery.archive.export` writes it, `gallery.archive.reading` reads it. It is a
ZIP, format "arboretum-account", version 1, all text UTF-8:
- README.txt: what this is, for people.
- account.json: {format, version, garden, address, made_at, person: {user_name, display_name, bio,
  links: [address], email, language, joined_at}}.
- works.json: a list of works, parents before children:
  {slug, title, description, alt_text, tags: [name], licence (SPDX identifier or
  "all-rights-reserved"), visibility, state, may_be_bred, may_train, species: {key, name, version},
  genome (`Genome.to_json`), identity (SHA-256 of the genome's canonical JSON), pedigree, novelty,
  depth, width, height, seconds, accent, likes, address, created_at, published_at, made_elsewhere_at
  (of an imported work), credit: [{name, is_new, share}], parents: [{ref, share, kind, licence,
  title, maker, address, identity}], files: [path in the ZIP]}. `ref` is the parent's slug; for a
  parent that the person may not see it is "closed-1", "closed-2" ..., and only its share, kind and
  licence are given. `kind` is "bred", or "graft" for a work that the child was painted over; older
  archives have none, and all their parents were bred. The shares of a work sum to 1.
- collections.json: [{title, text, is_public, kind, created_at, works: [{slug, title, maker,
  caption}]}].
- comments.json: [{work, work_title, text, is_answer, created_at, edited_at}].
- likes.json: [{slug, title, maker, identity, liked_at}]; older archives have no identity.
- follows.json: {follows: [user name], followers: [user name]}.
- files/<slug>/<name>: the works' own files, where they were asked for.

Times are ISO 8601 with a zone. Reading needs account.json and works.json, uses collections.json,
likes.json and the `follows` of follows.json where they exist, and trusts nothing in them. The rest
is not imported: comments belong to conversations with others, whose texts are not the person's to
move, and followers decide for themselves whom they follow.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gallery.models import Descent
from generation.genome import Genome

FORMAT, VERSION = "arboretum-account", 1


@dataclass(frozen=True)
class ArchivedParent:
    """One parent of a work.

    For a parent that the person might not see there, title, maker, address and identity are empty.
    """

    ref: str
    share: float
    licence: str
    kind: str = Descent.BRED
    title: str = ""
    maker: str = ""
    address: str = ""
    identity: str = ""


@dataclass(frozen=True)
class ArchivedWork:
    """One work, checked: its genome is complete and matches its identity, its shares sum to 1."""

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
    edge: int  # The longer edge of its picture, in pixels; 0 when unknown.
    made_at: datetime | None  # When it was first published, as the archive says.
    parents: tuple[ArchivedParent, ...]


@dataclass(frozen=True)
class ArchivedCollection:
    """One collection. works: (slug on the other site, caption), other people's works included."""

    title: str
    text: str
    is_public: bool
    works: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ArchivedLike:
    """A like. slug: on the other site; identity: of the work's genome, empty in older archives."""

    slug: str
    title: str
    identity: str
    liked_at: datetime


@dataclass(frozen=True)
class ArchivedTies:
    """The person's likes, oldest first, the user names of people they follow, and their links."""

    likes: tuple[ArchivedLike, ...] = ()
    follows: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
