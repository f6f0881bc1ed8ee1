"""The state of one person's bench: the parents, fetched once, and their payload for the page."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from gallery.bench.controls import genes_payload, species_payload
from gallery.bench.protocol import MAX_ID, FrameRequest, ParentsRequest
from gallery.lineage.parents import Parent, find_parents
from gallery.types import AnyUser
from generation.genome import Genome, Recipe
from generation.pedigree import grow

PORTRAIT_SIZE = 128


@dataclass(frozen=True)
class Bench:
    """roots: the works (or new founders) that all descends from. genomes: the 1 to 4 parents."""

    roots: tuple[Parent, ...] = ()
    genomes: tuple[Genome, ...] = ()


def build_bench(
    user: AnyUser, request: ParentsRequest, *, before: Bench
) -> tuple[Bench, dict[str, Any], list[FrameRequest]]:
    """The bench with the requested parents, its payload, and the portraits to render.

    Portraits are frames of the parents that have no picture yet. Roots of the bench `before` are
    not fetched again: stepping on and back costs no query. Raises Refused as `find_parents` and
    `breed` do. Slow (database, new founders, up to 64 steps): call it in a thread.
    """
    known = {parent.reference: parent for parent in before.roots}
    references = request.pedigree.roots
    roots = (
        [known[name] for name in references]
        if set(references) <= set(known)
        else find_parents(user, references)
    )
    grown = grow(request.pedigree, [parent.genome for parent in roots])
    genomes = tuple(grown[position] for position in request.chosen)
    parents: list[dict[str, Any]] = []
    portraits = []
    for place, position in enumerate(request.chosen):
        payload: dict[str, Any] = {"position": position}
        payload |= parent_payload(roots[position]) if position < len(roots) else seedling_payload()
        number = request.id + 1 + place
        if not payload["thumbnail"] and number <= MAX_ID:
            payload["frame"] = number
            only_this = tuple(float(index == place) for index in range(len(request.chosen)))
            recipe = Recipe(weights=only_this)
            portraits.append(FrameRequest(number, recipe, PORTRAIT_SIZE, is_seedling=True))
        parents.append(payload | genes_payload(genomes[place]))
    kind = species_payload(
        genomes[0].generator,
        digest=genomes[0].digest,
        has_grafts=any(genome.grafts for genome in genomes),
    )
    return Bench(tuple(roots), genomes), {"parents": parents, "species": kind}, portraits


def parent_payload(parent: Parent) -> dict[str, str]:
    """A work or a new founder for the page. One without a thumbnail gets a portrait."""
    artwork = parent.artwork
    payload = {
        "reference": parent.reference,
        "title": parent.title,
        "url": "",
        "thumbnail": "",
        "maker": "",
        "alt": parent.title,
    }
    if artwork is not None:
        payload |= {
            "url": artwork.get_absolute_url(),
            "maker": artwork.author.name,
            "alt": artwork.alt,
        }
        if artwork.thumbnail:
            payload["thumbnail"] = artwork.thumbnail_url
    return payload


def seedling_payload() -> dict[str, str]:
    """A parent that was bred on this bench and is stored nowhere."""
    return {
        "reference": "",
        "title": gettext("Seedling"),
        "url": "",
        "thumbnail": "",
        "maker": "",
        "alt": gettext("A seedling of this bench"),
    }
