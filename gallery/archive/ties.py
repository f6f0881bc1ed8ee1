"""Making a collection anew that came with an account from another garden."""

from collections.abc import Mapping

from gallery.account_archive import ArchivedCollection
from gallery.actions.collecting import MOST_COLLECTIONS, MOST_WORKS, read_caption, read_words
from gallery.models import Artwork, Collection, CollectionItem, User
from generation.refusal import Refused


def bring_collection(
    owner: User, archived: ArchivedCollection, rows: Mapping[str, Artwork]
) -> bool:
    """Make a collection with those of its works that came along; False when the person has one of
    that title already.

    owner: the row, locked by the caller; rows: address in the other garden -> the work here. Raises
    Refused for words that are not allowed here, for one collection too many, and when none of its
    works came along.
    """
    words = read_words(archived.title, archived.text)
    own = owner.collections.personal()
    if own.filter(title=words["title"]).exists():
        return False
    if own.count() >= MOST_COLLECTIONS:
        raise Refused(
            "You have {most} collections, which is as many as fit. Delete one first.",
            most=MOST_COLLECTIONS,
        )
    captions: dict[int, str] = {}
    for slug, caption in archived.works:
        if slug in rows and len(captions) < MOST_WORKS:
            captions.setdefault(rows[slug].pk, read_caption(caption))
    if archived.works and not captions:
        raise Refused("None of the works in this collection came along.")
    made = Collection.objects.create(owner=owner, is_public=archived.is_public, **words)
    CollectionItem.objects.bulk_create(
        CollectionItem(
            collection=made, artwork_id=pk, position=position, caption=caption, added_by=owner
        )
        for position, (pk, caption) in enumerate(captions.items())
    )
    return True
