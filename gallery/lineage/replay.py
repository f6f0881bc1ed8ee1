"""How a work came about: every brood of its pedigree with parents, recipe and a small picture.

Intermediate seedlings are not stored. They are bred again from the roots when somebody looks at
them, a few at once and after all live frames, and their pictures are then stored beside the work
under the identity of their genome.
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
from gallery.lineage.references import is_founder, work_in, works_in
from gallery.lineage.story import (
    describe_finishing,
    describe_step,
    name_inputs,
    name_root,
    style_of,
)
from gallery.models import Artwork
from gallery.models.artwork import master_path, sees_adult_works
from gallery.types import AnyUser
from generation.breeding import breed
from generation.codecs.score_svg import card_svg
from generation.genome import Genome
from generation.pedigree import Pedigree
from generation.refusal import Refused

SIZE = 192  # Pixels.
AT_ONCE = 12  # Pictures that are waited for at the same time; a page asks for six or so at once.
COPY = "copy-"  # How the names of files beside a work start that can be made again.
PATIENCE_S = 20.0
RETRY_S = 5.0
OWNER = "replay"
MEDIA_TYPES = {"jpg": "image/jpeg", "svg": "image/svg+xml"}
_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Source:
    """A parent of a step: a work, a founder, or the seedling of an earlier brood.

    url: of its page, or "". picture: the address of a small picture, or "" if none may be shown.
    share: its part in the child, 0 to 1.
    """

    name: str
    url: str
    picture: str
    share: float


@dataclass(frozen=True)
class Stage:
    """One brood. number: from 1.

    picture: the address of a small picture of its seedling, or "" if it may not be shown. is_last:
    whether that seedling is the work itself.
    """

    number: int
    sources: list[Source]
    sentences: list[str]
    picture: str
    is_last: bool


def read_pedigree(artwork: Artwork) -> Pedigree | None:
    """The pedigree of a work; None for founders, uploaded tunes, and damaged pedigrees."""
    try:
        pedigree = Pedigree.from_json(artwork.pedigree)
    except Refused:
        return None
    return pedigree if pedigree.steps else None


def stages(artwork: Artwork, user: AnyUser) -> list[Stage]:
    """The broods of a work, first to last, by one query; empty for a work without a pedigree."""
    pedigree = read_pedigree(artwork)
    if pedigree is None:
        return []
    slugs = works_in(pedigree.roots)
    works = {work.slug: work for work in nameable(user).for_cards().filter(slug__in=slugs)}
    names = [
        name_root(root, {slug: work.title for slug, work in works.items()})
        for root in pedigree.roots
    ]
    can_draw = _drawable(pedigree, works, is_shown=_suits(artwork, user))
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
                    works[work_in(pedigree.roots[position])].get_absolute_url()
                    if position < roots and work_in(pedigree.roots[position]) in works
                    else ""
                ),
                picture(position),
                weight / sum(weights),
            )
            for name, position, weight in zip(called, step.parents, weights, strict=True)
        ]
        is_last = number == len(pedigree.steps) - 1
        style = style_of(artwork) if is_last else ""
        sentences = describe_step(step.recipe, called, artwork.species_id, style=style) + (
            describe_finishing(artwork) if is_last else []
        )
        sentences = sentences or [
            gettext("Nothing was changed by hand, and nothing left to chance.")
        ]
        found.append(Stage(number + 1, sources, sentences, picture(roots + number), is_last))
    return found


def _suits(artwork: Artwork, user: AnyUser) -> bool:
    """Whether this person sees pictures of the work's species."""
    return not artwork.is_for_adults or sees_adult_works(user)


def _drawable(
    pedigree: Pedigree, open_works: Mapping[str, object], *, is_shown: bool
) -> list[bool]:
    """For every position of the pedigree, whether its picture may be shown.

    All roots behind it must be open, because the picture could reveal what they look like.
    is_shown: False where the person sees no pictures of this species.
    """
    can = [
        is_shown and (not work_in(root) or work_in(root) in open_works) for root in pedigree.roots
    ]
    for step in pedigree.steps:
        can.append(all(can[position] for position in step.parents))
    return can


def draw_step(artwork: Artwork, user: AnyUser, position: int) -> tuple[bytes, str]:
    """The small picture of one position of the pedigree (of a tune, its score) and its media type.

    Raises LookupError if there is no such picture for this person, and Refused with retry_after if
    the studio is busy.
    """
    pedigree = read_pedigree(artwork)
    if pedigree is None or not 0 <= position < len(pedigree.roots) + len(pedigree.steps):
        raise LookupError(position)
    slugs = works_in(pedigree.roots)
    works = {work.slug: work for work in nameable(user).filter(slug__in=slugs)}
    if not _drawable(pedigree, works, is_shown=_suits(artwork, user))[position]:
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
    """The genome at a position; only its ancestors are bred, each once."""
    grown: dict[int, Genome] = {}
    wanted = {position}
    for place in range(position, len(pedigree.roots) - 1, -1):
        if place in wanted:
            wanted |= set(pedigree.steps[place - len(pedigree.roots)].parents)
    for place in sorted(wanted):
        if place < len(pedigree.roots):
            root = pedigree.roots[place]
            grown[place] = (
                founder_parent(root, works).genome
                if is_founder(root)
                else works[root].read_genome()
            )
        else:
            step = pedigree.steps[place - len(pedigree.roots)]
            grown[place] = breed([grown[parent] for parent in step.parents], step.recipe)
    return grown[position]


def _render(genome: Genome, *, is_music: bool) -> bytes:
    """The small picture. Raises Refused with retry_after if the studio is busy."""
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
