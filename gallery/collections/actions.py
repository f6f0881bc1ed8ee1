"""Actions on collections and the works in them.

They serve exhibitions as well, which belong to the site: every curator may do there what an owner
may, and each action is written to the audit log.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.validators import slug_re
from django.db import transaction
from django.db.models import F, Max, QuerySet

from gallery.collections.exhibitions import open_exhibitions
from gallery.collections.picks import check_curator
from gallery.collections.texts import read_caption, read_texts
from gallery.core.audit import record
from gallery.core.permissions import check_may_act, check_may_reach
from gallery.core.rate_limits import check_rate_limit
from gallery.discovery.indexing import index_collection, unindex_deleted_collections
from gallery.models import (
    Artwork,
    Collection,
    CollectionItem,
    CollectionKind,
    Notification,
    NotificationKind,
    User,
)
from gallery.notifications.actions import notify
from generation.refusal import Refused
from generation.words import word

MAX_WORKS = 500
MAX_EXHIBITED = 80  # An exhibition is one page.
MAX_COLLECTIONS = 200
NOT_OPEN = word("This collection doesn't exist, or you can't change it.")
NOT_INSIDE = word("This work is no longer in the collection. Reload the page.")


def create_collection(
    user: User, *, title: str, text: str = "", is_public: bool = True
) -> Collection:
    """A new, empty collection. Raises Refused for bad texts and beyond MAX_COLLECTIONS."""
    check_may_act(user)
    texts = read_texts(title, text)
    with transaction.atomic():
        owner = User.objects.select_for_update().get(pk=user.pk)
        if owner.collections.personal().count() >= MAX_COLLECTIONS:
            raise Refused(
                "You have reached the limit of {most} collections. Delete one first.",
                most=MAX_COLLECTIONS,
            )
        made = Collection.objects.create(owner=owner, is_public=is_public, **texts)
        index_collection(made)
    return made


def edit_collection(
    user: User, collection: Collection, *, title: str, text: str = "", is_public: bool = True
) -> Collection:
    """Change the title, the text, and who may see it. A hidden collection stays hidden."""
    check_may_act(user)
    texts = read_texts(title, text)
    with transaction.atomic():
        found = _lock(Collection.objects.personal().editable_by(user), collection)
        if not is_public:
            # The notifications of makers would name a collection that they can no longer open.
            Notification.objects.filter(kind=NotificationKind.COLLECTED, collection=found).delete()
        return _change(found, is_public=is_public, **texts)


def delete_collection(user: User, collection: Collection) -> None:
    """Delete a collection or an exhibition. The works in it stay as they are."""
    check_may_act(user)
    with transaction.atomic():
        found = _lock(Collection.objects.editable_by(user), collection)
        _log(user, "delete exhibition", found, text=found.text)
        found.delete()
        unindex_deleted_collections()


def create_exhibition(
    user: User,
    *,
    title: str,
    text: str = "",
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> Collection:
    """A new exhibition by a curator; without opens_at it is a draft."""
    check_curator(user)
    texts = read_texts(title, text)
    _check_times(opens_at, closes_at)
    with transaction.atomic():
        made = Collection.objects.create(
            kind=CollectionKind.EXHIBITION,
            owner=user,
            opens_at=opens_at,
            closes_at=closes_at,
            **texts,
        )
        index_collection(made)
        _log(user, "create exhibition", made)
        open_exhibitions()
    return made


def edit_exhibition(
    user: User,
    exhibition: Collection,
    *,
    title: str,
    text: str = "",
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> Collection:
    """Change the texts and the dates of an exhibition. A hidden one stays hidden."""
    check_curator(user)
    texts = read_texts(title, text)
    _check_times(opens_at, closes_at)
    with transaction.atomic():
        found = _lock(Collection.objects.exhibitions(), exhibition)
        before = {
            name: str(getattr(found, name) or "") for name in ("title", "opens_at", "closes_at")
        }
        _change(found, opens_at=opens_at, closes_at=closes_at, **texts)
        if found.announced_at and not found.is_open:
            # Makers whose works are added before it opens again are notified then.
            _change(found, announced_at=None)
        _log(user, "edit exhibition", found, before=before)
        open_exhibitions()
    return found


def add_work(
    user: User, collection: Collection, artwork: Artwork, *, caption: str = ""
) -> CollectionItem:
    """Add a work at the end; adding it twice is the same as once.

    Its maker is notified when everybody can see the collection. Raises Refused for a work that is
    not open to this person, one whose maker has blocked them, and a full collection.
    """
    check_may_act(user)
    caption = read_caption(caption)
    with transaction.atomic():
        found = _lock(Collection.objects.arrangeable_by(user), collection)
        work = (
            Artwork.objects.visible_to(user).select_related("author").filter(pk=artwork.pk).first()
        )
        if work is None:
            raise Refused("You don't have access to this work.")
        if known := found.items.filter(artwork=work).first():
            return known
        if not found.is_exhibition:
            check_may_reach(user, work.author)
        most = MAX_EXHIBITED if found.is_exhibition else MAX_WORKS
        check_rate_limit(user, "collect")
        last = found.items.aggregate(last=Max("position"))["last"]
        if found.items.count() >= most:
            raise Refused(
                "“{title}” has reached the limit of {most} works. Take one out first.",
                title=found,
                most=most,
            )
        item = found.items.create(
            artwork=work, position=0 if last is None else last + 1, caption=caption, added_by=user
        )
        found.save(update_fields=["changed_at"])
        _log(user, "hang work", found, artwork=work.slug)
        if found.is_open:
            _notify_maker(user, found, work)
    return item


def remove_work(user: User, collection: Collection, artwork: Artwork) -> None:
    """Take a work out; does nothing if it is not inside.

    Owners and curators may take out any work, invited people those that they added themselves.
    """
    check_may_act(user)
    with transaction.atomic():
        found = _lock(Collection.objects.arrangeable_by(user), collection)
        item = found.items.filter(artwork=artwork).first()
        if item is None:
            return
        if (
            item.added_by_id != user.pk
            and not Collection.objects.editable_by(user).filter(pk=found.pk).exists()
        ):
            raise Refused(
                "Somebody else added this work, so only they and the owner of the collection can"
                " take it out."
            )
        item.delete()
        # Positions stay without gaps, which pages and previews of a collection rely on.
        found.items.filter(position__gt=item.position).update(position=F("position") - 1)
        if found.cover_id == artwork.pk:
            found.cover = None
        found.save(update_fields=["changed_at", "cover"])
        _log(user, "take down work", found, artwork=artwork.slug)


def set_collected(
    user: User,
    artwork: Artwork,
    *,
    offered: Iterable[str],
    ticked: Iterable[str],
    title: str = "",
    is_public: bool = True,
) -> None:
    """Put a work into the ticked collections and take it out of the others that were offered.

    offered, ticked: slugs. With a title, a new collection is created with the work in it, too. All
    in one transaction: an unknown slug, or one of somebody else's, is refused and nothing changes.
    """
    check_may_act(user)
    ticks = set(ticked)
    unticked = set(offered) - ticks
    wanted = ticks | unticked
    if not all(slug_re.match(slug) for slug in wanted):  # No database takes every character.
        raise Refused(NOT_OPEN)
    with transaction.atomic():
        found = {
            one.slug: one for one in Collection.objects.arrangeable_by(user).filter(slug__in=wanted)
        }
        if len(found) < len(wanted):
            raise Refused(NOT_OPEN)
        inside = set(
            CollectionItem.objects.filter(artwork=artwork, collection__slug__in=wanted).values_list(
                "collection__slug", flat=True
            )
        )
        for slug in sorted(ticks - inside):
            add_work(user, found[slug], artwork)
        for slug in sorted(unticked & inside):
            remove_work(user, found[slug], artwork)
        if title.strip():
            add_work(user, create_collection(user, title=title, is_public=is_public), artwork)


def write_caption(user: User, collection: Collection, item_id: int, caption: str) -> None:
    """Change the caption of a work."""
    check_may_act(user)
    caption = read_caption(caption)
    with transaction.atomic():
        found = _lock(Collection.objects.arrangeable_by(user), collection)
        item = _find_item(user, found, item_id)
        item.caption = caption
        item.save(update_fields=["caption"])
        found.save(update_fields=["changed_at"])
        _log(user, "write caption", found, artwork=item.artwork.slug, caption=caption)


def set_cover(user: User, collection: Collection, item_id: int) -> None:
    """Make a work of the collection its cover."""
    check_may_act(user)
    with transaction.atomic():
        found = _lock(Collection.objects.editable_by(user), collection)
        item = _find_item(user, found, item_id)
        _change(found, cover=item.artwork)
        _log(user, "choose cover", found, artwork=item.artwork.slug)


def arrange(user: User, collection: Collection, order: Sequence[int]) -> None:
    """Reorder the works of a collection. order: ids of all items that this person sees, each once.

    Items that this person does not see keep their positions. Raises Refused, and changes nothing,
    for ids that are unknown, missing or repeated.
    """
    check_may_act(user)
    with transaction.atomic():
        found = _lock(Collection.objects.arrangeable_by(user), collection)
        items = list(found.items.all())
        seen = set(found.items.shown_to(user).values_list("pk", flat=True))
        if len(order) != len(seen) or set(order) != seen:
            raise Refused(
                "The works in this collection have changed in the meantime. Reload the page and"
                " order them again."
            )
        in_order = iter(order)
        by_key = {item.pk: item for item in items}
        placed = [by_key[next(in_order)] if item.pk in seen else item for item in items]
        moved = [
            (position, item) for position, item in enumerate(placed) if item.position != position
        ]
        for position, item in moved:
            item.position = position
        CollectionItem.objects.bulk_update([item for _, item in moved], ["position"])
        found.save(update_fields=["changed_at"])
        _log(user, "order works", found)


def move(user: User, collection: Collection, item_id: int, *, place: int) -> None:
    """Move one work to a place, 1 for the first; a place out of range is the nearest end."""
    check_may_act(user)
    with transaction.atomic():
        found = _lock(Collection.objects.arrangeable_by(user), collection)
        order = list(found.items.shown_to(user).values_list("pk", flat=True))
        if item_id not in order:
            raise Refused(NOT_INSIDE)
        order.remove(item_id)
        order.insert(max(0, min(place - 1, len(order))), item_id)
        arrange(user, found, order)


def _check_times(opens_at: datetime | None, closes_at: datetime | None) -> None:
    if closes_at is None:
        return
    if opens_at is None:
        raise Refused(
            "Say when the exhibition opens, or leave both dates empty to keep it a draft."
        )
    if closes_at <= opens_at:
        raise Refused("The exhibition must close after it opens. Change one of the dates.")


def _lock(allowed: QuerySet[Collection], collection: Collection) -> Collection:
    """The collection's row, locked until the transaction ends; raises Refused if not `allowed`.

    So two people who reorder a collection at once do so one after the other.
    """
    found = allowed.select_for_update(of=("self",)).filter(pk=collection.pk).first()
    if found is None:
        raise Refused(NOT_OPEN)
    return found


def _find_item(user: User, collection: Collection, item_id: int) -> CollectionItem:
    """The item, if this person sees it in the collection; else raises Refused."""
    item = collection.items.shown_to(user).select_related("artwork").filter(pk=item_id).first()
    if item is None:
        raise Refused(NOT_INSIDE)
    return item


def _change(collection: Collection, **values: Any) -> Collection:
    """Set these fields and save them."""
    for name, value in values.items():
        setattr(collection, name, value)
    collection.save(update_fields=[*values, "changed_at"])
    if "title" in values or "text" in values:
        index_collection(collection)
    return collection


def _log(user: User, verb: str, collection: Collection, **details: Any) -> None:
    """Write an action on an exhibition to the audit log; collections of people are not logged."""
    if collection.is_exhibition:
        record(user, verb, collection, **details)


def _notify_maker(user: User, collection: Collection, artwork: Artwork) -> None:
    """Notify a work's maker that it was added; once for each work and collection."""
    notifications = Notification.objects.filter(
        user=artwork.author,
        kind=NotificationKind.COLLECTED,
        actor=user,
        artwork=artwork,
        collection=collection,
    )
    if not notifications.exists():
        notify(
            NotificationKind.COLLECTED,
            to=artwork.author,
            actor=user,
            artwork=artwork,
            collection=collection,
        )
