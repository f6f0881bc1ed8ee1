"""Titles, tags and sentences for the demo works: of Patterns from its genes, of learnt species from
their look.
"""

from collections.abc import Iterator

import numpy as np

from gallery.demo.words import (
    HOURS,
    HUES,
    alt_text_for,
    capitalise,
    choose_rarest,
    choose_title,
    join,
    plain_hue,
    tags_for,
)
from generation.finishing.steps import PALETTES, STYLES
from generation.genespaces.patterns_portrait import Portrait
from generation.genome import Genome

PEOPLE = (
    "Odile",
    "Bram",
    "Tamsin",
    "Ngozi",
    "Ruben",
    "Inka",
    "Sunniva",
    "Casimir",
    "Leocadie",
    "Mateus",
    "Yuki",
    "Amara",
    "Fen",
    "Perpetua",
    "Ottoline",
    "Jonas",
    "Zadie",
    "Ilse",
    "Cosmo",
    "Marisol",
    "Emeka",
    "Liv",
    "Aurelio",
    "Bettine",
    "Hollis",
    "Noor",
    "Petra",
    "Rafi",
    "Senna",
    "Theodora",
    "Umi",
    "Viggo",
    "Wren",
    "Xanthe",
    "Yusuf",
    "Zola",
    "Agnes",
    "Bo",
    "Clemency",
    "Dmitri",
    "Esperanza",
    "Florian",
    "Greta",
    "Hamish",
    "Imogen",
    "Juno",
    "Kofi",
    "Lupe",
)
MOMENTS = (
    "Lighthouse Keeper",
    "before Coffee",
    "Missing the Tram",
    "Who Knows the Password",
    "Second Violin",
    "on a Monday",
    "Beekeeper",
    "Halfway through a Joke",
    "Amateur Astronomer",
    "Not Convinced",
    "Late for the Ferry",
    "Champion of Chess",
    "after the Haircut",
    "Counting to Ten",
    "Keeper of Seeds",
    "Hearing Good News",
    "Night Baker",
    "with an Alibi",
    "Retired Pirate",
    "Who Never Lost a Glove",
    "Waiting for the Post",
    "Captain of the Quiz",
    "Thinking of Soup",
    "in Spring",
)
ROLES = (
    "Warden",
    "Squire",
    "Hedge Witch",
    "Knight",
    "Archer",
    "Alchemist",
    "Ranger",
    "Bard",
    "Cleric",
    "Paladin",
    "Rogue",
    "Sentinel",
    "Pilgrim",
    "Swordsmith",
    "Herald",
    "Lancer",
    "Oracle",
    "Smuggler",
)
PLACES = (
    "the Low Gate",
    "Candle Street",
    "the Drowned Tower",
    "Nine Wells",
    "the Moth Road",
    "Saltmarsh",
    "the Broken Bridge",
    "Owlmoor",
    "the Seventh Stair",
    "Fernhold",
    "the Glass Cave",
    "Hollow Hill",
    "the Long Night",
    "Emberfall",
)
KEEPSAKES = (
    "Keepsake",
    "Curio",
    "Trinket",
    "Souvenir",
    "Charm",
    "Talisman",
    "Knick-Knack",
    "Whatnot",
    "Treasure",
    "Token",
    "Heirloom",
    "Lucky Find",
    "Little Wonder",
    "Paperweight",
    "Marvel",
)
GARMENTS = {
    "t-shirt": ("Tee", "Summer Shirt", "T-Shirt"),
    "trousers": ("Trousers", "Slacks", "Corduroys"),
    "pullover": ("Pullover", "Jumper", "Sweater"),
    "dress": ("Dress", "Frock", "Gown"),
    "coat": ("Coat", "Overcoat", "Greatcoat"),
    "sandal": ("Sandal", "Beach Sandal"),
    "shirt": ("Shirt", "Blouse", "Tunic"),
    "sneaker": ("Sneaker", "Trainer", "Plimsoll"),
    "bag": ("Bag", "Satchel", "Handbag"),
    "ankle-boot": ("Boot", "Ankle Boot", "Walking Boot"),
}
WEARABLES = (
    "One-Off",
    "Hand-Me-Down",
    "Old Favourite",
    "Sunday Best",
    "Classic",
    "Market Find",
    "Find of the Day",
    "Sample Piece",
    "Old Faithful",
)
OCCASIONS = (
    "for a Rainy Tuesday",
    "for the Opera",
    "to Lend and Never See Again",
    "for the Last Train",
    "for Dancing",
    "from the Back of the Wardrobe",
    "for a First Day",
    "for Sundays",
    "for the Allotment",
    "to Be Noticed In",
)
SHOWN = {
    "people": "A drawn portrait of somebody who never was",
    "creatures": "A pixel hero with gear",
    "things": "A small thing as if moulded in clay",
    "garments": "Something to wear, of no kind that has a name",
}
SPECIES_TAGS = {
    "people": "portrait",
    "garments": "fashion",
    "creatures": "pixel art",
    "things": "objects",
}


def title_of(
    genome: Genome, portrait: Portrait, *, taken: set[str], rng: np.random.Generator
) -> str:
    """A title that fits the work and that no other one has."""
    if genome.generator == "patterns":
        return choose_title(portrait, taken=taken, rng=rng)
    titles = list(_titles(genome, portrait, rng))
    if "pattern" in _steps(genome):
        titles = [f"{title} (Wallpaper)" for title in titles]
    return choose_rarest(titles, taken=taken)


def _titles(genome: Genome, portrait: Portrait, rng: np.random.Generator) -> Iterator[str]:
    colour = portrait.colours[0]
    hues = [capitalise(hue) for hue in HUES[colour.family][colour.tone]]
    if genome.generator == "people":
        for name in rng.permutation(PEOPLE):
            for moment in rng.permutation(MOMENTS):
                yield (
                    f"{name} {moment}"
                    if moment[0].islower() or moment[:3] == "Who"
                    else f"{name}, {moment}"
                )
        return
    if genome.generator == "creatures":
        for role in rng.permutation(ROLES):
            yield f"{rng.choice(hues)} {role}"
            yield from (f"{role} of {place}" for place in rng.permutation(PLACES))
        return
    endings = OCCASIONS if genome.generator == "garments" else HOURS[portrait.tone]
    for noun in rng.permutation(
        GARMENTS.get(portrait.form, WEARABLES if genome.generator == "garments" else KEEPSAKES)
    ):
        for hue in hues:
            yield f"{hue} {noun}"
            yield f"{noun} in {hue}"
        yield from (f"{noun} {ending}" for ending in rng.permutation(endings))


def tags_of(genome: Genome, portrait: Portrait) -> list[str]:
    """Three to seven tags: what it shows, its colours, how it was finished."""
    if genome.generator == "patterns":
        return tags_for(portrait) + _finishing_words(genome)[:1]
    kind = [portrait.form.replace("-", " ")] if portrait.form in GARMENTS else []
    tags = [
        SPECIES_TAGS.get(genome.generator, genome.generator),
        *kind,
        *map(plain_hue, portrait.colours[:2]),
    ]
    tags += _finishing_words(genome) or [
        {"dark": "night", "mid": "vivid", "light": "pastel"}[portrait.tone]
    ]
    return list(dict.fromkeys(tags))


def alt_text_of(genome: Genome, portrait: Portrait) -> str:
    """The work in a sentence, for people who do not see it."""
    if genome.generator == "patterns":
        words = _finishing_words(genome)
        return (
            f"{alt_text_for(portrait)[:-1]}; printed as {join(words)}."
            if words
            else alt_text_for(portrait)
        )
    kind = portrait.form.replace("-", " ")
    shown = SHOWN.get(portrait.form, f"A garment, {kind}")
    if "pattern" in _steps(genome):
        shown = f"A repeat as on cloth. The motif: {shown[0].lower()}{shown[1:]}"
    tones = {"dark": "dark ", "mid": "", "light": "pale "}
    colours = join([f"{tones[colour.tone]}{plain_hue(colour)}" for colour in portrait.colours])
    others = [word for word in _finishing_words(genome) if word != "wallpaper"]
    return f"{shown}, mostly in {colours}" + (f"; printed as {join(others)}." if others else ".")


def _steps(genome: Genome) -> dict[str, dict]:
    return {name: dict(settings) for name, settings in genome.finishing}


def _finishing_words(genome: Genome) -> list[str]:
    words = []
    for name, settings in _steps(genome).items():
        if name == "palette":
            known = {tuple(colours): key for key, colours in PALETTES.items()}
            words.append(f"{known.get(tuple(settings['colours']), 'limited')} palette")
        elif name in ("duotone", "pattern", "style"):
            words.append(
                {"duotone": "two inks", "pattern": "wallpaper"}.get(name)
                or STYLES[settings["style"]].lower()
            )
    return words
