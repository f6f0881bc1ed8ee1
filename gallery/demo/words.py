"""Titles, tags, descriptions and alternative texts of demo works, from what they show."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any

import numpy as np

from gallery.demo import load
from gallery.models.texts import slug_of
from generation.finishing.presets import PALETTES, STYLES
from generation.genespaces.patterns.portrait import NEUTRAL, Colour, Portrait
from generation.genome import Genome, Recipe

_WORDS, _SPECIES = load("words"), load("species")
HUES: dict[str, dict[str, list[str]]] = _WORDS["hues"]  # Names by hue family and tone.
NOUNS: dict[str, list[str]] = _WORDS["nouns"]  # By form or number of sectors.
GARMENTS: dict[str, list[str]] = _SPECIES["garments"]["kinds"]  # Names by the form of a portrait.
FORMATS: dict[str, str] = _WORDS["formats"]  # How words are put together.

COLOUR_GROUPS = ("palette", "colour", "cloth")  # Groups of genes that hold colours.
_TAGS: dict[str, str] = _WORDS["tags"]  # Spellings by their plain English names.
_ENGLISH_SLUGS = {slug_of(translation): slug_of(name) for name, translation in _TAGS.items()}
UNDESCRIBED = 0.4  # Share of works without a description.
_PALETTE_NAMES = {colours: name for name, colours in PALETTES.items()}


def choose_title(
    genome: Genome, portrait: Portrait, *, taken: set[str], rng: np.random.Generator
) -> str:
    """A title that fits the picture and is not taken; words used by few other titles come first."""
    if genome.generator == "patterns":
        return _choose_rarest(list(_pattern_titles(portrait, rng)), taken=taken)
    titles = list(_learnt_titles(genome.generator, portrait, rng))
    if "pattern" in dict(genome.finishing):
        titles = [FORMATS["wallpaper"].format(title=title) for title in titles]
    return _choose_rarest(titles, taken=taken)


def _choose_rarest(titles: Sequence[str], *, taken: set[str]) -> str:
    """The first free title whose capitalised words are used least, or a numbered one."""
    free = [title for title in titles if title not in taken]
    if not free:
        numbered = (
            FORMATS["numbered"].format(title=titles[0], number=number) for number in count(2)
        )
        return next(title for title in numbered if title not in taken)
    used = " ".join(taken)
    return min(
        free, key=lambda title: sum(used.count(word) for word in title.split() if word[0].isupper())
    )


def _pattern_titles(portrait: Portrait, rng: np.random.Generator) -> Iterator[str]:
    nouns = list(NOUNS[str(portrait.folds or portrait.form)])
    if portrait.is_twisted:
        nouns += NOUNS["twist"]
    if "emblem" in portrait.surface:
        nouns = NOUNS["emblem"]
    main_hues = _hue_names(portrait.colours[:1])
    other_hues = _hue_names(portrait.colours[1:2])
    adjectives = [word for name in portrait.surface for word in _WORDS["adjectives"].get(name, ())]
    for noun in rng.permutation(nouns):
        for hue in rng.permutation(main_hues):
            if hue != noun:
                yield _put("hue_noun", hue=hue, noun=noun)
            yield from (
                _put("two_hues", noun=noun, hue=hue, other=other)
                for other in _shuffle(other_hues, rng)
            )
        yield from (
            _put("adjective", adjective=adjective, noun=noun)
            for adjective in _shuffle(adjectives, rng)
        )
        yield from (
            _put("moment", noun=noun, moment=moment) for moment in _shuffle(_moments(portrait), rng)
        )


def _put(how: str, **words: str) -> str:
    return FORMATS[how].format(**words)


def _learnt_titles(species: str, portrait: Portrait, rng: np.random.Generator) -> Iterator[str]:
    words: dict[str, Any] = _SPECIES[species]
    hues = _hue_names(portrait.colours[:1])
    if species == "people":
        for name in rng.permutation(words["names"]):
            for epithet in rng.permutation(words["epithets"]):
                follows = epithet[0].islower() or epithet.startswith("Who")
                yield _put("follows" if follows else "person", name=name, epithet=epithet)
    elif species == "creatures":
        for role in rng.permutation(words["roles"]):
            yield _put("hue_noun", hue=rng.choice(hues), noun=role)
            yield from (
                _put("place", role=role, place=place) for place in rng.permutation(words["places"])
            )
    else:
        endings = words.get("occasions") or _moments(portrait)
        for noun in rng.permutation(GARMENTS.get(portrait.form, words["nouns"])):
            for hue in hues:
                yield _put("hue_noun", hue=hue, noun=noun)
                yield _put("noun_in_hue", hue=hue, noun=noun)
            yield from (
                _put("moment", noun=noun, moment=ending) for ending in rng.permutation(endings)
            )


def _hue_names(colours: Iterable[Colour]) -> list[str]:
    """Names of colours with initial capitals, as in a title."""
    names = [name for colour in colours for name in HUES[colour.family][colour.tone]]
    return ["-".join(part.capitalize() for part in name.split("-")) for name in names]


def _moments(portrait: Portrait) -> list[str]:
    return _WORDS["moments"][portrait.tone]


def _shuffle(words: Sequence[str], rng: np.random.Generator) -> Iterable[str]:
    return rng.permutation(words) if words else ()


def spell_tag(name: str) -> str:
    """A tag, known by its plain English name, as the language of the garden spells it."""
    return _TAGS.get(name, name)


def english_slug(slug: str) -> str:
    """The slug that a tag of the garden has in English, by which the tables of `data/` know it."""
    return _ENGLISH_SLUGS.get(slug, slug)


def tags_for(genome: Genome, portrait: Portrait) -> list[str]:
    """Three to seven tags: what the work shows, its colours, its tone, how it was finished."""
    return list(map(spell_tag, _english_tags(genome, portrait)))


def _english_tags(genome: Genome, portrait: Portrait) -> list[str]:
    finishing = _finishing_words(genome)
    colours = [_english_hue(colour.family) for colour in portrait.colours[:2]]
    tone = _WORDS["tone_tags"][portrait.tone]
    if genome.generator == "patterns":
        tags = [_WORDS["form_tags"][portrait.form]]
        tags += ["spiral"] if portrait.is_twisted else []
        tags += colours
        tags += [_WORDS["surface_tags"][name] for name in portrait.surface[:2]]
        tags += [tone] if portrait.tone != "mid" else []
        return list(dict.fromkeys(tags)) + finishing[:1]
    tags = [_SPECIES[genome.generator]["tag"]]
    tags += [_english_kind(portrait)] if portrait.form in GARMENTS else []
    return list(dict.fromkeys([*tags, *colours, *(finishing or [tone])]))


def plain_hue(family: str) -> str:
    """The plain word for a hue family, which is also its tag."""
    return spell_tag(_english_hue(family))


def _english_hue(family: str) -> str:
    return "grey" if family == NEUTRAL else family


def _english_kind(portrait: Portrait) -> str:
    return portrait.form.replace("-", " ")


def alt_text_for(genome: Genome, portrait: Portrait) -> str:
    """The picture in a sentence, for people who cannot see it."""
    finishing = _finishing_words(genome)
    words = _WORDS["alt_text"]
    tones = words["tones"]
    colours = join([tones[colour.tone] + plain_hue(colour.family) for colour in portrait.colours])
    if genome.generator == "patterns":
        text = _describe_pattern(portrait, colours)
    else:
        shown = _SPECIES[genome.generator]["shown"]
        if portrait.form in GARMENTS:
            kind = spell_tag(_english_kind(portrait))
            shown = words[genome.generator].format(kind=kind)
        if "wallpaper" in finishing:
            shown = words["wallpaper"].format(motif=f"{shown[0].lower()}{shown[1:]}")
            finishing.remove("wallpaper")
        text = words["learnt"].format(shown=shown, colours=colours)
    if finishing:
        return words["printed"].format(text=text, finishing=join([*map(spell_tag, finishing)]))
    return words["sentence"].format(text=text)


def _describe_pattern(portrait: Portrait, colours: str) -> str:
    words = _WORDS["alt_text"]
    shown = words["forms"][portrait.form].format(
        number=words["numbers"].get(str(portrait.folds), "many")
    )
    if portrait.is_twisted:
        shown += words["twisted"]
    if "emblem" in portrait.surface:
        shown = f"{words['emblem']}{shown[0].lower()}{shown[1:]}"
    surfaces = [words["surfaces"][name] for name in portrait.surface if name in words["surfaces"]]
    parts = [words["coloured"].format(shown=shown, colours=colours), *surfaces[:2]]
    return FORMATS["comma"].join(parts)


def _finishing_words(genome: Genome) -> list[str]:
    """English tags for the finishing steps."""
    words = []
    for name, settings in genome.finishing:
        values = dict(settings)
        if name == "palette":
            words.append(f"{_PALETTE_NAMES.get(tuple(values['colours']), 'limited')} palette")
        elif name == "duotone":
            words.append("two inks")
        elif name == "pattern":
            words.append("wallpaper")
        elif name == "style":
            words.append(STYLES[values["style"]].lower())
    return words


def quote(title: str) -> str:
    """The title of a work within a sentence."""
    return FORMATS["quoted"].format(title=title)


def join(parts: Sequence[str]) -> str:
    """A list in words: a, b and c."""
    if len(parts) < 2:
        return "".join(parts)
    return FORMATS["list"].join(parts[:-1]) + FORMATS["and"] + parts[-1]


def describe(
    recipe: Recipe | None,
    *,
    parents: Sequence[str],
    seedling: int,
    seed: int,
    rng: np.random.Generator,
) -> str:
    """A few words by the maker on how the work came about; empty for some works.

    recipe: None for a founder. parents: their titles. seedling: its number in the brood. seed: the
    random seed of a founder.
    """
    if rng.random() < UNDESCRIBED:
        return ""
    mask = recipe.mask if recipe else {}
    donors = [parents[place] for group, place in mask.items() if group in COLOUR_GROUPS]
    if recipe is None:
        kind = "founder"
    elif len(parents) == 1:
        kind = "one_parent"
    else:
        kind = "borrowed_colours" if donors else "several_parents"
    template = str(rng.choice(_WORDS["descriptions"][kind]))
    return template.format(
        parents=join([*map(quote, parents)]),
        all=FORMATS["both"] if len(parents) == 2 else FORMATS["all"],
        donor=quote(donors[0]) if donors else "",
        seedling=seedling,
        seed=seed,
    )
