"""Finding the parents of a bench: works that a person may breed, and founders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.core.validators import slug_re
from django.db.models import Exists, Max, Min, OuterRef
from django.utils.translation import gettext

from gallery.core.blocked_words import check_words
from gallery.core.permissions import check_of_age
from gallery.lineage.founders import grow_founder, sow
from gallery.lineage.references import Founder, is_founder, read_founder, works_in
from gallery.models import Artwork, Licence, Species
from gallery.models.artwork import sees_adult_works
from gallery.models.texts import isolate
from gallery.types import AnyUser
from generation.breeding import FIRST_FRESH
from generation.checkpoints import catalogue, find, versions
from generation.genespaces import species
from generation.genespaces.pictures import stored_species
from generation.genome import Genome
from generation.pedigree import MAX_ROOTS
from generation.refusal import Refused
from generation.words import word

NOT_FOUND = word(
    "One of the parents doesn't exist, or you don't have access to it. Choose another work."
)
TRIES_PER_WORK = 6  # Random ids that are tried for each work of a surprise.


@dataclass(frozen=True)
class Parent:
    """A root of a bench: a work, or a founder (artwork is None).

    reference: the slug of the work, or that of a founder. graft: the work that a founder is painted
    over.
    """

    reference: str
    genome: Genome
    artwork: Artwork | None
    title: str
    graft: Artwork | None = None

    @property
    def work(self) -> Artwork | None:
        """The work that a child has something of: itself, or the one it is painted over."""
        return self.artwork or self.graft


class MixedParents(Refused):
    """The parents are of several species, or of several versions of one. parents: all of them."""

    parents: list[Parent]


def find_parents(user: AnyUser, references: Sequence[str]) -> list[Parent]:
    """The parents with these references, in order, by one query.

    Raises Refused for more than MAX_ROOTS; for an unknown, private or removed work, in one sentence
    for all so that nobody learns what exists; for one that this person may not breed; for mixed
    species or versions (MixedParents); for an unavailable species; and for those of a species for
    adults, if the person has not asked for such works.
    """
    if len(references) > MAX_ROOTS:
        raise Refused(
            "That's {n_references} parents; a child can descend from at most {max_roots} works.",
            n_references=len(references),
            max_roots=MAX_ROOTS,
        )
    works = _find_works(user, works_in(references))
    if len(references) > 1:
        _check_none_is_brought(works.values())
    found = [
        founder_parent(name, works) if is_founder(name) else _work_parent(works[name])
        for name in references
    ]
    for parent in found:
        card = find(parent.genome.generator, digest=parent.genome.digest)
        if card.terms.has_age_gate:
            check_of_age(user, parent.title)
    _check_unmixed(found)
    return found


def _check_unmixed(parents: list[Parent]) -> None:
    """Raises MixedParents unless all are of one version of one species."""
    if len({parent.genome.digest for parent in parents}) < 2:
        return
    if len({parent.genome.generator for parent in parents}) > 1:
        mixed = MixedParents(
            word(
                "Only works of the same species can be bred together. Remove those of the other"
                " species."
            )
        )
    else:
        mixed = MixedParents(
            word(
                "These works were made by different versions of their species, whose genes don't"
                " fit together. Keep those of one version; new founders use the newest."
            )
        )
    mixed.parents = parents
    raise mixed


def _find_works(user: AnyUser, slugs: Sequence[str]) -> dict[str, Artwork]:
    """The works with these slugs, if the person may breed or graft all of them."""
    if not slugs:
        return {}
    # No work has another slug, and databases do not accept every character.
    if not all(slug_re.match(slug) for slug in slugs):
        raise Refused(NOT_FOUND)
    is_breedable = Exists(Artwork.objects.breedable_by(user).filter(pk=OuterRef("pk")))
    visible = (
        Artwork.objects.visible_to(user)
        .select_related("author", "species")
        # The plugin of the stubs does not expect an attribute that the model declares.
        .annotate(is_breedable=is_breedable)  # type: ignore[no-redef]
    )
    works = {work.slug: work for work in visible.filter(slug__in=slugs)}
    if set(slugs) - set(works):
        raise Refused(NOT_FOUND)
    for work in works.values():
        if not work.species.is_available:
            raise Refused(
                "“{work}” cannot be bred now: the species “{name}” is unavailable here.",
                work=work.title,
                name=word(work.species.name),
            )
        if work.licence == Licence.RESERVED and not work.is_breedable:
            raise Refused(
                "All rights in “{work}” are reserved, so only its maker can breed it. Choose"
                " another work.",
                work=work.title,
            )
        if work.is_for_adults:
            check_of_age(user, work.title)
        if not work.is_breedable:
            raise Refused(
                "“{work}” is not open for breeding. Choose another work.", work=work.title
            )
    return works


def _check_none_is_brought(works: Iterable[Artwork]) -> None:
    """Raises Refused for an uploaded picture, which stands on a bench alone."""
    for work in works:
        if work.is_brought:
            raise Refused(
                "“{work}” is an uploaded picture. It has no genes, so it can't be bred with"
                " others; finish it alone, or graft it onto a species that paints from words.",
                work=work.title,
            )


def _work_parent(artwork: Artwork) -> Parent:
    return Parent(artwork.slug, _installed_genome(artwork), artwork, artwork.title)


def find_source(user: AnyUser, slug: str) -> Artwork:
    """The picture with this slug, if this person may graft it; Refused as `find_parents` does."""
    work = _find_works(user, [slug])[slug]
    if work.is_music:
        raise Refused("Only a picture can be grafted, not a tune.")
    return work


def _installed_genome(artwork: Artwork) -> Genome:
    """The genome of a work whose version of its species is here. Raises Refused for others."""
    genome = artwork.read_genome()
    if all(one.digest != genome.digest for one in versions(genome.generator) if one.is_available):
        raise Refused(
            "“{artwork}” was made by a version of its species that is not installed here, so it"
            " cannot be bred.",
            artwork=artwork.title,
        )
    return genome


def founder_parent(reference: str, works: Mapping[str, Artwork]) -> Parent:
    """A founder by its reference.

    works: by their slugs, those that may be grafted. Raises Refused for an invalid reference, for
    blocked words, and for a graft of any other work.
    """
    founder = read_founder(reference)
    check_words(founder.words, founder.avoided, founder.source)
    label, graft = gettext("Founder {number}").format(number=founder.number), None
    if founder.graft:
        graft = works.get(founder.graft)
        if graft is None:
            raise Refused(NOT_FOUND)
        label = gettext("Graft of {title}").format(title=isolate(graft.title))
    source = _installed_genome(graft) if graft else None
    genome = grow_founder(founder, species(founder.key).digest, source)
    return Parent(reference, genome, None, founder.words or label, graft)


def surprise(
    user: AnyUser, *, generator: str = "", count: int = 2, seed: int | None = None
) -> list[str]:
    """References of `count` random works of one species that may be bred, or else of founders.

    It looks up random ids instead of sorting, so it is fast with any number of works. seed: always
    gives the same ones; without, founders differ from the last that were sown. Raises Refused if no
    species is available.
    """
    rng = np.random.default_rng(seed)
    works = Artwork.objects.listed().breedable_by(user).with_genes().filter(may_be_bred=True)
    if generator:
        works = works.filter(species_id=generator)
    ends = Artwork.objects.aggregate(low=Min("pk"), high=Max("pk"))
    chosen: dict[str, str] = {}  # Slug -> species.
    known = catalogue()
    for _ in range(TRIES_PER_WORK * count if ends["high"] else 0):
        if len(chosen) >= count:
            break
        start = int(rng.integers(ends["low"], ends["high"] + 1))
        found = works.filter(pk__gte=start).exclude(slug__in=chosen).order_by("pk")
        slug, key, digest = found.values_list("slug", "species_id", "genome__digest").first() or (
            "",
            "",
            "",
        )
        # Works of older versions can only be bred with each other, not with new founders.
        if slug and key in known and digest == known[key].digest:
            chosen[slug] = key
            works = works.filter(species_id=key)
    key = next(iter(chosen.values()), "") or generator or _any_species(user)
    missing = count - len(chosen)
    if seed is None:
        founders = [sow(key) for _ in range(missing)]
    else:
        numbers = rng.choice(10**6, missing, replace=False)
        founders = [Founder(key, FIRST_FRESH + int(number)) for number in numbers]
    return [*chosen, *map(str, founders)]


def _any_species(user: AnyUser) -> str:
    """The key of an available species that suits this person, of pictures if possible."""
    suitable = Species.objects.filter(is_available=True).exclude(key__in=stored_species())
    if not sees_adult_works(user):
        suitable = suitable.filter(has_age_gate=False)
    keys = suitable.values_list("key", flat=True)
    key = keys.filter(medium="picture").first() or keys.first()
    if not key:
        raise Refused(
            "No species is available on this site. The operator can run `manage.py sync_species`."
        )
    return key
