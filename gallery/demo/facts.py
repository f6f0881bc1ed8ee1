"""What the people of the demo garden can truly say of a work: its colours, its parents, its
children. No database.
"""

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gallery.demo.words import HUES, plain_hue
from gallery.models import Artwork
from generation.genespaces.patterns_portrait import Colour

_COLOURS = [plain_hue(Colour(family, "mid", 0.0)) for family in HUES]
_COLOUR = re.compile(rf"\b({'|'.join(_COLOURS)})\b")


@dataclass
class Facts:
    """A work with what is known of it. parents: with their shares, the largest first; children: the
    oldest first.

    tags: their slugs. colours: plain words, the main one first.
    """

    work: Artwork
    maker: str
    tags: frozenset[str]
    colours: tuple[str, ...]
    parents: list[tuple["Facts", float]] = field(default_factory=list)
    children: list["Facts"] = field(default_factory=list)

    @property
    def descendants(self) -> int:
        """How many works come of it, over any number of broods."""
        known, line = set(), [self]
        while line:
            for child in line.pop().children:
                if child.work.pk not in known:
                    known.add(child.work.pk)
                    line.append(child)
        return len(known)

    @property
    def words(self) -> dict[str, str]:
        """What a sentence about the work may name; a word that it has not is missing."""
        words = {"title": self.work.title, "maker": self.maker, "first_name": self.maker.split()[0]}
        words |= dict(zip(("colour", "second"), self.colours, strict=False))
        words |= {"Colour": self.colours[0].capitalize()} if self.colours else {}
        for names, (parent, share) in zip(
            (("parent", "share"), ("other",)), self.parents, strict=False
        ):
            words |= dict(zip(names, (parent.work.title, f"{share:.0%}"), strict=False))
        if self.children:
            words["child"] = self.children[0].work.title
        return words

    def can_say(self, *sentences: str, also: str = "") -> bool:
        """Whether every word in braces is known of this work. also: one that is known from
        elsewhere.
        """
        needed = {
            name
            for sentence in sentences
            for _text, name, _spec, _way in string.Formatter().parse(sentence)
            if name
        }
        return needed <= {*self.words, also}


@dataclass(frozen=True)
class Fits:
    """Which works something can be said of.

    species: any of these; tags: any of these; without: none of these; main: the main colour is any
    of these; parents, children: at least so many.
    """

    species: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    parents: int = 0
    children: int = 0
    without: tuple[str, ...] = ()
    main: tuple[str, ...] = ()

    def covers(self, facts: Facts) -> bool:
        return (
            (not self.species or facts.work.generator_id in self.species)
            and (not self.tags or not facts.tags.isdisjoint(self.tags))
            and facts.tags.isdisjoint(self.without)
            and (not self.main or facts.colours[:1] and facts.colours[0] in self.main)
            and len(facts.parents) >= self.parents
            and len(facts.children) >= self.children
        )


def gather(
    works: Sequence[Artwork],
    *,
    tags: Mapping[int, Sequence[str]],
    edges: Sequence[tuple[int, int, float]],
) -> list[Facts]:
    """The facts of works, in their order. tags: slugs by id; edges: ids of parent and child, and
    the share.
    """
    facts = {
        work.pk: Facts(
            work,
            work.author.name,
            frozenset(tags.get(work.pk, ())),
            tuple(dict.fromkeys(_COLOUR.findall(work.alt_text))),
        )
        for work in works
    }
    for parent, child, share in edges:
        if parent in facts and child in facts:
            facts[child].parents.append((facts[parent], share))
            facts[parent].children.append(facts[child])
    for one in facts.values():
        one.parents.sort(key=lambda pair: (-pair[1], pair[0].work.slug))
        one.children.sort(key=lambda child: (child.work.published_at, child.work.slug))
    return list(facts.values())
