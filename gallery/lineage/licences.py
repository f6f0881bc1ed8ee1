"""Licences: what each one says, and which ones a child may have.

One table decides: `TABLE[licence]` holds the licences that a parent by somebody else leaves open to
a child; a child of several parents may have those that all of them leave open. It follows the
"Adapter's licence chart" of creativecommons.org: attribution, share-alike and non-commercial are
passed on. One's own works bind only other people. A licence that was granted cannot be withdrawn: a
child may rely on what its parent allowed when it was bred (`LineageEdge.licence`), and on what the
parent allows now if that is more.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext, gettext_lazy

from gallery.lineage.graph import Ancestry, nameable, ties_above
from gallery.lineage.parents import Parent
from gallery.models import Artwork, Licence, User, Visibility
from gallery.models.texts import isolate
from gallery.types import Words
from generation.checkpoints import catalogue
from generation.refusal import Refused


@dataclass(frozen=True)
class Rights:
    """The texts of a licence.

    url: "" for all rights reserved. because: why a child may not have just any licence.
    """

    name: Words
    sentence: Words
    url: str
    because: Words = ""


RIGHTS: dict[Licence, Rights] = {
    Licence.CC0: Rights(
        "CC0 1.0",
        gettext_lazy("No rights reserved: use it for anything, without asking."),
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ),
    Licence.CC_BY: Rights(
        "CC BY 4.0",
        gettext_lazy("Use and change it for anything, and credit the maker."),
        "https://creativecommons.org/licenses/by/4.0/",
        gettext_lazy("Because {work} requires credit (CC BY), CC0 is not possible."),
    ),
    Licence.CC_BY_SA: Rights(
        "CC BY-SA 4.0",
        gettext_lazy(
            "Use and change it, credit the maker, and share what you make from it under the same"
            " licence."
        ),
        "https://creativecommons.org/licenses/by-sa/4.0/",
        gettext_lazy("Because {work} is ShareAlike, its children must be CC BY-SA too."),
    ),
    Licence.CC_BY_NC: Rights(
        "CC BY-NC 4.0",
        gettext_lazy("Use and change it for non-commercial purposes, and credit the maker."),
        "https://creativecommons.org/licenses/by-nc/4.0/",
        gettext_lazy("Because {work} is NonCommercial, its children must be CC BY-NC."),
    ),
    Licence.RESERVED: Rights(
        gettext_lazy("All rights reserved"),
        gettext_lazy("View it here; ask the maker about any other use."),
        "",
        gettext_lazy("Because all rights in {work} are reserved, only its maker can breed it."),
    ),
}
# The licences that a child of somebody else's work may have, by the licence of that work.
TABLE: dict[Licence, frozenset[Licence]] = {
    Licence.CC0: frozenset(Licence),
    Licence.CC_BY: frozenset(Licence) - {Licence.CC0},
    Licence.CC_BY_SA: frozenset({Licence.CC_BY_SA}),
    Licence.CC_BY_NC: frozenset({Licence.CC_BY_NC}),
    Licence.RESERVED: frozenset(),
}
# Open licences as opendefinition.org (version 2.1) defines them.
OPEN = frozenset({Licence.CC0, Licence.CC_BY, Licence.CC_BY_SA})


def rights(licence: str) -> Rights:
    """The texts of a licence."""
    return RIGHTS[Licence(licence)]


def may_train(artwork: Artwork) -> bool:
    """Whether nets may be trained on a work: its maker allows it, and its licence is open."""
    return artwork.may_train and artwork.licence in OPEN


@dataclass(frozen=True)
class Bond:
    """Somebody else's work whose licence binds a child.

    title: "" if it may not be named. licences: the present one, and for an existing child also the
    one when it was bred. species: the name of a species that binds its works, instead of a work.
    """

    title: str
    maker: str
    licences: frozenset[Licence]
    species: str = ""

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
        if self.species:
            work = gettext("the species “{name}”").format(name=gettext(self.species))
        return str(RIGHTS[self.licence].because).format(
            work=work or gettext("a work that is not public")
        )


def bonds_of_parents(
    parents: Iterable[Parent | Artwork], *, author: User | None = None
) -> list[Bond]:
    """What binds a new child of these parents.

    author: who publishes it; without one, every parent binds. The author's own works bind only by
    the other people's works among their ancestors.
    """
    parents = list(parents)
    roots = [parent.artwork if isinstance(parent, Parent) else parent for parent in parents]
    works = [work for work in roots if work is not None]
    by_species = bonds_of_species(
        parent.genome.generator if isinstance(parent, Parent) else parent.species_id
        for parent in parents
    )
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
        return by_species + bonds
    own = [work.pk for work in works if work.author_id == author.pk]
    return by_species + bonds + _bonds_behind(own, author)


def bonds_of_child(artwork: Artwork) -> list[Bond]:
    """What binds an existing work.

    That is its species, its parents by other people, and those of its maker's own.
    """
    return bonds_of_species([artwork.species_id]) + _bonds_behind([artwork.pk], artwork.author)


def bonds_of_species(keys: Iterable[str]) -> list[Bond]:
    """The bonds of species whose net is ShareAlike or NonCommercial; others bind nobody.

    Whether a net's licence reaches its works is disputed; the site keeps on the safe side.
    """
    cards = [card_of(key) for key in dict.fromkeys(keys)]
    named = [(card["name"], card["licence"].upper().replace(" ", "-")) for card in cards if card]
    return [
        Bond("", "", frozenset({Licence(licence)}), species=name)
        for name, licence in named
        if licence in (Licence.CC_BY_SA, Licence.CC_BY_NC)
    ]


def card_of(key: str) -> Mapping[str, Any] | None:
    """The card of a species; None where it is not installed."""
    checkpoint = catalogue().get(key)
    return checkpoint.card if checkpoint else None


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


def allowed_by(bonds: Iterable[Bond]) -> tuple[Licence, ...]:
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
    demands = [bond.reason for bond in bonds if len(bond.leaves_open) == 1]
    raise Refused(
        "The parents' licences are incompatible. {reasons} Breed without one of them.",
        reasons=_join(demands),
    )


def reasons(bonds: Iterable[Bond]) -> list[str]:
    """Why not every licence is offered: a sentence for each bond that rules one out."""
    return list(dict.fromkeys(bond.reason for bond in bonds if bond.reason))


def _join(sentences: list[str]) -> str:
    return " ".join(list(dict.fromkeys(sentences))[:4])


def allowed_licences(
    parents: Iterable[Parent | Artwork], *, author: User | None = None
) -> tuple[Licence, ...]:
    """The licences that a new child of these parents may have, most open first.

    See `bonds_of_parents` and `allowed_by`.
    """
    return allowed_by(bonds_of_parents(parents, author=author))


def allowed_visibilities(bonds: Iterable[Bond]) -> tuple[Visibility, ...]:
    """Who may see a child.

    Only its maker, if a parent by somebody else has all rights reserved, which was possible once.
    """
    if any(not bond.leaves_open for bond in bonds):
        return (Visibility.PRIVATE,)
    return tuple(Visibility)


def check_terms(bonds: Iterable[Bond], *, licence: str, visibility: str, keeps: str = "") -> None:
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
        names = gettext(" or ").join(str(RIGHTS[choice].name) for choice in allowed)
        raise Refused(
            "{name} is not possible here. {reasons} Choose {names}.",
            name=RIGHTS[Licence(licence)].name,
            names=names,
            reasons=_join([bond.reason for bond in bonds if licence not in bond.leaves_open]),
        )
    if visibility not in allowed_visibilities(bonds):
        raise Refused(
            "One of the parents is someone else's work with all rights reserved, so this child"
            " can only be private."
        )


def add_robots_headers(response: HttpResponseBase, artwork: Artwork) -> None:
    """Tell crawlers whether they may index a work and train nets on it.

    noai and noimageai are de facto standards. tdm-reservation is from the TDM Reservation Protocol
    of the W3C community group of that name (2024), a machine-readable reservation in the sense of
    article 4 of the EU's directive on copyright in the digital single market.
    """
    words = ([] if artwork.is_listed else ["noindex"]) + (
        [] if may_train(artwork) else ["noai", "noimageai"]
    )
    if words:
        response["X-Robots-Tag"] = ", ".join(words)
    response["tdm-reservation"] = "0" if may_train(artwork) else "1"
