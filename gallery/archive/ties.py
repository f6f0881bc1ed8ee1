"""Importing the collections, likes, follows and links of an account from another site."""

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from gallery.archive.format import ArchivedCollection, ArchivedLike
from gallery.collections.actions import MAX_COLLECTIONS, MAX_WORKS
from gallery.collections.texts import read_caption, read_texts
from gallery.core.blocked_words import check_not_removed, check_words
from gallery.core.links import read_links
from gallery.discovery.figures import recount_likes
from gallery.models import (
    Artwork,
    Boundary,
    BoundaryKind,
    Collection,
    CollectionItem,
    Follow,
    Like,
    User,
)
from generation.refusal import Refused


def import_collection(
    owner: User, archived: ArchivedCollection, rows: Mapping[str, Artwork]
) -> bool:
    """Create a collection of those of its works that were imported.

    False when the person has a collection of that title already. owner: the row, locked by the
    caller; rows: slug on the other site -> the work here. Raises Refused for texts that are not
    allowed here, beyond MAX_COLLECTIONS, and when none of its works was imported.
    """
    texts = read_texts(archived.title, archived.text)
    own = owner.collections.personal()
    if own.filter(title=texts["title"]).exists():
        return False
    if own.count() >= MAX_COLLECTIONS:
        raise Refused(
            "You have reached the limit of {most} collections. Delete one first.",
            most=MAX_COLLECTIONS,
        )
    captions: dict[int, str] = {}
    for slug, caption in archived.works:
        if slug in rows and len(captions) < MAX_WORKS:
            captions.setdefault(rows[slug].pk, read_caption(caption))
    if archived.works and not captions:
        raise Refused("None of the works in this collection could be imported.")
    made = Collection.objects.create(owner=owner, is_public=archived.is_public, **texts)
    CollectionItem.objects.bulk_create(
        CollectionItem(
            collection=made, artwork_id=pk, position=position, caption=caption, added_by=owner
        )
        for position, (pk, caption) in enumerate(captions.items())
    )
    return True


def import_likes(owner: User, likes: Sequence[ArchivedLike]) -> tuple[int, list[str]]:
    """Like those of the works that are listed on this site.

    Returns how many likes are new, and the titles of the works that are not here. A work is
    recognized by its genome; in older archives by its slug and title together. Each like keeps its
    date, unless that lies in the future. owner: the row, locked by the caller.
    """
    here = _works_here(owner, likes)
    liked = set(
        Like.objects.filter(user=owner, artwork__in=here.values()).values_list("artwork", flat=True)
    )
    now = timezone.now()
    made: dict[int, Like] = {}
    missing = []
    for like in likes:
        work = here.get(like.identity or (like.slug, like.title))
        if work is None:
            missing.append(like.title)
        elif work.pk not in liked and work.pk not in made:
            made[work.pk] = Like(user=owner, artwork=work, created_at=min(like.liked_at, now))
    dates = {pk: like.created_at for pk, like in made.items()}
    # bulk_create sets created_at to now (auto_now_add), so the dates are written afterwards.
    rows = Like.objects.bulk_create(made.values())
    for row in rows:
        row.created_at = dates[row.artwork_id]
    Like.objects.bulk_update(rows, ["created_at"])
    for row in rows:
        recount_likes(row.artwork)
    return len(rows), missing


def _works_here(owner: User, likes: Sequence[ArchivedLike]) -> dict[str | tuple[str, str], Artwork]:
    """The works that this person may like, by identity or (slug, title); of several the oldest."""
    works = Artwork.objects.listed().exclude(author=owner).exclude(author__in=_blockers(owner))
    works = works.defer("genome", "pedigree", "description").order_by("-pk")
    found: dict[str | tuple[str, str], Artwork] = {}
    for work in works.filter(
        genome_identity__in={like.identity for like in likes if like.identity}
    ):
        found[work.genome_identity] = work
    for work in works.filter(slug__in={like.slug for like in likes if not like.identity}):
        found[work.slug, work.title] = work
    return found


def import_follows(owner: User, names: Sequence[str]) -> tuple[int, list[str]]:
    """Follow the people on this site who have these user names.

    Returns how many follows are new, and the names of those who are not here. People whom the
    person mutes or blocks, and who block them, count as not here. owner: the row, locked by the
    caller.
    """
    away = Boundary.objects.filter(user=owner).values("other")
    people = User.objects.filter(
        username__in={*names, *(name.lower() for name in names)}, is_active=True
    )
    people = people.exclude(pk=owner.pk).exclude(pk__in=away).exclude(pk__in=_blockers(owner))
    here = {person.username: person.pk for person in people}
    wanted = {here.get(name) or here.get(name.lower()): name for name in names}
    missing = [name for name in names if name not in here and name.lower() not in here]
    known = set(
        Follow.objects.filter(follower=owner, followed__in=here.values()).values_list(
            "followed", flat=True
        )
    )
    fresh = [pk for pk in wanted if pk and pk not in known]
    Follow.objects.bulk_create(Follow(follower=owner, followed_id=pk) for pk in fresh)
    return len(fresh), missing


def import_links(owner: User, links: Sequence[str]) -> None:
    """Put the links on a profile that has none; those that are not allowed here are left out."""
    if owner.links:
        return
    kept: list[str] = []
    for link in links:
        try:
            check_words(link)
            check_not_removed(owner, link)
            kept = read_links([*kept, link])
        except Refused:
            continue
    User.objects.filter(pk=owner.pk).update(links=kept)


def _blockers(owner: User) -> QuerySet[User]:
    """The people who block this person."""
    return User.objects.filter(boundaries__other=owner, boundaries__kind=BoundaryKind.BLOCK)
