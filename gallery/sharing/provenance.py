"""The metadata about its work that a downloaded file holds."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from gallery.lineage.credit import credit_line, credits
from gallery.lineage.licences import may_train, rights
from gallery.models import Artwork
from generation.card import files_of
from generation.codecs.provenance import Provenance

MAX_NAMED = 8


def describe(artwork: Artwork) -> Provenance:
    """The metadata of this work's files. Only public parents are named.

    It is in English for every reader, so that a file is the same for everybody.
    """
    with translation.override("en"):
        return _describe(artwork)


def _describe(artwork: Artwork) -> Provenance:
    terms = rights(artwork.licence)
    return Provenance(
        title=artwork.title,
        creator=artwork.author.name,
        licence=str(terms.name),
        licence_url=terms.url,
        lineage=describe_lineage(artwork),
        credit=credit_line(credits(artwork, AnonymousUser())),
        alt=artwork.alt,
        may_train=may_train(artwork),
        is_trained=bool(files_of(artwork.species.card)),
        tool=(f"{settings.GARDEN_NAME}, species {artwork.species.name} {artwork.species.version}"),
        identifier=artwork.genome_identity,
    )


def describe_lineage(artwork: Artwork) -> str:
    """One English sentence that names the parents."""
    edges = artwork.parent_edges.order_by("-share").values_list("parent_id", "share")[:MAX_NAMED]
    listed = (
        Artwork.objects.listed().select_related("author").in_bulk([parent for parent, _ in edges])
    )
    named = []
    for parent, share in edges:
        work = listed.get(parent)
        name = (
            f"“{work.title}” by {work.author.name}, {rights(work.licence).name}"
            if work
            else "a work that is not public"
        )
        named.append(f"{share:.0%} {name}")
    return (
        f"Bred from {'; '.join(named)}." if named else "Grown from a fresh seed; it has no parents."
    )
