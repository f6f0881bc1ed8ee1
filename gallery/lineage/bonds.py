"""Bonds: what binds a work, and which licences it may therefore carry.

A child of several parents may have the licences that all of them leave open
(`gallery.lineage.licences`). One's own works bind only other people. A licence that was granted
cannot be withdrawn: a child may rely on what its parent allowed when it was bred
(`LineageEdge.licence`), and on what the parent allows now if that is more. The species binds every
work that it makes, its maker's own too: its card says which licences they may carry
(`generation.card`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from gallery.lineage.graph import Ancestry, nameable, ties_above
from gallery.lineage.licences import NARROWER, RIGHTS, TABLE
from gallery.lineage.parents import Parent
from gallery.models import Artwork, Licence, Species, User, Visibility
from gallery.models.texts import isolate
from gallery.types import Words
from generation.card import NON_COMMERCIAL, RESEARCH, SA, Terms, terms_of
from generation.checkpoints import versions
from generation.genome import Genome
from generation.refusal import Refused


@dataclass(frozen=True)
class Bond:
    """Somebody else's work whose licence binds a child.

    title: "" if it may not be named. licences: the present one, and for an existing child also the
    one when it was bred.
    """

    title: str
    maker: str
    licences: frozenset[Licence]

    @property
    def leaves_open(self) -> frozenset[Licence]:
        """The licences that it leaves open to the child."""
        return frozenset(allowed for licence in self.licences for allowed in TABLE[licence])

    @property
    def licence(self) -> Licence:
        """The most open of its licences."""
        return next(licence for licence in Licence if licence in self.licences)

    @property
    def reason(self) -> str:
        """Why a child may not have just any licence, as a sentence; "" if it may."""
        work = (
            gettext("“{title}” by {maker}").format(
                title=isolate(self.title), maker=isolate(self.maker)
            )
            if self.title
            else ""
        )
        return str(RIGHTS[self.licence].because).format(
            work=work or gettext("a work that is not public")
        )


@dataclass(frozen=True)
class SpeciesBond:
    """A species whose net is not free to use for everything, which binds all of its works."""

    name: str
    terms: Terms

    @property
    def leaves_open(self) -> frozenset[Licence]:
        """The licences that its works may carry."""
        return frozenset(Licence(key) for key in self.terms.works)

    @property
    def reason(self) -> str:
        """Why a work of it may not have just any licence, as a sentence; "" if it may."""
        return str(_because_of(self.terms)).format(
            species=isolate(gettext(self.name)),
            licence=isolate(self.terms.licence),
            names=_or_list(self.leaves_open),
        )


Binding = Bond | SpeciesBond


def _because_of(terms: Terms) -> Words:
    """Why works of a species with these terms may not carry just any licence."""
    if terms.leave_all_open:
        return ""
    if not terms.is_known:
        return gettext_lazy(
            "What the licence of {species} ({licence}) allows is not known here, so all rights in"
            " its works are reserved."
        )
    if terms.use == NON_COMMERCIAL:
        return gettext_lazy("{species} may be used non-commercially only, so its works are too.")
    if terms.use == RESEARCH:
        return gettext_lazy(
            "{species} may be used for research only, so its works may not be used commercially."
        )
    if terms.works == (SA,):
        return gettext_lazy("The licence of {species} is ShareAlike, so its works are CC BY-SA.")
    return gettext_lazy("Works of {species} may only carry {names}.")


def _or_list(licences: Iterable[Licence]) -> str:
    """The names of these licences, from the most open on: "CC0 1.0 or CC BY 4.0"."""
    chosen = set(licences)
    return gettext(" or ").join(str(RIGHTS[one].name) for one in Licence if one in chosen)


def bonds_of_parents(
    parents: Iterable[Parent | Artwork],
    *,
    author: User | None = None,
    child: Genome | None = None,
) -> list[Binding]:
    """What binds a new work: its species, and the works that it is bred from.

    author: who publishes it; without one, every parent binds. child: its genome, which names the
    version of its species; without one it is that of the parents. See `bonds_of_works`.
    """
    parents = list(parents)
    works = [parent.work if isinstance(parent, Parent) else parent for parent in parents]
    genomes = [child] if child else parents
    return [
        *bonds_of_species(pair for one in genomes for pair in _species_of(one)),
        *bonds_of_works((work for work in works if work is not None), author=author),
    ]


def bonds_of_works(works: Iterable[Artwork], *, author: User | None = None) -> list[Bond]:
    """How parents bind a child of this author, beside their species.

    The author's own works bind only by the other people's works among their ancestors.
    """
    works = list(works)
    others = [work for work in works if author is None or work.author_id != author.pk]
    bonds = [
        Bond(
            work.title,
            work.author.name if work.author_id else "",
            frozenset({Licence(work.licence)}),
        )
        for work in others
    ]
    if author is None:
        return bonds
    own = [work.pk for work in works if work.author_id == author.pk]
    return bonds + _bonds_behind(own, author)


def bonds_of_child(artwork: Artwork) -> list[Binding]:
    """What binds an existing work.

    That is its species, its parents by other people, and those of its maker's own.
    """
    return [
        *bonds_of_species(_species_of(artwork)),
        *_bonds_behind([artwork.pk], artwork.author),
    ]


def bonds_of_species(made_by: Iterable[tuple[str, str]]) -> list[SpeciesBond]:
    """The bonds of species whose works may not carry every licence; others bind nobody.

    made_by: key and digest of each, the digest empty where its version is not known.
    """
    cards = [_card_of(key, digest) for key, digest in dict.fromkeys(made_by) if key]
    bonds = [SpeciesBond(str(card.get("name", "")), terms_of(card)) for card in cards if card]
    return [bond for bond in bonds if bond.reason]


def _species_of(made: Parent | Artwork | Genome) -> list[tuple[str, str]]:
    """Key and digest of the species that made something, and what it is grafted onto.

    The digest is empty where nobody knows it: rows are often read without their genome, and a
    planned work has none yet.
    """
    if isinstance(made, Artwork):
        if "genome" in made.get_deferred_fields() or not made.genome:
            return [(made.species_id or "", "")]
        return list(_species_in(made.genome))
    genome = made.genome if isinstance(made, Parent) else made
    return [(one.generator, one.digest) for one in (genome, *genome.grafted)]


def _species_in(stored: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The same of a genome as it is stored, without reading its genes."""
    yield str(stored.get("generator", "")), str(stored.get("digest", ""))
    for source, _weight in stored.get("grafts", []):
        yield from _species_in(source)


def _card_of(key: str, digest: str) -> Mapping[str, Any] | None:
    """The card of this version of a species, or else of the one that is used.

    A species that is not installed any more still binds its works by the card in its row.
    """
    installed = [one for one in versions(key) if one.card]
    same = [one for one in installed if digest and one.digest == digest]
    if found := same or installed:
        return found[0].card
    return Species.objects.filter(key=key).values_list("card", flat=True).first()


def _bonds_behind(own: list[int], author: User) -> list[Bond]:
    """Other people's works that these works (ids) of the author descend from through own works.

    The ancestors of another person's work need no bonds: its licence already accounts for them.
    """
    if not own:
        return []
    edges = ties_above(own)
    works = (
        Artwork.objects.exclude(author=author)
        .select_related("author")
        .only("title", "licence", "author", "state")
    )
    behind = works.in_bulk({edge.parent_id for edge in edges})
    named = set(nameable(author).filter(pk__in=behind).values_list("pk", flat=True))
    terms: dict[int, set[Licence]] = {}
    for edge in _edges_through(own, edges, stop_at=set(behind)):
        if edge.parent_id in behind:
            then = {Licence(edge.licence)} if edge.licence else set()
            terms.setdefault(edge.parent_id, {Licence(behind[edge.parent_id].licence)}).update(then)
    return [
        Bond(behind[pk].title if pk in named else "", behind[pk].author.name, frozenset(licences))
        for pk, licences in sorted(terms.items())
    ]


def _edges_through(
    start: Iterable[int], edges: Iterable[Ancestry], *, stop_at: set[int]
) -> Iterator[Ancestry]:
    """The edges on the way up from these works, but not above a work in `stop_at`."""
    above: dict[int, list[Ancestry]] = {}
    for edge in edges:
        above.setdefault(edge.child_id, []).append(edge)
    line = list(dict.fromkeys(start))
    known = stop_at | set(line)
    for child in line:  # It grows during the loop.
        for edge in above.get(child, ()):
            yield edge
            if edge.parent_id not in known:
                known.add(edge.parent_id)
                line.append(edge.parent_id)


def allowed_by(bonds: Iterable[Binding]) -> tuple[Licence, ...]:
    """The licences that all bonds leave open, most open first. Raises Refused for none."""
    bonds = list(bonds)
    allowed = frozenset(Licence).intersection(*(bond.leaves_open for bond in bonds))
    if allowed:
        return tuple(licence for licence in Licence if licence in allowed)
    for bond in bonds:
        if not bond.leaves_open:
            raise Refused(
                "{reason} Breed without it, or ask its maker for another licence.",
                reason=bond.reason,
            )
    demands = [
        bond.reason for bond in bonds if isinstance(bond, SpeciesBond) or len(bond.leaves_open) == 1
    ]
    if any(isinstance(bond, SpeciesBond) for bond in bonds):
        raise Refused(
            "The licences of the species and of the parents are incompatible. {reasons} Breed"
            " without those works.",
            reasons=_join(demands),
        )
    raise Refused(
        "The parents' licences are incompatible. {reasons} Breed without one of them.",
        reasons=_join(demands),
    )


def reasons(bonds: Iterable[Binding]) -> list[str]:
    """Why not every licence is offered: a sentence for each bond that rules one out."""
    return list(dict.fromkeys(bond.reason for bond in bonds if bond.reason))


def _join(sentences: list[str]) -> str:
    return " ".join(list(dict.fromkeys(sentences))[:4])


def allowed_licences(
    parents: Iterable[Parent | Artwork], *, author: User | None = None, child: Genome | None = None
) -> tuple[Licence, ...]:
    """The licences that a new child of these parents may have, most open first.

    See `bonds_of_parents` and `allowed_by`.
    """
    return allowed_by(bonds_of_parents(parents, author=author, child=child))


def allowed_visibilities(bonds: Iterable[Binding]) -> tuple[Visibility, ...]:
    """Who may see a child.

    Only its maker, if a parent by somebody else has all rights reserved, which was possible once.
    """
    if any(not bond.leaves_open for bond in bonds):
        return (Visibility.PRIVATE,)
    return tuple(Visibility)


def _not_possible(
    licence: Licence, bonds: Iterable[Binding], allowed: Iterable[Licence]
) -> Refused:
    return Refused(
        "{name} is not possible here. {reasons} Choose {names}.",
        name=RIGHTS[licence].name,
        names=_or_list(allowed),
        reasons=_join([bond.reason for bond in bonds if licence not in bond.leaves_open]),
    )


def check_terms(
    bonds: Iterable[Binding], *, licence: str, visibility: str, keeps: str = ""
) -> None:
    """Raises Refused unless a child with these bonds may have this licence and visibility.

    keeps: the licence that the child already has, which it may always keep.
    """
    bonds = list(bonds)
    if licence not in Licence.values:
        raise Refused("Choose a licence from the list.")
    if visibility not in Visibility.values:
        raise Refused("Choose who may see the work: public, unlisted or private.")
    allowed = (Licence(licence),) if licence == keeps else allowed_by(bonds)
    if licence not in allowed:
        raise _not_possible(Licence(licence), bonds, allowed)
    if visibility not in allowed_visibilities(bonds):
        raise Refused(
            "One of the parents is someone else's work with all rights reserved, so this child"
            " can only be private."
        )


def nearest_licence(bonds: Iterable[Binding], licence: Licence) -> Licence:
    """This licence, or the most open one that the bonds allow and that gives no more than it.

    Raises Refused where there is none.
    """
    bonds = list(bonds)
    allowed = allowed_by(bonds)
    for one in (licence, *NARROWER[licence]):
        if one in allowed:
            return one
    raise _not_possible(licence, bonds, allowed)
