"""Finding the parents of a bench: works that a person may breed, and founders."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

import numpy as np
from django.core.validators import slug_re
from django.db.models import Exists, Max, Min, OuterRef
from django.utils.translation import gettext

from gallery.core.blocked_words import check_words
from gallery.core.permissions import check_of_age
from gallery.models import Artwork, Licence, Species
from gallery.models.artwork import sees_adult_works
from gallery.types import AnyUser
from generation.breeding import sample
from generation.checkpoints import catalogue, find, versions
from generation.genespaces import species
from generation.genome import MAX_SEED, Genome
from generation.pedigree import MAX_ROOTS
from generation.prompts import clean_words
from generation.refusal import Refused
from generation.words import word

# How the reference of a founder starts: seed:<species>:<number>, or with words to paint from
# seed:<species>:<number>:<words>, in which commas are written %2C and per cents %25, because commas
# part the parents in addresses.
FOUNDER = "seed:"
NOT_FOUND = word(
    "One of the parents doesn't exist, or you don't have access to it. Choose another work."
)
TRIES_PER_WORK = 6  # Random ids that are tried for each work of a surprise.


@dataclass(frozen=True)
class Parent:
    """A root of a bench: a work, or a founder (artwork is None).

    reference: the slug of the work, or that of a founder.
    """

    reference: str
    genome: Genome
    artwork: Artwork | None
    title: str


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
    works = _find_works(user, [name for name in references if not name.startswith(FOUNDER)])
    found = [
        founder_parent(name) if name.startswith(FOUNDER) else _work_parent(works[name])
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
    """The works with these slugs, if the person may breed all of them."""
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


def _work_parent(artwork: Artwork) -> Parent:
    genome = artwork.read_genome()
    if all(one.digest != genome.digest for one in versions(genome.generator) if one.is_available):
        raise Refused(
            "“{artwork}” was made by a version of its species that is not installed here, so it"
            " cannot be bred.",
            artwork=artwork.title,
        )
    return Parent(artwork.slug, genome, artwork, artwork.title)


def founder_reference(key: str, number: int, words: str = "") -> str:
    """The reference of a founder, with the words that it is to be painted from."""
    plain = f"{FOUNDER}{key}:{number}"
    return f"{plain}:{words.replace('%', '%25').replace(',', '%2C')}" if words else plain


def founder_parent(reference: str) -> Parent:
    """A founder by its reference. Raises Refused for an invalid one, and for blocked words."""
    key, _, rest = reference.removeprefix(FOUNDER).partition(":")
    number, _, quoted = rest.partition(":")
    if (
        not key
        or not (number.isascii() and number.isdigit() and len(number) <= 16)
        or int(number) > MAX_SEED
    ):
        raise Refused(
            "A founder is written seed:species:number, with a whole number up to {max_seed}.",
            max_seed=MAX_SEED,
        )
    label = gettext("Founder {number}").format(number=int(number))
    words = clean_words(unquote(quoted)) if quoted else ""
    if words:
        check_words(words)
        label = words
    genome = _sample(key, species(key).digest, int(number), words)
    return Parent(reference, genome, None, label)


@lru_cache(maxsize=256)
def _sample(key: str, digest: str, number: int, words: str) -> Genome:
    """The genome of a founder.

    Cached, because sampling one takes tens of milliseconds; `digest` makes a new version of the
    species miss the cache.
    """
    return sample(key, seed=number, words=words)


def surprise(
    user: AnyUser, *, generator: str = "", count: int = 2, seed: int | None = None
) -> list[str]:
    """References of `count` random works of one species that may be bred, or else of founders.

    It looks up random ids instead of sorting, so it is fast with any number of works. Raises
    Refused if no species is available.
    """
    rng = np.random.default_rng(seed)
    works = Artwork.objects.listed().breedable_by(user).filter(may_be_bred=True)
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
    founders = [f"{FOUNDER}{key}:{int(number)}" for number in rng.integers(0, 10**6, count)]
    return [*chosen, *dict.fromkeys(founders)][:count]


def _any_species(user: AnyUser) -> str:
    """The key of an available species that suits this person, of pictures if possible."""
    suitable = Species.objects.filter(is_available=True)
    if not sees_adult_works(user):
        suitable = suitable.filter(has_age_gate=False)
    keys = suitable.values_list("key", flat=True)
    key = keys.filter(medium="picture").first() or keys.first()
    if not key:
        raise Refused(
            "No species is available on this site. The operator can run `manage.py sync_species`."
        )
    return key
