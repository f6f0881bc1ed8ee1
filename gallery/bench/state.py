"""What lies on one visitor's bench: the parents, fetched once, and what their page is told of
them.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from gallery.bench.controls import tell_genes, tell_species
from gallery.bench.protocol import MAX_ID, FrameAsk, ParentsAsk
from gallery.lineage.parents import Parent, find_parents
from generation.genome import Genome, Recipe
from generation.pedigree import grow

PORTRAIT_SIZE = 128


@dataclass(frozen=True)
class Bench:
    """roots: the works (or fresh seeds) behind everything. genomes: the chosen parents, one to
    four.
    """

    roots: tuple[Parent, ...] = ()
    genomes: tuple[Genome, ...] = ()


def lay_out(
    user, asked: ParentsAsk, *, before: Bench
) -> tuple[Bench, dict[str, Any], list[FrameAsk]]:
    """The bench after `asked`, the words for the page, and portraits of the parents that have no
    picture yet.

    Roots that lay on the bench before are not fetched again: stepping on and back costs no query.
    Raises Refused as `find_parents` and `breed` do. Slow (database, fresh seeds, up to 64 steps):
    call it in a thread.
    """
    known = {parent.reference: parent for parent in before.roots}
    references = asked.pedigree.roots
    roots = (
        [known[name] for name in references]
        if set(references) <= set(known)
        else find_parents(user, references)
    )
    grown = grow(asked.pedigree, [parent.genome for parent in roots])
    genomes = tuple(grown[position] for position in asked.chosen)
    told, portraits = [], []
    for place, position in enumerate(asked.chosen):
        words = tell_parent(roots[position]) if position < len(roots) else tell_seedling()
        if not words["thumbnail"] and asked.id + 1 + place <= MAX_ID:
            words["frame"] = asked.id + 1 + place
            only_this = tuple(float(index == place) for index in range(len(asked.chosen)))
            portraits.append(
                FrameAsk(words["frame"], Recipe(weights=only_this), PORTRAIT_SIZE, is_seedling=True)
            )
        told.append({"position": position, **words, **tell_genes(genomes[place])})
    kind = tell_species(genomes[0].generator, digest=genomes[0].digest)
    return Bench(tuple(roots), genomes), {"parents": told, "species": kind}, portraits


def tell_parent(parent: Parent) -> dict[str, str]:
    """A work (or a fresh seed) in words for the page. Without a thumbnail yet, the bench draws a
    portrait.
    """
    artwork = parent.artwork
    told = {
        "reference": parent.reference,
        "title": parent.title,
        "url": "",
        "thumbnail": "",
        "maker": "",
        "alt": parent.title,
    }
    if artwork is not None:
        told |= {
            "url": artwork.get_absolute_url(),
            "maker": artwork.author.name,
            "alt": artwork.alt,
        }
        if artwork.thumbnail:
            told["thumbnail"] = artwork.thumbnail_url
    return told


def tell_seedling() -> dict[str, str]:
    """A parent that was bred on this bench and stored nowhere."""
    return {
        "reference": "",
        "title": gettext("Seedling"),
        "url": "",
        "thumbnail": "",
        "maker": "",
        "alt": gettext("A seedling of this bench"),
    }
