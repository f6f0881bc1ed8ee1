"""The tombstone of a work that is removed while others descend from it: an empty row."""

from gallery.discovery.search import unindex_words
from gallery.models import Artwork, Notification, State
from gallery.models.artwork import FILE_FIELDS

EMPTY = {
    "state": State.REMOVED,
    "title": "A removed work",
    "description": "",
    "alt_text": "",
    "genome": {},
    "genome_identity": "",
    "pedigree": {},
    "width": 0,
    "height": 0,
    "seconds": 0.0,
    "may_be_bred": False,
    "may_train": False,
    "is_featured": False,
    "like_count": 0,
    "love": 0.0,
    "rarity": 0.0,
    "stepping": 0.0,
    "mix": 0.0,
    "colour": "",
    "salient": "",
    "presence": 0.0,
    "accent": Artwork._meta.get_field("accent").default,
    **dict.fromkeys(FILE_FIELDS, ""),
}


def leave_tombstone(artwork: Artwork) -> None:
    """Empty a work's row, so that its children keep their parent.

    Author, licence, novelty, depth and lineage edges stay. Jobs, likes, tags, search words,
    comments, links, places in collections, picks and notifications are deleted; deleting its files
    is up to the caller.
    """
    for related in (
        artwork.jobs,
        artwork.likes,
        artwork.comments,
        artwork.share_links,
        artwork.collection_items,
        artwork.picks,
    ):
        related.all().delete()
    Notification.objects.filter(artwork=artwork).delete()
    artwork.tags.clear()
    unindex_words(artwork)
    Artwork.objects.filter(pk=artwork.pk).update(**EMPTY)
