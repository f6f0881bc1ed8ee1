"""Whose a genome is: nobody may add the very genome of somebody else's work as a work of theirs.

A refusal names that work only to those who may know of it. For a private, unlisted or hidden one
the sentence gives no reason, so that nobody learns from it what exists here.
"""

from collections.abc import Iterable

from gallery.lineage.graph import nameable
from gallery.models import Artwork, Licence, State, User
from generation.genome import Genome
from generation.refusal import Refused

CHUNK = 500  # Values bound to one SQL statement.


def genomes_of_others(user: User, identities: Iterable[str]) -> dict[str, Artwork | None]:
    """Those of these genomes (identities) that works of other people have.

    Identity -> the oldest such work that may be named to this person, else None. Tombstones, and
    placeholders for works of other sites, do not count: nobody has their genome here.
    """
    found: dict[str, Artwork | None] = {}
    wanted = sorted(set(identities) - {""})
    for start in range(0, len(wanted), CHUNK):
        works = (
            Artwork.objects.filter(genome_identity__in=wanted[start : start + CHUNK])
            .exclude(author=user)
            .exclude(state=State.REMOVED)
        )
        found |= dict.fromkeys(works.values_list("genome_identity", flat=True).order_by())
        named = works.filter(pk__in=nameable(user).values("pk")).select_related("author")
        for work in named.only("title", "genome_identity", "author").order_by("-pk"):
            found[work.genome_identity] = work
    return found


def check_is_new(user: User, identity: str) -> None:
    """Raises Refused if the child with this genome is a work of somebody else already."""
    taken = genomes_of_others(user, [identity])
    if identity not in taken:
        return
    if work := taken[identity]:
        raise Refused(
            "This is exactly “{title}” by {maker}, which is here already. Move a slider or add some"
            " surprise.",
            title=work.title,
            maker=work.author.name,
        )
    raise Refused("This very child can't be published. Move a slider or add some surprise.")


def refuse_import(work: Artwork | None) -> Refused:
    """Why an archived work with the genome of somebody else's work here is not imported."""
    if work is None:
        return Refused(
            "This work can't be imported here. If you made it, write to the site's moderators."
        )
    return Refused(
        "This is exactly “{title}” by {maker}, which is here already. If you made it, report that"
        " work to the moderators.",
        title=work.title,
        maker=work.author.name,
    )


def may_copy(artwork: Artwork, user_id: int | None) -> bool:
    """Whether the genome of a work may be handed to this person (its id; None for visitors).

    Where all rights are reserved, the genome is its maker's alone: whoever has it has the work. The
    genome of a graft holds those of the works that it was painted over, so those must be open, too.
    """
    if artwork.author_id == user_id:
        return True
    if artwork.is_reserved:
        return False
    inside = {genome.identity for genome in artwork.read_genome().grafted}
    works = Artwork.objects.listed().filter(genome_identity__in=inside)
    open_ones = works.exclude(licence=Licence.RESERVED).values_list("genome_identity", flat=True)
    return inside <= set(open_ones) if inside else True


def painted_over(artwork: Artwork, works: Iterable[Artwork]) -> set[int]:
    """Which of these works (ids) hold the picture of another one: they are painted over it, or
    descend from such a work and still have it in their genomes. One query.
    """
    rows = Artwork.objects.filter(pk__in=[work.pk for work in works], genome__has_key="grafts")
    return {
        row.pk
        for row in rows.order_by().only("genome")
        if any(one.identity == artwork.genome_identity for one in row.read_genome().grafted)
    }


def check_grafts(user: User, genome: Genome) -> None:
    """Raises Refused where a genome holds one of a work that this person may not graft."""
    inside = {one.identity for one in genome.grafted}
    if not inside:
        return
    works = Artwork.objects.filter(genome_identity__in=inside).exclude(state=State.REMOVED)
    may = works.visible_to(user).breedable_by(user).values_list("genome_identity", flat=True)
    taken = works.exclude(author=user).values_list("genome_identity", flat=True)
    if set(taken) - set(may):
        raise Refused(
            "It is grafted onto somebody else's work that you may not graft here, so it can't be"
            " imported."
        )
