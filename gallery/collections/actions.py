"""Collections and what is inside: make, change, delete; put works in, take them out, order them,
write captions.

The same verbs serve exhibitions, which belong to the garden: there every curator may do what an
owner may, and each act is written into the log of staff.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.validators import slug_re
from django.db import transaction
from django.db.models import F, Max

from gallery.collections.exhibitions import open_exhibitions
from gallery.collections.picks import check_curator
from gallery.core.audit import record
from gallery.core.blocked_words import check_words
from gallery.core.permissions import check_may_act, check_may_reach
from gallery.core.rate_limits import check_rate_limit
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

MOST_WORKS = 500
MOST_EXHIBITED = 80  # An exhibition hangs on one page.
MOST_COLLECTIONS = 200
NOT_OPEN = word("This collection doesn't exist, or you can't change it.")
NOT_INSIDE = word("This work is no longer in the collection. Reload the page.")


def create_collection(user, *, title: str, text: str = "", is_public: bool = True) -> Collection:
    """A new, empty collection of a person's own. Raises Refused for bad words and for one too
    many.
    """
    check_may_act(user)
    words = read_words(title, text)
    with transaction.atomic():
        owner = User.objects.select_for_update().get(pk=user.pk)
        if owner.collections.personal().count() >= MOST_COLLECTIONS:
            raise Refused(
                "You have reached the limit of {most} collections. Delete one first.",
                most=MOST_COLLECTIONS,
            )
        return Collection.objects.create(owner=owner, is_public=is_public, **words)


def edit_collection(
    user, collection: Collection, *, title: str, text: str = "", is_public: bool = True
) -> Collection:
    """Change the title, the text, and who may look. One that a moderator hid stays hidden, whatever
    is changed.
    """
    check_may_act(user)
    words = read_words(title, text)
    with transaction.atomic():
        found = _lock(Collection.objects.personal().editable_by(user), collection)
        if not is_public:
            # What was news to makers would name a collection that they cannot open.
            Notification.objects.filter(kind=NotificationKind.COLLECTED, collection=found).delete()
        return _change(found, is_public=is_public, **words)


def delete_collection(user, collection: Collection) -> None:
    """Take a collection or an exhibition down for good. The works inside stay where they are."""
    check_may_act(user)
    with transaction.atomic():
        found = _lock(Collection.objects.editable_by(user), collection)
        _log(user, "delete exhibition", found, text=found.text)
        found.delete()


def create_exhibition(
    user,
    *,
    title: str,
    text: str = "",
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> Collection:
    """A new exhibition by a curator; without a date of opening it is a draft."""
    check_curator(user)
    words = read_words(title, text)
    _check_times(opens_at, closes_at)
    with transaction.atomic():
        made = Collection.objects.create(
            kind=CollectionKind.EXHIBITION,
            owner=user,
            opens_at=opens_at,
            closes_at=closes_at,
            **words,
        )
        _log(user, "create exhibition", made)
        open_exhibitions()
    return made


def edit_exhibition(
    user,
    exhibition: Collection,
    *,
    title: str,
    text: str = "",
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> Collection:
    """Change the words and the dates of an exhibition. Any curator may; one that a moderator hid
    does not open by it.
    """
    check_curator(user)
    words = read_words(title, text)
    _check_times(opens_at, closes_at)
    with transaction.atomic():
        found = _lock(Collection.objects.exhibitions(), exhibition)
        before = {
            name: str(getattr(found, name) or "") for name in ("title", "opens_at", "closes_at")
        }
        _change(found, opens_at=opens_at, closes_at=closes_at, **words)
        if found.announced_at and not found.is_open:
            _change(found, announced_at=None)  # Whoever is hung until it opens again hears of that.
        _log(user, "edit exhibition", found, before=before)
        open_exhibitions()
    return found


def add_work(
    user, collection: Collection, artwork: Artwork, *, caption: str = ""
) -> CollectionItem:
    """Put a work at the end. Twice is once. The maker hears of it when everybody can see the
    collection.

    Raises Refused for a work that is not open to this person, one whose maker has blocked them, and
    a full collection.
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
        most = MOST_EXHIBITED if found.is_exhibition else MOST_WORKS
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
            _tell_maker(user, found, work)
    return item


def remove_work(user, collection: Collection, artwork: Artwork) -> None:
    """Take a work out: owners and curators any, who was invited those they put in. What is not
    inside is no mistake.
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
        # Places stay without gaps, which pages and the faces of a collection rely on.
        found.items.filter(position__gt=item.position).update(position=F("position") - 1)
        if found.cover_id == artwork.pk:
            found.cover = None
        found.save(update_fields=["changed_at", "cover"])
        _log(user, "take down work", found, artwork=artwork.slug)


def set_collected(
    user,
    artwork: Artwork,
    *,
    offered: Iterable[str],
    ticked: Iterable[str],
    title: str = "",
    is_public: bool = True,
) -> None:
    """Put a work into the collections that are ticked and take it out of the others that were
    offered (all by slug).

    With a title, a new collection is begun with it too. One transaction: a foreign or unknown slug
    is refused and nothing changes.
    """
    check_may_act(user)
    offered, ticked = set(offered), set(ticked)
    wanted = offered | ticked
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
        for slug in sorted(ticked - inside):
            add_work(user, found[slug], artwork)
        for slug in sorted((offered - ticked) & inside):
            remove_work(user, found[slug], artwork)
        if title.strip():
            add_work(user, create_collection(user, title=title, is_public=is_public), artwork)


def write_caption(user, collection: Collection, item_id: int, caption: str) -> None:
    """Change the words under a work."""
    check_may_act(user)
    caption = read_caption(caption)
    with transaction.atomic():
        found = _lock(Collection.objects.arrangeable_by(user), collection)
        item = _find_item(user, found, item_id)
        item.caption = caption
        item.save(update_fields=["caption"])
        found.save(update_fields=["changed_at"])
        _log(user, "write caption", found, artwork=item.artwork.slug, caption=caption)


def set_cover(user, collection: Collection, item_id: int) -> None:
    """Make a work of the collection its cover."""
    check_may_act(user)
    with transaction.atomic():
        found = _lock(Collection.objects.editable_by(user), collection)
        item = _find_item(user, found, item_id)
        _change(found, cover=item.artwork)
        _log(user, "choose cover", found, artwork=item.artwork.slug)


def arrange(user, collection: Collection, order: Sequence[int]) -> None:
    """Put the works of a collection into an order: the ids of all items that this person sees, each
    once.

    Works that are closed to this person keep their places. Raises Refused, and changes nothing, for
    ids that are foreign, missing or double.
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


def move(user, collection: Collection, item_id: int, *, place: int) -> None:
    """Bring one work to a place, 1 for the first; a place beyond the ends is the end."""
    check_may_act(user)
    with transaction.atomic():
        found = _lock(Collection.objects.arrangeable_by(user), collection)
        order = list(found.items.shown_to(user).values_list("pk", flat=True))
        if item_id not in order:
            raise Refused(NOT_INSIDE)
        order.remove(item_id)
        order.insert(max(0, min(place - 1, len(order))), item_id)
        arrange(user, found, order)


def read_words(title: str, text: str) -> dict[str, str]:
    """Title and text as they are stored. Raises Refused for an empty title, too much, and words
    that are blocked here.
    """
    words = {"title": " ".join(title.split()), "text": text.strip()}
    if not words["title"]:
        raise Refused("Give it a title.")
    if len(words["title"]) > 120:
        raise Refused(
            "The title has {n} characters; shorten it to {most}.", n=len(words["title"]), most=120
        )
    if len(words["text"]) > 8000:
        raise Refused(
            "The text has {n} characters; shorten it to {most}.", n=len(words["text"]), most=8000
        )
    _check_storable(*words.values())
    check_words(*words.values())
    return words


def read_caption(caption: str) -> str:
    """The words under a work as they are stored. Raises Refused for too many and for blocked
    ones.
    """
    caption = " ".join(caption.split())
    if len(caption) > 400:
        raise Refused(
            "The caption has {n} characters; shorten it to {most}.", n=len(caption), most=400
        )
    _check_storable(caption)
    check_words(caption)
    return caption


def _check_storable(*texts: str) -> None:
    if any("\x00" in text for text in texts):
        raise Refused("The text contains a character that can't be stored. Please type it again.")


def _check_times(opens_at: datetime | None, closes_at: datetime | None) -> None:
    if closes_at is not None and opens_at is None:
        raise Refused(
            "Say when the exhibition opens, or leave both dates empty to keep it a draft."
        )
    if closes_at is not None and closes_at <= opens_at:
        raise Refused("The exhibition must close after it opens. Change one of the dates.")


def _lock(allowed, collection: Collection) -> Collection:
    """The row, held until the transaction ends: two people who arrange at once do so after each
    other.
    """
    found = allowed.select_for_update(of=("self",)).filter(pk=collection.pk).first()
    if found is None:
        raise Refused(NOT_OPEN)
    return found


def _find_item(user, collection: Collection, item_id: int) -> CollectionItem:
    item = collection.items.shown_to(user).select_related("artwork").filter(pk=item_id).first()
    if item is None:
        raise Refused(NOT_INSIDE)
    return item


def _change(collection: Collection, **values: Any) -> Collection:
    for name, value in values.items():
        setattr(collection, name, value)
    collection.save(update_fields=[*values, "changed_at"])
    return collection


def _log(user, verb: str, collection: Collection, **details: Any) -> None:
    if collection.is_exhibition:
        record(user, verb, collection, **details)


def _tell_maker(user, collection: Collection, artwork: Artwork) -> None:
    """Once for each work and collection: taking it out and putting it in again is no news."""
    told = {
        "kind": NotificationKind.COLLECTED,
        "actor": user,
        "artwork": artwork,
        "collection": collection,
    }
    if not Notification.objects.filter(user=artwork.author, **told).exists():
        notify(to=artwork.author, **told)
