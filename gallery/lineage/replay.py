"""How a work came about, step by step: every brood of its pedigree with its parents, its recipe in
words, and a small picture.

The seedlings on the way were stored nowhere. Their pictures are bred again from the roots when
somebody looks at them, behind all live frames, a few at once, and are kept beside the work under
the identity of their genome.
"""

import json
import threading
from collections.abc import Mapping
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import gettext

from gallery import studio
from gallery.lineage.graph import nameable
from gallery.lineage.parents import founder_parent
from gallery.lineage.story import SEED, name_inputs, name_root, describe_finishing, describe_step
from gallery.models import Artwork
from gallery.models.artwork import master_path
from generation.breeding import breed
from generation.codecs.score_svg import card_svg
from generation.genome import Genome
from generation.pedigree import Pedigree
from generation.refusal import Refused

SIZE = 192
AT_ONCE = 3  # Pictures that visitors wait for at the same time; the next one is asked to come back.
PATIENCE_S = 20.0
RETRY_S = 5.0
OWNER = "replay"
MEDIA_TYPES = {"jpg": "image/jpeg", "svg": "image/svg+xml"}
_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Source:
    """A parent of a step: a work, a fresh seed, or the seedling of an earlier brood. url: of its
    page, "" where it has none.

    picture: address of a small picture, "" where none may be shown. share: its part of this step's
    parents, 0 to 1.
    """

    name: str
    url: str
    picture: str
    share: float


@dataclass(frozen=True)
class Stage:
    """One brood. number: from 1. picture: address of what came out of it, "" where it cannot be
    shown. is_last: the work.
    """

    number: int
    sources: list[Source]
    sentences: list[str]
    picture: str
    is_last: bool


def read_pedigree(artwork: Artwork) -> Pedigree | None:
    """The pedigree of a work that was bred; None for founders, tunes that were brought, and where
    it is not known.
    """
    try:
        pedigree = Pedigree.from_json(artwork.pedigree)
    except Refused:
        return None
    return pedigree if pedigree.steps else None


def stages(artwork: Artwork, user) -> list[Stage]:
    """The broods of a work, first to last, by one query; empty when there are none to tell."""
    pedigree = read_pedigree(artwork)
    if pedigree is None:
        return []
    works = {work.slug: work for work in nameable(user).for_cards().filter(slug__in=pedigree.roots)}
    names = [
        name_root(root, {slug: work.title for slug, work in works.items()})
        for root in pedigree.roots
    ]
    can_draw = _drawable(pedigree, works)
    roots = len(pedigree.roots)
    ending = "svg" if artwork.is_music else "jpg"

    def picture(position: int) -> str:
        work = works.get(pedigree.roots[position]) if position < roots else None
        if work is not None and work.thumbnail:
            return work.thumbnail_url
        last = roots + len(pedigree.steps) - 1
        if position == last:
            return artwork.thumbnail_url
        return (
            reverse("artwork_step", args=[artwork.slug, position, ending])
            if can_draw[position]
            else ""
        )

    found = []
    for number, step in enumerate(pedigree.steps):
        called = name_inputs(pedigree, names, step.parents)
        weights = step.recipe.weights or (1.0,) * len(step.parents)
        sources = [
            Source(
                name,
                (
                    works[pedigree.roots[position]].get_absolute_url()
                    if position < roots and pedigree.roots[position] in works
                    else ""
                ),
                picture(position),
                weight / sum(weights),
            )
            for name, position, weight in zip(called, step.parents, weights, strict=True)
        ]
        is_last = number == len(pedigree.steps) - 1
        told = describe_step(step.recipe, called, artwork.species_id) + (
            describe_finishing(artwork) if is_last else []
        )
        told = told or [gettext("Nothing was changed by hand, and nothing left to chance.")]
        found.append(Stage(number + 1, sources, told, picture(roots + number), is_last))
    return found


def _drawable(pedigree: Pedigree, open_works: Mapping[str, object]) -> list[bool]:
    """For every position, whether all that stands behind it may be seen: else its picture could
    tell of what is closed.
    """
    can = [root.startswith(SEED) or root in open_works for root in pedigree.roots]
    for step in pedigree.steps:
        can.append(all(can[position] for position in step.parents))
    return can


def draw_step(artwork: Artwork, user, position: int) -> tuple[bytes, str]:
    """The small picture of one position of the pedigree, and its media type; a tune's is its score.

    Raises LookupError when there is no such picture for this person, Refused (with retry_after)
    when the studio is busy.
    """
    pedigree = read_pedigree(artwork)
    if pedigree is None or not 0 <= position < len(pedigree.roots) + len(pedigree.steps):
        raise LookupError(position)
    works = {work.slug: work for work in nameable(user).filter(slug__in=pedigree.roots)}
    if not _drawable(pedigree, works)[position]:
        raise LookupError(position)
    genome = _grow_to(pedigree, position, works)
    ending = "svg" if artwork.is_music else "jpg"
    name = master_path(artwork, f"{COPY}step-{genome.identity[:24]}.{ending}")
    try:
        with default_storage.open(name) as file:
            return file.read(), MEDIA_TYPES[ending]
    except FileNotFoundError:
        data = _render(genome, is_music=artwork.is_music)
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(data))
    return data, MEDIA_TYPES[ending]


def _grow_to(pedigree: Pedigree, position: int, works: Mapping[str, Artwork]) -> Genome:
    """The genome at a position; only what stands behind it is bred, each once."""
    grown: dict[int, Genome] = {}
    wanted = {position}
    for place in range(position, len(pedigree.roots) - 1, -1):
        if place in wanted:
            wanted |= set(pedigree.steps[place - len(pedigree.roots)].parents)
    for place in sorted(wanted):
        if place < len(pedigree.roots):
            root = pedigree.roots[place]
            grown[place] = (
                founder_parent(root).genome if root.startswith(SEED) else works[root].read_genome()
            )
        else:
            step = pedigree.steps[place - len(pedigree.roots)]
            grown[place] = breed([grown[parent] for parent in step.parents], step.recipe)
    return grown[position]


def _render(genome: Genome, *, is_music: bool) -> bytes:
    if not _places.acquire(blocking=False):
        raise Refused(
            "Many people are viewing how works came about right now. Try again in a moment.",
            retry_after=RETRY_S,
        )
    try:
        future = studio.sketch(genome, size=SIZE, owner=OWNER)
        try:
            payload = future.result(timeout=PATIENCE_S).payload
        except TooSlow:
            future.cancel()
            raise Refused(
                "The studio is busy with other works. Try again in a moment.", retry_after=RETRY_S
            ) from None
    finally:
        _places.release()
    return card_svg(json.loads(payload)).encode() if is_music else payload


COPY = "copy-"
