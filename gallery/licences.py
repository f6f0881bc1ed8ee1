"""Licences: what each one says, and which ones a child may carry.

A Creative Commons licence binds whoever builds on a work (creativecommons.org, "Adapter's licence chart"): attribution stays,
share-alike and non-commercial are passed on. Works that somebody made alone bind nobody but others.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from gallery.lineage import ancestor_ids
from gallery.models import Artwork, Licence, Visibility
from gallery.parents import Parent
from generation.refusal import Refused


@dataclass(frozen=True)
class Rights:
    """A licence for pages and files. url is empty when all rights are reserved."""

    name: str
    sentence: str
    url: str


RIGHTS: dict[Licence, Rights] = {
    Licence.CC0: Rights(
        "CC0 1.0", "No rights reserved: use it for anything, without asking.",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ),
    Licence.CC_BY: Rights(
        "CC BY 4.0", "Use and change it for anything, and credit the maker.", "https://creativecommons.org/licenses/by/4.0/"
    ),
    Licence.CC_BY_SA: Rights(
        "CC BY-SA 4.0", "Use and change it, credit the maker, and share what you make of it under the same licence.",
        "https://creativecommons.org/licenses/by-sa/4.0/",
    ),
    Licence.CC_BY_NC: Rights(
        "CC BY-NC 4.0", "Use and change it, credit the maker, and earn no money with it.",
        "https://creativecommons.org/licenses/by-nc/4.0/",
    ),
    Licence.RESERVED: Rights("All rights reserved", "Look at it here; ask the maker for anything else.", ""),
}

# What a child of somebody else's work may carry, by the work's licence.
_PASSED_ON: dict[Licence, frozenset[Licence]] = {
    Licence.CC0: frozenset(Licence),
    Licence.CC_BY: frozenset(Licence) - {Licence.CC0},
    Licence.CC_BY_SA: frozenset({Licence.CC_BY_SA}),
    Licence.CC_BY_NC: frozenset({Licence.CC_BY_NC}),
    Licence.RESERVED: frozenset({Licence.RESERVED}),
}


def rights(licence: str) -> Rights:
    """The words of a licence."""
    return RIGHTS[Licence(licence)]


def allowed_licences(parents: Iterable[Parent | Artwork], *, author=None) -> tuple[Licence, ...]:
    """The licences that a child of these parents may carry, most open first.

    author: who publishes the child. Works of their own bind only by what other people's works stand behind them; without an
    author every parent binds. Raises Refused when the parents' licences contradict each other.
    """
    bound_by = _binding_works(parents, author)
    allowed = frozenset(Licence)
    for _, licence in bound_by:
        allowed &= _PASSED_ON[licence]
    if not allowed:
        demands = sorted({f"“{title}” ({RIGHTS[licence].name})" for title, licence in bound_by if licence in _DEMANDING})
        raise Refused("No licence satisfies all parents: {demands}. Breed without one of them.", demands=", ".join(demands[:4]))
    return tuple(licence for licence in Licence if licence in allowed)


_DEMANDING = frozenset({Licence.CC_BY_SA, Licence.CC_BY_NC, Licence.RESERVED})


def allowed_visibilities(parents: Iterable[Parent | Artwork], *, author=None) -> tuple[Visibility, ...]:
    """Who may see a child of these parents: the maker alone if somebody else reserves all rights in one of them."""
    if any(licence == Licence.RESERVED for _, licence in _binding_works(parents, author)):
        return (Visibility.PRIVATE,)
    return tuple(Visibility)


def check_terms(parents: Iterable[Parent | Artwork], *, author, licence: str, visibility: str) -> None:
    """Raises Refused, with the sentence for the form, unless a child of these parents may be published so."""
    parents = list(parents)
    if licence not in Licence.values:
        raise Refused("Choose one of the licences of the list.")
    if visibility not in Visibility.values:
        raise Refused("Choose who may see the work: public, unlisted or private.")
    allowed = allowed_licences(parents, author=author)
    if licence not in allowed:
        names = " or ".join(RIGHTS[choice].name for choice in allowed)
        raise Refused(
            "{name} is not allowed by the parents' licences. Choose {names}.",
            name=RIGHTS[Licence(licence)].name, names=names,
        )
    if visibility not in allowed_visibilities(parents, author=author):
        raise Refused("One of the parents is somebody else's with all rights reserved, so this child can only be private.")


def _binding_works(parents: Iterable[Parent | Artwork], author) -> list[tuple[str, Licence]]:
    """Title and licence of the other people's works that bind a child."""
    works = [parent.artwork if isinstance(parent, Parent) else parent for parent in parents]
    works = [work for work in works if work is not None]
    binding = [(work.title, Licence(work.licence)) for work in works if author is None or work.author_id != author.pk]
    own = [work.pk for work in works if author is not None and work.author_id == author.pk]
    if own:
        behind = Artwork.objects.filter(pk__in=ancestor_ids(own)).exclude(author=author).order_by("pk")
        binding += [(title, Licence(licence)) for title, licence in behind.values_list("title", "licence")]
    return binding
