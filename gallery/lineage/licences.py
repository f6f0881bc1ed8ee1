"""Licences: what each one says, and which ones a child may carry.

One table decides: `TABLE[parent]` holds the licences that somebody else's parent leaves open to a
child; a child of several parents may carry what all of them leave open. A Creative Commons licence
binds whoever builds on a work (creativecommons.org, "Adapter's licence chart"): attribution stays,
share-alike and non-commercial are passed on. Works that somebody made alone bind nobody but others.
A licence that was given cannot be taken back: a child rests on what its parent allowed when it was
bred (`LineageEdge.licence`), and on what the parent allows now where that is more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from gallery.lineage.graph import Ancestry, nameable, ties_above
from gallery.lineage.parents import Parent
from gallery.models import Artwork, Licence, Visibility
from generation.refusal import Refused


@dataclass(frozen=True)
class Rights:
    """A licence for pages and files. url is empty when all rights are reserved. because: why a
    child may not take just any.
    """

    name: str | Promise
    sentence: str | Promise
    url: str
    because: str | Promise = ""


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
# What a child of somebody else's work may carry, by the work's licence.
TABLE: dict[Licence, frozenset[Licence]] = {
    Licence.CC0: frozenset(Licence),
    Licence.CC_BY: frozenset(Licence) - {Licence.CC0},
    Licence.CC_BY_SA: frozenset({Licence.CC_BY_SA}),
    Licence.CC_BY_NC: frozenset({Licence.CC_BY_NC}),
    Licence.RESERVED: frozenset(),
}
# Licences that let anybody do anything with a work, given credit and the like (opendefinition.org,
# version 2.1).
OPEN = frozenset({Licence.CC0, Licence.CC_BY, Licence.CC_BY_SA})


def rights(licence: str) -> Rights:
    """The words of a licence."""
    return RIGHTS[Licence(licence)]


def may_train(artwork: Artwork) -> bool:
    """Whether nets may be trained on a work: its maker allows it, and its licence leaves everything
    open.
    """
    return artwork.may_train and artwork.licence in OPEN


@dataclass(frozen=True)
class Bond:
    """Somebody else's work that binds a child. title: empty where it may not be named; licences:
    then and now, or now alone.
    """

    title: str
    maker: str
    licences: frozenset[Licence]

    @property
    def leaves_open(self) -> frozenset[Licence]:
        return frozenset().union(*(TABLE[licence] for licence in self.licences))

    @property
    def licence(self) -> Licence:
        """The most open of its licences."""
        return next(licence for licence in Licence if licence in self.licences)

    @property
    def reason(self) -> str:
        """Why a child may not carry just any licence, as a sentence; empty when it may."""
        work = (
            gettext("“{title}” by {maker}").format(title=self.title, maker=self.maker)
            if self.title
            else ""
        )
        return str(RIGHTS[self.licence].because).format(
            work=work or gettext("a work that is not public")
        )


def bonds_of_parents(parents: Iterable[Parent | Artwork], *, author=None) -> list[Bond]:
    """What binds a new child of these parents. author: who publishes it; without one, every parent
    binds.

    An author's own works bind only by what other people's works stand behind them.
    """
    works = [parent.artwork if isinstance(parent, Parent) else parent for parent in parents]
    works = [work for work in works if work is not None]
    others = [work for work in works if author is None or work.author_id != author.pk]
    bonds = [
        Bond(
            work.title,
            work.author.name if work.author_id else "",
            frozenset({Licence(work.licence)}),
        )
        for work in others
    ]
    own = [work.pk for work in works if author is not None and work.author_id == author.pk]
    return bonds + _bonds_behind(own, author)


def bonds_of_child(artwork: Artwork) -> list[Bond]:
    """What binds a work that exists: its parents as they were when it was bred, and what stands
    behind its maker's own.
    """
    return _bonds_behind([artwork.pk], artwork.author)


def _bonds_behind(own: list[int], author) -> list[Bond]:
    """Other people's works that these works of the author descend from, through the author's own,
    each at its best terms.

    What stands behind another person's work is bound already in that work's licence.
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
    """The edges that are met on the way up from works; nothing above a work of `stop_at`."""
    above: dict[int, list[Ancestry]] = {}
    for edge in edges:
        above.setdefault(edge.child_id, []).append(edge)
    line = list(dict.fromkeys(start))
    known = stop_at | set(line)
    for child in line:  # Grows while it is walked.
        for edge in above.get(child, ()):
            yield edge
            if edge.parent_id not in known:
                known.add(edge.parent_id)
                line.append(edge.parent_id)


def allowed_by(bonds: Iterable[Bond]) -> tuple[Licence, ...]:
    """The licences that all bonds leave open, most open first. Raises Refused when they leave
    none.
    """
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
    """Why not every licence is offered, a sentence for each work that forbids one; nothing where
    all are open.
    """
    return list(dict.fromkeys(bond.reason for bond in bonds if bond.reason))


def _join(sentences: list[str]) -> str:
    return " ".join(list(dict.fromkeys(sentences))[:4])


def allowed_licences(parents: Iterable[Parent | Artwork], *, author=None) -> tuple[Licence, ...]:
    """The licences that a new child of these parents may carry, most open first. See
    `bonds_of_parents`, `allowed_by`.
    """
    return allowed_by(bonds_of_parents(parents, author=author))


def allowed_visibilities(bonds: Iterable[Bond]) -> tuple[Visibility, ...]:
    """Who may see a child: its maker alone, if it was bred of somebody else's reserved work when
    that was still possible.
    """
    if any(not bond.leaves_open for bond in bonds):
        return (Visibility.PRIVATE,)
    return tuple(Visibility)


def check_terms(bonds: Iterable[Bond], *, licence: str, visibility: str, keeps: str = "") -> None:
    """Raises Refused, with the sentence for the form, unless a child so bound may be published so.

    keeps: the licence that the child carries already, which nobody can take away.
    """
    bonds = list(bonds)
    if licence not in Licence.values:
        raise Refused("Choose a licence from the list.")
    if visibility not in Visibility.values:
        raise Refused("Choose who may see the work: public, unlisted or private.")
    allowed = (licence,) if licence == keeps else allowed_by(bonds)
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
    """Say to machines what may be done with a work: whether to list it, and whether to train nets
    on it.

    `noai` and `noimageai` are what crawlers look for; tdm-reservation is the TDM Reservation
    Protocol of the W3C community group of that name (2024), which article 4 of the EU's directive
    on copyright in the digital single market asks for.
    """
    words = ([] if artwork.is_listed else ["noindex"]) + (
        [] if may_train(artwork) else ["noai", "noimageai"]
    )
    if words:
        response["X-Robots-Tag"] = ", ".join(words)
    response["tdm-reservation"] = "0" if may_train(artwork) else "1"
