"""Functions that create rows for tests, each whole and valid.

A test names only the fields that it is about.
"""

import io
import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils import timezone
from PIL import Image

from gallery.discovery.search import index_words
from gallery.models import (
    Artwork,
    Boundary,
    BoundaryKind,
    Collection,
    Comment,
    Follow,
    Job,
    JobKind,
    Like,
    LineageEdge,
    Notification,
    NotificationKind,
    Report,
    Species,
    State,
    Tag,
    User,
)
from gallery.models.moderation import subject_column
from generation.checkpoints import find
from generation.genespaces import species
from generation.genome import Genome

PASSWORD = "a-long-enough-passphrase"
_numbers = itertools.count(1)


def make_user(username: str = "", *, password: str = PASSWORD, **fields: Any) -> User:
    """A person with an account; the password is PASSWORD."""
    return User.objects.create_user(
        username or f"gardener{next(_numbers)}", password=password, **fields
    )


def make_species(key: str = "patterns", **fields: Any) -> Species:
    """The row of a species, created once for each key; Patterns has its checkpoint's digest."""
    defaults = {
        "name": key.capitalize(),
        "medium": "picture",
        "digest": find(key).digest if key == "patterns" else "0" * 64,
        "licence": "CC0-1.0",
        "credit": "Arboretum contributors",
        "description": f"The species {key}.",
    }
    return Species.objects.get_or_create(key=key, defaults=defaults | fields)[0]


def make_genome(seed: int | None = None, *, generator: str = "patterns") -> Genome:
    """A genome with random genes; quicker than `sample`, which looks for a beautiful one."""
    seed = next(_numbers) if seed is None else seed
    kind = species(generator)
    genes = np.random.default_rng(seed).normal(0, 0.4, kind.space.size).astype(np.float32)
    return Genome(generator=kind.key, digest=kind.digest, genes=genes, seed=seed)


def make_artwork(
    author: User | None = None,
    *,
    parents: Sequence[Artwork] = (),
    shares: Sequence[float] = (),
    genome: Genome | None = None,
    tags: Sequence[str] = (),
    has_files: bool = False,
    **fields: Any,
) -> Artwork:
    """A published public work in the word index, newer than those made before it.

    parents: with equal shares unless `shares` is given. has_files: whether to store a real 64 px
    master and thumbnail.
    """
    number = next(_numbers)
    genome = genome or make_genome()
    defaults: dict[str, Any] = {
        "title": f"Work {number}",
        "state": State.PUBLISHED,
        "novelty": 0.0 if parents else 1.0,
        "depth": 1 + max((parent.depth for parent in parents), default=-1),
        "width": 64,
        "height": 64,
        "published_at": timezone.now() - timedelta(days=1) + timedelta(milliseconds=number),
    }
    moment = fields.get("published_at", defaults["published_at"])
    defaults["mix"] = moment.timestamp() if moment else 0.0
    artwork = Artwork(
        author=author or make_user(),
        species=fields.pop("species", None) or make_species(genome.generator),
        genome=genome.to_json(),
        genome_identity=genome.identity,
        **(defaults | fields),
    )
    if has_files:
        artwork.master.save("master.png", ContentFile(square("PNG")), save=False)
        artwork.thumbnail.save("thumbnail.webp", ContentFile(square("WEBP")), save=False)
    artwork.save()
    for parent, share in (
        zip(parents, shares or [1 / len(parents)] * len(parents), strict=True) if parents else ()
    ):
        LineageEdge.objects.create(
            parent=parent, child=artwork, share=share, licence=parent.licence
        )
    artwork.tags.set([make_tag(name) for name in tags])
    index_words(artwork)
    return artwork


def make_like(artwork: Artwork | None = None, *, user: User | None = None) -> Like:
    """A like of a work by somebody else; the work's number of likes stays as it is."""
    return Like.objects.create(user=user or make_user(), artwork=artwork or make_artwork())


def make_comment(
    artwork: Artwork | None = None,
    *,
    author: User | None = None,
    parent: Comment | None = None,
    **fields: Any,
) -> Comment:
    """A comment on a work, or a reply to `parent`."""
    artwork = parent.artwork if parent else artwork or make_artwork()
    text = fields.pop("text", f"Thought {next(_numbers)}")
    return Comment.objects.create(
        artwork=artwork, author=author or make_user(), parent=parent, text=text, **fields
    )


def make_follow(follower: User | None = None, followed: User | None = None) -> Follow:
    """One person follows another."""
    return Follow.objects.create(follower=follower or make_user(), followed=followed or make_user())


def make_boundary(user: User, other: User, kind: str = BoundaryKind.BLOCK) -> Boundary:
    """One person blocks another, or mutes them."""
    return Boundary.objects.create(user=user, other=other, kind=kind)


def make_notification(
    user: User | None = None, *, kind: str = NotificationKind.FOLLOW, **fields: Any
) -> Notification:
    """A notification; by default that somebody followed this person."""
    fields = {"actor": make_user()} | fields
    return Notification.objects.create(user=user or make_user(), kind=kind, **fields)


def make_tag(name: str = "moss") -> Tag:
    """A tag; one row for each name."""
    return Tag.objects.get_or_create(slug=name.lower().replace(" ", "-"), defaults={"name": name})[
        0
    ]


def make_collection(
    owner: User | None = None, *, works: Sequence[Artwork] = (), **fields: Any
) -> Collection:
    """A public collection with these works in order, or an exhibition (kind="exhibition")."""
    defaults = {"title": f"Collection {next(_numbers)}"}
    made = Collection.objects.create(owner=owner or make_user(), **(defaults | fields))
    for position, work in enumerate(works):
        made.items.create(artwork=work, position=position, added_by=made.owner)
    return made


def make_report(
    subject: Model | None = None, *, reporter: User | None = None, **fields: Any
) -> Report:
    """An open report about a work, a comment, a person or a collection."""
    subject = subject or make_artwork()
    defaults = {"reason": "spam", "text": "Look at this."}
    return Report.objects.create(
        **{subject_column(subject): subject},
        reporter=reporter or make_user(),
        **(defaults | fields),
    )


def make_job(artwork: Artwork | None = None, *, owner: User | None = None, **fields: Any) -> Job:
    """A queued print of a work that is being printed."""
    artwork = artwork or make_artwork(
        owner, state=State.RENDERING, published_at=None, width=0, height=0
    )
    defaults = {"kind": JobKind.PRINT, "payload": {"size": 64, "purpose": "master"}}
    return Job.objects.create(owner=owner or artwork.author, artwork=artwork, **(defaults | fields))


def square(file_format: str) -> bytes:
    """A 64 px picture in one colour as a file. file_format: as Pillow names it."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), (40, 110, 80)).save(buffer, file_format)
    return buffer.getvalue()
