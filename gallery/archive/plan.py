"""What the import of an account would plant, worked out whole before anything is written: parents,
licences, problems.

A parent that is not in the archive is looked for here by its genome; else an empty place stands for
it, as for a work that was removed, which is marked with who made it and where.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gallery.archive.format import ArchivedParent, ArchivedWork
from gallery.core.blocked_words import blocked_words, check_words
from gallery.discovery.tags import read_tags
from gallery.lineage.licences import Bond, bonds_of_parents, check_terms
from gallery.models import Artwork, Licence, Species, State, User, Visibility
from generation.checkpoints import find
from generation.refusal import Refused

ELSEWHERE = "A gardener of another garden"
FOREIGN = "A work of another garden"
CHUNK = 500  # Values bound to one statement.
Parents = list[tuple[Artwork, ArchivedParent]]


@dataclass(frozen=True)
class Planned:
    """A work that may be planted. row: not saved yet, without its genome; tags: slug -> spelling;
    the rows of parents may be unsaved ones: of works planned before it, or empty places.
    """

    work: ArchivedWork
    row: Artwork
    parents: Parents
    tags: dict[str, str]


@dataclass
class Plan:
    """rows: address in the other garden -> what stands or will stand here; problems: title, a
    refusal's template and values.
    """

    planned: list[Planned] = field(default_factory=list)
    known: int = 0
    rows: dict[str, Artwork] = field(default_factory=dict)
    problems: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)


def plan_import(owner: User, works: Sequence[ArchivedWork]) -> Plan:
    """Go through an archive, parents before children. A few queries, however many works there are;
    nothing is written.
    """
    planner = _Planner(owner, works)
    for work in works:
        planner.add(work)
    return planner.plan


class _Planner:
    """The plan as it grows, and what is known of the works that it builds upon."""

    def __init__(self, owner: User, works: Sequence[ArchivedWork]) -> None:
        self.plan = Plan()
        self._owner = owner
        wanted = {work.genome.identity for work in works}
        wanted |= {parent.identity for work in works for parent in work.parents if parent.identity}
        self._mine, self._others, self._stubs = _known(owner, sorted(wanted))
        species = (
            Species.objects.filter(is_available=True).defer("card", "description").order_by("key")
        )
        self._available = {each.key: each for each in species}
        self._blocked = blocked_words()
        self._behind: dict[
            str, frozenset[Bond]
        ] = {}  # Slug of a work of the owner's -> what binds its children.

    def add(self, work: ArchivedWork) -> None:
        """Plan one work, count it as known, or tell why not."""
        if known := self._mine.get(work.genome.identity):
            self.plan.rows[work.slug] = known
            self.plan.known += 1
            return
        try:
            self._check(work)
            tags = read_tags(work.tags)
            parents = [(self._parent(parent), parent) for parent in work.parents]
            self._check_terms(work, parents)
        except Refused as refused:
            self.plan.problems.append((work.title, refused.template, refused.values))
            return
        row = self._row_of(work, parents)
        self._behind[row.slug] = frozenset().union(*(self._bonds(*parent) for parent in parents))
        self.plan.rows[work.slug] = self._mine[work.genome.identity] = row
        self.plan.planned.append(Planned(work, row, parents, tags))

    def _check(self, work: ArchivedWork) -> None:
        if work.genome.generator not in self._available:
            raise Refused(
                "The species “{key}” is not available on this site.",
                key=work.genome.generator[:60],
            )
        find(work.genome.generator, digest=work.genome.digest)
        check_words(work.title, work.description, work.alt_text, *work.tags, among=self._blocked)

    def _check_terms(self, work: ArchivedWork, parents: Parents) -> None:
        """The licences of the parents bind the child here as they did there.

        Of a parent that stands here its own licence counts, whatever the archive says of it.
        """
        bonds = frozenset().union(*(self._bonds(*parent) for parent in parents))
        check_terms(bonds, licence=work.licence, visibility=work.visibility)

    def _bonds(self, row: Artwork, told: ArchivedParent) -> frozenset[Bond]:
        """How a parent binds: somebody else's by its licence, one's own by what stands behind it
        (licences._bonds_behind).
        """
        if row.state == State.REMOVED:
            return frozenset(
                {Bond(told.title, told.maker, frozenset({Licence(told.licence or row.licence)}))}
            )
        if row.author_id != self._owner.pk:
            return frozenset(bonds_of_parents([row], author=self._owner))
        if row.slug not in self._behind:
            self._behind[row.slug] = frozenset(bonds_of_parents([row], author=self._owner))
        return self._behind[row.slug]

    def _parent(self, told: ArchivedParent) -> Artwork:
        if (
            row := self.plan.rows.get(told.ref)
            or self._mine.get(told.identity)
            or self._others.get(told.identity)
        ):
            return row
        if not told.identity:
            return self._make_stub(told)
        if told.identity not in self._stubs:
            self._stubs[told.identity] = self._make_stub(told)
        return self._stubs[told.identity]

    def _make_stub(self, told: ArchivedParent) -> Artwork:
        """The empty place of a parent elsewhere. Who made it stays known with it, as attribution
        asks for.
        """
        return Artwork(
            species=next(iter(self._available.values())),
            title=FOREIGN,
            state=State.REMOVED,
            licence=told.licence or Licence.RESERVED,
            may_be_bred=False,
            may_train=False,
            genome={},
            genome_identity=told.identity[:64],
            # One that was public there earns its maker, whom nobody knows here, their part of the
            # credit.
            visibility=Visibility.PUBLIC if told.title else Visibility.PRIVATE,
            pedigree={
                "elsewhere": {"title": told.title, "maker": told.maker, "address": told.address}
            },
        )

    def _row_of(self, work: ArchivedWork, parents: Parents) -> Artwork:
        deepest = max((row.depth + 1 for row, _ in parents), default=0)
        return Artwork(
            author=self._owner,
            species=self._available[work.genome.generator],
            title=work.title,
            description=work.description,
            alt_text=work.alt_text,
            licence=work.licence,
            visibility=work.visibility,
            may_be_bred=work.may_be_bred,
            may_train=work.may_train,
            genome_identity=work.genome.identity,
            novelty=work.novelty,
            depth=max(work.depth, deepest),
            published_at=work.published_at,
        )


def _known(
    owner: User, identities: list[str]
) -> tuple[dict[str, Artwork], dict[str, Artwork], dict[str, Artwork]]:
    """By identity, of several the oldest: the person's own works of these genomes, other people's
    on walls, and empty places for works of other gardens.
    """
    mine: dict[str, Artwork] = {}
    others: dict[str, Artwork] = {}
    stubs: dict[str, Artwork] = {}
    for start in range(0, len(identities), CHUNK):
        piece = Artwork.objects.filter(
            genome_identity__in=identities[start : start + CHUNK]
        ).order_by("-pk")
        piece = piece.select_related("author", "species").defer("genome", "pedigree", "description")
        for work in piece.filter(author=owner).exclude(state=State.REMOVED):
            mine[work.genome_identity] = work
        for work in piece.filter(pk__in=Artwork.objects.listed().values("pk")).exclude(
            author=owner
        ):
            others[work.genome_identity] = work
        for work in piece.filter(
            state=State.REMOVED, title=FOREIGN, author__display_name=ELSEWHERE
        ):
            stubs[work.genome_identity] = work
    return mine, others, stubs
