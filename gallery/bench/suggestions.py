"""What the publish form suggests for a child: titles, tags and an alt text.

They rest on what is known: the titles and tags of public parents, the species, and the colours of
a small picture of this very child (of a tune, its style, key and tempo). Everything can be changed.
"""

import json
from collections.abc import Iterable, Sequence
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass

import numpy as np
from django.utils.text import slugify
from django.utils.translation import gettext, pgettext

from gallery import studio
from gallery.core.tunes import describe_key
from gallery.discovery import colours
from gallery.i18n.stored_sentences import translated
from gallery.lineage.parents import Parent
from gallery.lineage.story import join
from gallery.models import Tag
from generation.checkpoints import find
from generation.codecs.image import read_image
from generation.engine.frames import NOTES, Frame
from generation.finishing.steps import is_see_through
from generation.finishing.styles import STYLES
from generation.genome import Genome
from generation.refusal import Refused

LOOK_EDGE = 192  # Pixels of the picture from which the colours are read.
LOOK_POINTS = 16  # Points of it along each axis.
COLOUR_SHARE = 0.22  # A colour on fewer points is not named.
PATIENCE_S = 2.0
MAX_TITLE = 120
MAX_TAGS = 5
ARTICLES = ("the", "a", "an")
MAIN_PARENT = 0.5  # The share from which a parent's tags hold for the child as well.


@dataclass(frozen=True)
class Suggestions:
    """titles: the first one stands in the form, the dice goes through the others."""

    titles: tuple[str, ...]
    tags: tuple[str, ...]
    alt_text: str


@dataclass(frozen=True)
class Look:
    """What a child is seen or heard to be.

    colours: keys of `colours.NAMES`, the most frequent first. words: of a tune, its style, key and
    tempo in words.
    """

    colours: tuple[str, ...] = ()
    words: str = ""


def suggest(child: Genome, parents: Sequence[tuple[Parent, float]], *, owner: str) -> Suggestions:
    """Suggestions for a child. parents: with their shares, which sum to at most 1.

    owner: whom the studio counts the small picture for; "" leaves it, and so the colours, out, as
    does no answer within PATIENCE_S.
    """
    look = look_of(child, owner=owner) if owner else Look()
    # Titles of works that are not public stay out of what becomes public.
    public = [
        (parent, share)
        for parent, share in sorted(parents, key=lambda each: -each[1])
        if parent.artwork is not None and parent.artwork.is_listed
    ]
    names = [parent.title for parent, _ in public]
    species = translated(find(child.generator, digest=child.digest).card["name"])
    return Suggestions(
        titles=_titles(names, look, species),
        tags=_tags([(parent, share) for parent, share in public], look, species, child.generator),
        alt_text=_alt_text(names, look, species),
    )


def look_of(child: Genome, *, owner: str) -> Look:
    """The colours of a child's picture, or the facts of a tune; empty without an answer in time."""
    if is_see_through(child.finishing):
        return Look()  # The squares behind it would be taken for its colours.
    try:
        if studio.is_slow(child.generator, child.digest):
            return Look()
        future = studio.preview(child, size=LOOK_EDGE, owner=owner)
        frame = future.result(timeout=PATIENCE_S)
    except (Refused, TooLate):
        return Look()
    except Exception:  # The engine has logged what the net raised.
        return Look()
    return _tune_look(frame) if frame.media_type == NOTES else Look(_colours_of(frame))


def _tune_look(frame: Frame) -> Look:
    notes = json.loads(frame.payload)
    style = STYLES.get(notes["style"])
    sentence = pgettext("a tune's facts", "{style}, {key}, {bpm} beats a minute")
    return Look(
        words=sentence.format(
            style=translated(style.label) if style else notes["style"],
            key=describe_key(notes["key"]),
            bpm=f"{notes['bpm']:.0f}",
        )
    )


def _colours_of(frame: Frame) -> tuple[str, ...]:
    pixels = read_image(frame.payload)
    places = np.linspace(0, pixels.shape[0] - 1, LOOK_POINTS).astype(int)
    points = pixels[np.ix_(places, places)].reshape(-1, 3)
    names = [colours.name_of("#{:02x}{:02x}{:02x}".format(*point)) for point in points]
    often = sorted({name: names.count(name) for name in names}.items(), key=lambda each: -each[1])
    return tuple(name for name, count in often[:2] if count >= COLOUR_SHARE * len(names))


def _titles(names: Sequence[str], look: Look, species: str) -> tuple[str, ...]:
    """Titles made of the parents' titles and the colours, none of them a parent's own."""
    colour = str(colours.NAMES[look.colours[0]]) if look.colours else ""
    first, second = (list(names) + ["", ""])[:2]
    found: list[str] = []
    if second:
        found += [_join_halves(first, second), _join_halves(second, first)]
        found.append(gettext("{one} and {other}").format(one=first, other=second))
    for name in filter(None, (first, second)):
        if colour:
            found.append(gettext("{title} in {colour}").format(title=name, colour=colour))
        found.append(gettext("Child of {title}").format(title=name))
        found.append(gettext("After {title}").format(title=name))
    if colour:
        found.append(gettext("{title} in {colour}").format(title=species, colour=colour))
    found.append(gettext("New from {species}").format(species=species))
    fitting = [title for title in found if title and title not in names and len(title) <= MAX_TITLE]
    return tuple(dict.fromkeys(fitting))


def _join_halves(one: str, other: str) -> str:
    """The beginning of one title and the end of another: "Apricot Nautilus" and "Peony Periwinkle"
    give "Apricot Periwinkle". "" where one of them is a single word.
    """
    beginning, end = one.split(), other.split()
    count = 2 if beginning[0].lower() in ARTICLES else 1
    is_split = len(beginning) > count and len(end) > 1
    return " ".join([*beginning[:count], end[-1]]).replace(",", "") if is_split else ""


def _tags(
    parents: Sequence[tuple[Parent, float]], look: Look, species: str, key: str
) -> tuple[str, ...]:
    """Tags that several parents share, those of a main parent, the colours, and the species.

    Colours of a parent that the child has not got are left out.
    """
    works = {parent.artwork.pk: share for parent, share in parents if parent.artwork is not None}
    weights: dict[str, float] = {}
    counts: dict[str, int] = {}
    through = Tag.objects.filter(artworks__in=works).values_list("name", "artworks__pk")
    for name, work in through:
        weights[name] = weights.get(name, 0.0) + works[work]
        counts[name] = counts.get(name, 0) + 1
    own_colours = [str(colours.NAMES[name]).lower() for name in look.colours]
    colour_names = {*colours.NAMES, *(str(name).lower() for name in colours.NAMES.values())}
    inherited = [
        name
        for name in sorted(weights, key=lambda name: (-weights[name], name))
        if (counts[name] > 1 or weights[name] >= MAIN_PARENT) and name.lower() not in colour_names
    ]
    kind = species.lower() if slugify(species) else key
    return _each_once([*inherited[:MAX_TAGS], *filter(slugify, own_colours), kind])


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    """Each tag once; "tune" and "tunes" count as one."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(slugify(name).rstrip("s"), name)
    return tuple(found.values())


def _alt_text(names: Sequence[str], look: Look, species: str) -> str:
    if look.words:
        begin = gettext("A tune, drawn as a piano roll: {words}.").format(words=look.words)
    elif len(look.colours) > 1:
        one, other = (str(colours.NAMES[name]).lower() for name in look.colours)
        begin = gettext("A picture of the species {species}, mostly {one} and {other}.").format(
            species=species, one=one, other=other
        )
    elif look.colours:
        begin = gettext("A picture of the species {species}, mostly {colour}.").format(
            species=species, colour=str(colours.NAMES[look.colours[0]]).lower()
        )
    else:
        begin = gettext("A work of the species {species}.").format(species=species)
    if not names:
        return begin
    shown = [gettext("“{title}”").format(title=name) for name in names[:2]]
    return gettext("{sentence} Bred from {parents}.").format(sentence=begin, parents=join(shown))
