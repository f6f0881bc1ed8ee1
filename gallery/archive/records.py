"""An account as the documents of its archive, which `gallery.archive.format` describes."""

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, TypeAlias

from django.conf import settings
from django.core.files.base import File
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from gallery.archive.credits import CreditLedger
from gallery.archive.format import FORMAT, VERSION
from gallery.lineage.graph import nameable
from gallery.lineage.references import rename_work
from gallery.models import Artwork, Collection, Comment, Follow, Like, LineageEdge, State, User
from gallery.models.terms import GONE

# Path in an archive, and the open file to be stored there.
Files: TypeAlias = "Iterator[tuple[str, File[bytes] | BinaryIO]]"
OnCount = Callable[[int], None]  # Called with the number of works so far.
CHUNK = 100  # Works whose parents and tags are fetched together.


def exported_works(user: User) -> QuerySet[Artwork]:
    """The works of a person, parents first, without quarantined and removed ones."""
    works = Artwork.objects.filter(author=user).exclude(state__in=[State.QUARANTINED, *GONE])
    return (
        works.select_related("author", "species").prefetch_related("tags").order_by("depth", "pk")
    )


def documents(
    user: User, *, base: str, with_files: bool, on_count: OnCount
) -> Iterator[tuple[str, Any]]:
    """Name and content of each document. base: the address of this site."""
    yield "README.txt", _readme(user, base=base, with_files=with_files)
    yield (
        "account.json",
        {
            "format": FORMAT,
            "version": VERSION,
            "garden": settings.GARDEN_NAME,
            "address": base,
            "made_at": timezone.now().isoformat(),
            "person": _person(user),
        },
    )
    yield "works.json", works(user, base=base, with_files=with_files, on_count=on_count)
    yield "collections.json", collections(user)
    yield "comments.json", comments(user)
    yield "likes.json", likes(user)
    yield (
        "follows.json",
        {
            "follows": list(
                Follow.objects.filter(follower=user).values_list("followed__username", flat=True)
            ),
            "followers": list(
                Follow.objects.filter(followed=user).values_list("follower__username", flat=True)
            ),
        },
    )


def files(user: User) -> Files:
    """Path in the archive and open file of every print; files that are missing are skipped."""
    for work in exported_works(user).iterator(chunk_size=CHUNK):
        for name in work.file_names:
            try:
                yield _path(work, name), work.master.storage.open(name, "rb")
            except FileNotFoundError:
                continue


def _path(work: Artwork, name: str) -> str:
    return f"files/{work.slug}/{name.rsplit('/', 1)[-1]}"


def _person(user: User) -> dict[str, Any]:
    return {
        "user_name": user.username,
        "display_name": user.display_name,
        "bio": user.bio,
        "links": user.links,
        "email": user.email,
        "language": user.language,
        "joined_at": user.date_joined.isoformat(),
    }


def works(
    user: User, *, base: str, with_files: bool, on_count: OnCount
) -> Iterator[dict[str, Any]]:
    """The rows of works.json."""
    count, ledger = 0, CreditLedger(user)
    chunk: list[Artwork] = []
    for work in exported_works(user).iterator(chunk_size=CHUNK):
        chunk.append(work)
        if len(chunk) == CHUNK:
            yield from _work_rows(chunk, user, ledger, base=base, with_files=with_files)
            count, chunk = count + len(chunk), []
            on_count(count)
    yield from _work_rows(chunk, user, ledger, base=base, with_files=with_files)
    on_count(count + len(chunk))


def _work_rows(
    chunk: list[Artwork], user: User, ledger: CreditLedger, *, base: str, with_files: bool
) -> Iterator[dict[str, Any]]:
    """The rows of works.json for some works, parents first."""
    edges: dict[int, list[LineageEdge]] = {}
    keys = [work.pk for work in chunk]
    for edge in LineageEdge.objects.filter(child__in=keys).order_by("-share", "pk"):
        edges.setdefault(edge.child_id, []).append(edge)
    parents = {edge.parent_id for found in edges.values() for edge in found}
    open_parents = (
        nameable(user)
        .select_related("author")
        .filter(pk__in=parents)
        .exclude(state=State.QUARANTINED)
    )
    named = {
        parent.pk: parent for parent in open_parents.defer("genome", "pedigree", "description")
    }
    closed = Artwork.objects.filter(pk__in=parents - set(named)).only("slug", "licence").in_bulk()
    for work in chunk:
        lines: list[dict[str, Any]] = []
        names: dict[str, str] = {}
        for number, edge in enumerate(edges.get(work.pk, []), start=1):
            parent = named.get(edge.parent_id)
            lines.append(
                _parent(edge, parent, base)
                if parent
                else _closed_parent(edge, closed[edge.parent_id], number)
            )
            names[(parent or closed[edge.parent_id]).slug] = lines[-1]["ref"]
        yield _work(work, base=base, with_files=with_files) | {
            "credit": ledger.enter(work, edges.get(work.pk, []), named),
            "parents": lines,
            "pedigree": _pedigree(work.pedigree, names),
        }


def _pedigree(pedigree: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The pedigree without the slugs of works that the person may not see.

    names: slug of a parent -> its `ref` in the archive.
    """
    if "roots" not in pedigree:
        return pedigree
    roots = [
        rename_work(root, names) or f"closed-root-{number}"
        for number, root in enumerate(pedigree["roots"], start=1)
    ]
    return pedigree | {"roots": roots}


def _work(work: Artwork, *, base: str, with_files: bool) -> dict[str, Any]:
    """The row of a work, without its credit, parents and pedigree."""
    plain = (
        "slug",
        "title",
        "description",
        "alt_text",
        "licence",
        "visibility",
        "state",
        "may_be_bred",
        "may_train",
        "genome",
        "novelty",
        "depth",
        "width",
        "height",
        "seconds",
        "accent",
    )
    return {name: getattr(work, name) for name in plain} | {
        "tags": [tag.name for tag in work.tags.all()],
        "identity": work.genome_identity,
        "likes": work.like_count,
        "species": {
            "key": work.species.key,
            "name": work.species.name,
            "version": work.species.version,
        },
        "address": base + work.get_absolute_url(),
        "created_at": work.created_at.isoformat(),
        "published_at": work.published_at.isoformat() if work.published_at else None,
        "made_elsewhere_at": work.made_elsewhere_at.isoformat() if work.made_elsewhere_at else None,
        "files": [_path(work, name) for name in work.file_names] if with_files else [],
    }


def _closed_parent(edge: LineageEdge, parent: Artwork, number: int) -> dict[str, Any]:
    """A parent that the person may not see: only its share and the licence that binds the child."""
    return {
        "ref": f"closed-{number}",
        "share": edge.share,
        "kind": edge.kind,
        "licence": edge.licence or parent.licence,
    }


def _parent(edge: LineageEdge, parent: Artwork, base: str) -> dict[str, Any]:
    return {
        "ref": parent.slug,
        "share": edge.share,
        "kind": edge.kind,
        "licence": edge.licence or parent.licence,
        "title": parent.title,
        "maker": parent.author.name,
        "address": base + parent.get_absolute_url(),
        "identity": parent.genome_identity,
    }


def collections(user: User) -> Iterator[dict[str, Any]]:
    """The rows of collections.json, without the works that the person may not see."""
    visible = Artwork.objects.visible_to(user)
    for collection in Collection.objects.filter(owner=user, deleted_at__isnull=True).order_by("pk"):
        items = collection.items.filter(artwork__in=visible).select_related(
            "artwork", "artwork__author"
        )
        yield {
            "title": collection.title,
            "text": collection.text,
            "kind": collection.kind,
            # What a moderator hid is not made public on another site.
            "is_public": collection.is_public and collection.hidden_at is None,
            "created_at": collection.created_at.isoformat(),
            "works": [
                {
                    "slug": item.artwork.slug,
                    "title": item.artwork.title,
                    "maker": item.artwork.author.name,
                    "caption": item.caption,
                }
                for item in items
            ],
        }


def comments(user: User) -> Iterator[dict[str, Any]]:
    """The rows of comments.json: what the person wrote, and of an answer only that it is one.

    The texts of others are theirs.
    """
    visible = set(
        Artwork.objects.visible_to(user).filter(comments__author=user).values_list("pk", flat=True)
    )
    written = (
        Comment.objects.filter(author=user, deleted_at__isnull=True)
        .select_related("artwork")
        .order_by("pk")
    )
    for comment in written.iterator(chunk_size=CHUNK):
        is_open = comment.artwork_id in visible
        yield {
            "work": comment.artwork.slug if is_open else None,
            "work_title": comment.artwork.title if is_open else None,
            "text": comment.text,
            "is_answer": comment.parent_id is not None,
            "created_at": comment.created_at.isoformat(),
            "edited_at": comment.edited_at.isoformat() if comment.edited_at else None,
        }


def likes(user: User) -> Iterator[dict[str, Any]]:
    """The rows of likes.json: the works that the person likes and may still see."""
    liked = Like.objects.filter(user=user, artwork__in=Artwork.objects.visible_to(user))
    rows = liked.select_related("artwork", "artwork__author").order_by("pk")
    for like in rows.iterator(chunk_size=CHUNK):
        yield {
            "slug": like.artwork.slug,
            "title": like.artwork.title,
            "maker": like.artwork.author.name,
            "identity": like.artwork.genome_identity,
            "liked_at": like.created_at.isoformat(),
        }


def _readme(user: User, *, base: str, with_files: bool) -> str:
    """The text of README.txt, in the language of the process that writes it."""
    lines = [
        gettext("This is the account @%(name)s on %(garden)s, exported on %(day)s.")
        % {
            "name": user.username,
            "garden": settings.GARDEN_NAME,
            "day": timezone.localdate().isoformat(),
        },
        base,
        gettext(
            "works.json holds every work with its genome: the numbers its picture or tune can be"
            " recreated from."
        ),
        gettext(
            "collections.json, comments.json, likes.json and follows.json hold the rest, all as"
            " plain text."
        ),
        (
            gettext("The pictures and tunes are in the folder files.")
            if with_files
            else gettext("Pictures and tunes are left out; to get them, export again with files.")
        ),
        gettext(
            "Another Arboretum site can read this file under “Import an account”, or with:"
            " manage.py import_account FILE --to USER"
        ),
        gettext(
            "Works keep their licences. Anyone you pass them on to must credit their makers as"
            " listed in works.json."
        ),
    ]
    return "\n\n".join(lines) + "\n"
