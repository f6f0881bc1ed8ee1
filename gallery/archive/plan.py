"""Planning the import of an account before anything is written: parents, licences, problems.

A parent that is not in the archive is looked up on this site by its genome. If it is not here,
a placeholder stands for it: the row of a removed work, which records its title, maker and address.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gallery.archive.format import ArchivedParent, ArchivedWork
from gallery.artworks.publishing import words_of
from gallery.core.blocked_words import blocked_words, check_words
from gallery.discovery.tags import read_tags
from gallery.lineage.bonds import (
    Bond,
    bonds_of_parents,
    bonds_of_works,
    check_terms,
    nearest_licence,
    reasons,
)
from gallery.lineage.licences import rights
from gallery.lineage.originality import check_grafts, genomes_of_others, refuse_import
from gallery.models import Artwork, Licence, Species, State, User, Visibility
from gallery.models.terms import GONE
from generation.checkpoints import find
from generation.refusal import Refused
from generation.words import word

Told = tuple[str, str, dict[str, Any]]  # A title, and the template and values of a sentence.

# Stored values, by which the account and the placeholders are found again.
EXTERNAL_AUTHOR = "A gardener of another garden"
EXTERNAL_TITLE = "A work of another garden"
CHANGED = word("It was {old}; here it is {new}. {reasons}")
CHUNK = 500  # Values bound to one SQL statement.
Parents = list[tuple[Artwork, ArchivedParent]]  # The row on this site, and the archive's entry.


@dataclass(frozen=True)
class PlannedWork:
    """A work that can be imported.

    row: not saved yet, and without its genome; tags: slug -> spelling. The rows of parents may be
    unsaved as well: of works planned before it, or placeholders.
    """

    work: ArchivedWork
    row: Artwork
    parents: Parents
    tags: dict[str, str]


@dataclass
class Plan:
    """What an import will write.

    known: how many works the person has already; rows: slug on the other site -> the work here,
    existing or planned; problems: why a work cannot be imported; changed: works that get another
    licence here, and why.
    """

    planned: list[PlannedWork] = field(default_factory=list)
    known: int = 0
    rows: dict[str, Artwork] = field(default_factory=dict)
    problems: list[Told] = field(default_factory=list)
    changed: list[Told] = field(default_factory=list)


def plan_import(owner: User, works: Sequence[ArchivedWork]) -> Plan:
    """Plan the import of an archive's works, parents before children.

    Nothing is written; the number of queries does not depend on the number of works.
    """
    planner = _Planner(owner, works)
    for work in works:
        planner.add(work)
    return planner.plan


class _Planner:
    """The plan as it grows, and the existing works that it builds upon."""

    def __init__(self, owner: User, works: Sequence[ArchivedWork]) -> None:
        self.plan = Plan()
        self._owner = owner
        wanted = {work.genome.identity for work in works}
        wanted |= {parent.identity for work in works for parent in work.parents if parent.identity}
        self._mine, self._others, self._placeholders = _find_works(owner, sorted(wanted))
        self._taken = genomes_of_others(owner, [work.genome.identity for work in works])
        species = (
            Species.objects.filter(is_available=True).defer("card", "description").order_by("key")
        )
        self._available = {each.key: each for each in species}
        self._blocked = blocked_words()
        # Slug of one of the owner's works -> the licences that bind its children.
        self._behind: dict[str, frozenset[Bond]] = {}

    def add(self, work: ArchivedWork) -> None:
        """Plan one work, count it as known, or add it to the problems."""
        if known := self._mine.get(work.genome.identity):
            self.plan.rows[work.slug] = known
            self.plan.known += 1
            return
        try:
            self._check(work)
            tags = read_tags(work.tags)
            parents = [(self._parent(parent), parent) for parent in work.parents]
            licence = self._licence_of(work, parents)
        except Refused as refused:
            self.plan.problems.append((work.title, refused.template, refused.values))
            return
        row = self._row_of(work, parents, licence)
        self._behind[row.slug] = frozenset().union(*(self._bonds(*parent) for parent in parents))
        self.plan.rows[work.slug] = self._mine[work.genome.identity] = row
        self.plan.planned.append(PlannedWork(work, row, parents, tags))

    def _check(self, work: ArchivedWork) -> None:
        """Raises Refused for somebody else's work, a species that is not here, blocked words."""
        if work.genome.identity in self._taken:
            raise refuse_import(self._taken[work.genome.identity])
        if work.genome.generator not in self._available:
            raise Refused(
                "The species “{key}” is not available on this site.",
                key=work.genome.generator[:60],
            )
        find(work.genome.generator, digest=work.genome.digest)
        for source in work.genome.grafted:
            find(source.generator, digest=source.digest)
        check_grafts(self._owner, work.genome)
        check_words(
            work.title,
            work.description,
            work.alt_text,
            *work.tags,
            *words_of(work.genome),
            among=self._blocked,
        )

    def _licence_of(self, work: ArchivedWork, parents: Parents) -> Licence:
        """The licence that the work gets here, which the report tells where it is another one.

        For a parent on this site its own licence counts, whatever the archive says. Where the
        species does not allow the work's own licence, it gets the nearest that gives no more.
        Raises Refused when the parents do not allow its own, and when there is no nearest.
        """
        bonds: frozenset[Bond] = frozenset().union(*(self._bonds(*parent) for parent in parents))
        check_terms(bonds, licence=work.licence, visibility=work.visibility)
        by_species = bonds_of_parents([], child=work.genome)
        licence = nearest_licence([*by_species, *bonds], Licence(work.licence))
        if licence != work.licence:
            values = {
                "old": str(rights(work.licence).name),
                "new": str(rights(licence).name),
                "reasons": " ".join(reasons(by_species)),
            }
            self.plan.changed.append((work.title, CHANGED, values))
        return licence

    def _bonds(self, row: Artwork, archived: ArchivedParent) -> frozenset[Bond]:
        """How a parent binds its children (`gallery.lineage.bonds`).

        Somebody else's work binds by its own licence, one's own by those of its ancestors.
        """
        if row.state == State.REMOVED:
            licence = Licence(archived.licence or row.licence)
            return frozenset({Bond(archived.title, archived.maker, frozenset({licence}))})
        if row.author_id != self._owner.pk:
            return frozenset(bonds_of_works([row], author=self._owner))
        if row.slug not in self._behind:
            self._behind[row.slug] = frozenset(bonds_of_works([row], author=self._owner))
        return self._behind[row.slug]

    def _parent(self, archived: ArchivedParent) -> Artwork:
        """The row of a parent: planned, existing, or a placeholder."""
        row = (
            self.plan.rows.get(archived.ref)
            or self._mine.get(archived.identity)
            or self._others.get(archived.identity)
        )
        if row:
            return row
        if not archived.identity:
            return self._make_placeholder(archived)
        if archived.identity not in self._placeholders:
            self._placeholders[archived.identity] = self._make_placeholder(archived)
        return self._placeholders[archived.identity]

    def _make_placeholder(self, archived: ArchivedParent) -> Artwork:
        """An unsaved row for a parent on another site; it records the maker for attribution."""
        return Artwork(
            species=next(iter(self._available.values())),
            title=EXTERNAL_TITLE,
            state=State.REMOVED,
            licence=archived.licence or Licence.RESERVED,
            may_be_bred=False,
            may_train=False,
            genome={},
            genome_identity=archived.identity[:64],
            # A parent that was public there earns its maker, unknown here, a part of the credit.
            visibility=Visibility.PUBLIC if archived.title else Visibility.PRIVATE,
            pedigree={
                "elsewhere": {
                    "title": archived.title,
                    "maker": archived.maker,
                    "address": archived.address,
                }
            },
        )

    def _row_of(self, work: ArchivedWork, parents: Parents, licence: Licence) -> Artwork:
        """The unsaved row of a work, without its genome and pedigree."""
        deepest = max((row.depth + 1 for row, _ in parents), default=0)
        return Artwork(
            author=self._owner,
            species=self._available[work.genome.generator],
            title=work.title,
            description=work.description,
            alt_text=work.alt_text,
            licence=licence,
            visibility=work.visibility,
            may_be_bred=work.may_be_bred,
            may_train=work.may_train,
            genome_identity=work.genome.identity,
            novelty=work.novelty,
            depth=max(work.depth, deepest),
            made_elsewhere_at=work.made_at,
        )


def _find_works(
    owner: User, identities: list[str]
) -> tuple[dict[str, Artwork], dict[str, Artwork], dict[str, Artwork]]:
    """The works with these genomes on this site, by identity; of several the oldest.

    Three maps: the person's own works, other people's listed works, and placeholders.
    """
    mine: dict[str, Artwork] = {}
    others: dict[str, Artwork] = {}
    placeholders: dict[str, Artwork] = {}
    for start in range(0, len(identities), CHUNK):
        chunk = Artwork.objects.filter(
            genome_identity__in=identities[start : start + CHUNK]
        ).order_by("-pk")
        chunk = chunk.select_related("author", "species").defer("genome", "pedigree", "description")
        for work in chunk.filter(author=owner).exclude(state__in=GONE):
            mine[work.genome_identity] = work
        for work in chunk.filter(pk__in=Artwork.objects.listed().values("pk")).exclude(
            author=owner
        ):
            others[work.genome_identity] = work
        for work in chunk.filter(
            state=State.REMOVED, title=EXTERNAL_TITLE, author__display_name=EXTERNAL_AUTHOR
        ):
            placeholders[work.genome_identity] = work
    return mine, others, placeholders
