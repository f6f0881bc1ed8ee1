"""What is known of a work in the demo garden, so that texts about it are true. No database."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from string import Formatter

from gallery.demo.words import HUES, plain_hue
from gallery.models import Artwork

# Names of colours in alternative texts; long ones first, because in Chinese one may hold another.
_NAMES = "|".join(sorted(map(plain_hue, HUES), key=len, reverse=True))
_COLOUR = re.compile(rf"(?<![a-z])({_NAMES})(?![a-z])")


@dataclass
class Facts:
    """A work and what is known of it.

    maker: display name. tags: their English slugs. colours: plain words, the main one first.
    parents: with their shares, the largest first. children: the oldest first.
    """

    work: Artwork
    maker: str
    tags: frozenset[str]
    colours: tuple[str, ...]
    parents: list[tuple["Facts", float]] = field(default_factory=list)
    children: list["Facts"] = field(default_factory=list)

    @property
    def published_at(self) -> datetime:
        """When the work was published."""
        assert self.work.published_at is not None  # All works of the demo garden are.
        return self.work.published_at

    @property
    def descendants(self) -> int:
        """The number of works that descend from it, over all generations."""
        found: set[int] = set()
        remaining = [self]
        while remaining:
            for child in remaining.pop().children:
                if child.work.pk not in found:
                    found.add(child.work.pk)
                    remaining.append(child)
        return len(found)

    @property
    def placeholders(self) -> dict[str, str]:
        """Values for the placeholders of texts about the work; what is unknown is missing."""
        values = {
            "title": self.work.title,
            "maker": self.maker,
            "first_name": self.maker.split()[0],
        }
        values |= dict(zip(("colour", "second"), self.colours, strict=False))
        if self.colours:
            values["Colour"] = self.colours[0].capitalize()
        if self.parents:
            parent, share = self.parents[0]
            values |= {"parent": parent.work.title, "share": f"{share:.0%}"}
        if len(self.parents) > 1:
            values["other"] = self.parents[1][0].work.title
        if self.children:
            values["child"] = self.children[0].work.title
        return values

    def can_fill(self, *templates: str, also: str = "") -> bool:
        """Whether the value of every placeholder is known. also: one known from elsewhere."""
        needed = {
            name
            for template in templates
            for _text, name, _spec, _conversion in Formatter().parse(template)
            if name
        }
        return needed <= {*self.placeholders, also}


@dataclass(frozen=True)
class Criteria:
    """Conditions on a work, all of which must hold; empty ones are ignored.

    species, main_colours: one of these. tags: at least one of these. without: none of these tags.
    min_parents, min_children: at least so many.
    """

    species: Sequence[str] = ()
    tags: Sequence[str] = ()
    without: Sequence[str] = ()
    main_colours: Sequence[str] = ()
    min_parents: int = 0
    min_children: int = 0

    @property
    def _main_colours(self) -> list[tuple[str, ...]]:
        return [(plain_hue(family),) for family in self.main_colours]

    def match(self, facts: Facts) -> bool:
        """Whether a work meets the conditions."""
        return (
            (not self.species or facts.work.species_id in self.species)
            and (not self.tags or not facts.tags.isdisjoint(self.tags))
            and facts.tags.isdisjoint(self.without)
            and (not self.main_colours or facts.colours[:1] in self._main_colours)
            and len(facts.parents) >= self.min_parents
            and len(facts.children) >= self.min_children
        )


def collect_facts(
    works: Sequence[Artwork],
    *,
    tags: Mapping[int, Sequence[str]],
    edges: Sequence[tuple[int, int, float]],
) -> list[Facts]:
    """The facts of works, in their order.

    tags: English slugs by id. edges: parent id, child id, share.
    """
    facts = {
        work.pk: Facts(
            work=work,
            maker=work.author.name,
            tags=frozenset(tags.get(work.pk, ())),
            colours=tuple(dict.fromkeys(_COLOUR.findall(work.alt_text))),
        )
        for work in works
    }
    for parent, child, share in edges:
        if parent in facts and child in facts:
            facts[child].parents.append((facts[parent], share))
            facts[parent].children.append(facts[child])
    for one in facts.values():
        one.parents.sort(key=lambda pair: (-pair[1], pair[0].work.slug))
        one.children.sort(key=lambda child: (child.published_at, child.work.slug))
    return list(facts.values())
