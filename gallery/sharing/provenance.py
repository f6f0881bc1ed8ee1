"""The metadata about its work that a downloaded file holds."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from gallery.lineage.credit import credit_line, credits
from gallery.lineage.licences import may_train, rights
from gallery.models import Artwork, Descent
from generation.card import files_of
from generation.codecs.provenance import CAPTURED, DRAWN, MIXED, Provenance
from generation.finishing.steps import is_learnt
from generation.genespaces.pictures import AI, DRAWING, PHOTO, origin_of
from generation.genome import Genome

MAX_NAMED = 8


def describe(artwork: Artwork) -> Provenance:
    """The metadata of this work's files. Only public parents are named.

    It is in English for every reader, so that a file is the same for everybody.
    """
    with translation.override("en"):
        return _describe(artwork)


def _describe(artwork: Artwork) -> Provenance:
    terms, genome = rights(artwork.licence), artwork.read_genome()
    return Provenance(
        title=artwork.title,
        creator=artwork.author.name,
        licence=str(terms.name),
        licence_url=terms.url,
        lineage=describe_lineage(artwork),
        credit=credit_line(credits(artwork, AnonymousUser())),
        alt=artwork.alt,
        may_train=may_train(artwork),
        is_trained=origin_of(genome) == AI or bool(files_of(artwork.species.card)),
        source=source_of(genome),
        tool=(f"{settings.GARDEN_NAME}, species {artwork.species.name} {artwork.species.version}"),
        identifier=artwork.genome_identity,
    )


def source_of(genome: Genome) -> str:
    """The digital source type of a picture that is not made by AI alone; empty for others."""
    own = {PHOTO: CAPTURED, DRAWING: DRAWN}
    if origin := origin_of(genome):
        return MIXED if origin in own and is_learnt(genome.finishing) else own.get(origin, "")
    return MIXED if any(origin_of(one) in own for one in genome.grafted) else ""


def describe_lineage(artwork: Artwork) -> str:
    """One English sentence that names the parents."""
    edges = artwork.parent_edges.order_by("-share").values_list("parent_id", "share", "kind")
    edges = edges[:MAX_NAMED]
    listed = (
        Artwork.objects.listed().select_related("author").in_bulk([parent for parent, *_ in edges])
    )
    named = []
    for parent, share, kind in edges:
        work = listed.get(parent)
        name = (
            f"“{work.title}” by {work.author.name}, {rights(work.licence).name}"
            if work
            else "a work that is not public"
        )
        over = "painted over " if kind == Descent.GRAFTED else ""
        named.append(f"{share:.0%} {over}{name}")
    if named:
        made = "Finished" if artwork.is_brought else "Bred"
        return f"{made} from {'; '.join(named)}."
    if artwork.is_brought:
        return "Uploaded by its maker; it has no parents."
    return "Grown from a fresh seed; it has no parents."
