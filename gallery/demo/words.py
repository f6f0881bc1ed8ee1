"""Words for the works of the demo garden, drawn from what each picture really shows."""

from collections.abc import Iterator, Sequence
from itertools import count

import numpy as np

from generation.genespaces.patterns_portrait import Colour, Portrait
from generation.genome import Recipe

# Hue family -> names of its dark, middle and light tones.
HUES: dict[str, dict[str, tuple[str, ...]]] = {
    family: dict(
        zip(("dark", "mid", "light"), (tuple(tone.split()) for tone in tones), strict=True)
    )
    for family, tones in {
        "red": ("oxblood garnet madder", "vermilion poppy rosehip", "coral blush shell"),
        "orange": ("rust russet umber", "copper marigold persimmon", "apricot peach amber"),
        "yellow": ("bronze ochre tobacco", "saffron turmeric honey", "primrose straw wheat"),
        "green": ("moss fir ivy", "fern laurel malachite", "celadon lichen mint"),
        "teal": ("spruce kelp lagoon", "verdigris jade teal", "seafoam glacier aqua"),
        "blue": ("midnight indigo ink", "cobalt lapis cornflower", "sky frost forget-me-not"),
        "violet": ("aubergine damson elderberry", "violet iris heather", "lilac lavender wisteria"),
        "pink": ("mulberry bramble sloe", "fuchsia peony cyclamen", "orchid rose almond-blossom"),
        "neutral": ("charcoal graphite coal", "pewter slate ash", "bone chalk pearl"),
    }.items()
}
PLAIN_HUES = {"teal": "teal", "neutral": "grey"}

FORMS: dict[str | int, tuple[str, ...]] = {
    "plain": (
        "Tide",
        "Dune",
        "Drift",
        "Current",
        "Delta",
        "Canyon",
        "Aurora",
        "Undertow",
        "Smoke",
        "Estuary",
        "Squall",
        "Silk",
        "Headland",
        "Slipstream",
        "Reverie",
    ),
    "mirror": (
        "Moth",
        "Mask",
        "Mantis",
        "Owl",
        "Scarab",
        "Lantern",
        "Chrysalis",
        "Totem",
        "Vessel",
        "Guardian",
        "Beetle",
    ),
    "tile": (
        "Brocade",
        "Batik",
        "Damask",
        "Tapestry",
        "Chintz",
        "Weave",
        "Parquet",
        "Trellis",
        "Marquetry",
        "Ikat",
    ),
    3: ("Trefoil", "Trillium", "Triskele", "Snowdrop", "Clover"),
    4: ("Quatrefoil", "Dogwood", "Crossing", "Four Winds", "Window"),
    5: ("Cinquefoil", "Sea Star", "Columbine", "Periwinkle", "Star"),
    6: ("Rosette", "Lily", "Snow Crystal", "Hexaflower", "Clematis"),
    8: ("Compass Rose", "Octofoil", "Lotus", "Carousel", "Cosmos"),
    12: ("Rose Window", "Dahlia", "Passionflower", "Aster", "Clockwork"),
    "twist": ("Whirl", "Nautilus", "Maelstrom", "Pinwheel", "Fiddlehead"),
    "emblem": ("Medallion", "Seal", "Brooch", "Cameo", "Crest"),
}
SURFACES = {
    "lined": ("Leaded", "Cloisonné", "Stained-Glass"),
    "banded": ("Agate", "Terraced", "Layered"),
    "iridescent": ("Nacre", "Opal", "Beetle-Wing"),
    "velvet": ("Velvet", "Suede", "Mossy"),
    "glossy": ("Enamel", "Lacquer", "Glazed"),
    "relief": ("Carved", "Embossed", "Hammered"),
}
HOURS = {
    "dark": ("after Dark", "at Midnight", "before Rain", "in the Small Hours"),
    "mid": ("at Noon", "in Late Summer", "after the Storm", "in October"),
    "light": ("at First Light", "in Morning Fog", "in Thin Ice", "in April"),
}
COLOUR_GROUPS = ("palette", "colour", "cloth")
COUNTED = {3: "three", 4: "four", 5: "five", 6: "six", 8: "eight", 12: "twelve"}
FORM_TAGS = {"plain": "flow", "mirror": "mirror", "tile": "tile", "fold": "kaleidoscope"}
SURFACE_TAGS = {
    "emblem": "emblem",
    "lined": "stained glass",
    "banded": "bands",
    "iridescent": "iridescent",
    "velvet": "velvet",
    "glossy": "enamel",
    "relief": "relief",
}


def choose_title(portrait: Portrait, *, taken: set[str], rng: np.random.Generator) -> str:
    """A title that fits the picture and that no other work of the garden has; its key words are
    used as rarely as can be.
    """
    return choose_rarest(list(_titles(portrait, rng)), taken=taken)


def choose_rarest(candidates: Sequence[str], *, taken: set[str]) -> str:
    """The first of the titles that nobody has, and whose key words are used least; a numbered one
    where all are taken.
    """
    free = [title for title in candidates if title not in taken]
    if not free:
        return next(
            title for number in count(2) if (title := f"{candidates[0]} No. {number}") not in taken
        )
    used = " ".join(taken)
    return min(
        free, key=lambda title: sum(used.count(word) for word in title.split() if word[0].isupper())
    )


def _titles(portrait: Portrait, rng: np.random.Generator) -> Iterator[str]:
    nouns = list(FORMS[portrait.folds or portrait.form])
    if portrait.is_twisted:
        nouns += FORMS["twist"]
    if "emblem" in portrait.surface:
        nouns = list(FORMS["emblem"])
    first = [capitalise(hue) for hue in HUES[portrait.colours[0].family][portrait.colours[0].tone]]
    second = [
        capitalise(hue)
        for colour in portrait.colours[1:2]
        for hue in HUES[colour.family][colour.tone]
    ]
    feels = [word for name in portrait.surface if name in SURFACES for word in SURFACES[name]]
    for noun in rng.permutation(nouns):
        for hue in rng.permutation(first):
            if hue != noun:
                yield f"{hue} {noun}"
            for other in rng.permutation(second) if second else ():
                yield f"{noun} in {hue} and {other}"
        for feel in rng.permutation(feels) if feels else ():
            yield f"{feel} {noun}"
        for hour in rng.permutation(HOURS[portrait.tone]):
            yield f"{noun} {hour}"


def capitalise(words: str) -> str:
    """Every part in capitals, as in a title."""
    return "-".join(part.capitalize() for part in words.split("-"))


def tags_for(portrait: Portrait) -> list[str]:
    """Three to six tags: form, colours, light, surface."""
    tags = [FORM_TAGS[portrait.form]]
    tags += ["spiral"] if portrait.is_twisted else []
    tags += [plain_hue(colour) for colour in portrait.colours[:2]]
    tags += [SURFACE_TAGS[name] for name in portrait.surface[:2]]
    tags += {"dark": ["night"], "light": ["pastel"]}.get(portrait.tone, [])
    return list(dict.fromkeys(tags))


def plain_hue(colour: Colour) -> str:
    return PLAIN_HUES.get(colour.family, colour.family)


def alt_text_for(portrait: Portrait) -> str:
    """The picture in a sentence, for people who do not see it."""
    what = {
        "plain": "Flowing shapes without symmetry",
        "mirror": "A figure that is the same on its left and right",
        "tile": "A pattern that repeats without a seam",
        "fold": f"A kaleidoscope of {COUNTED.get(portrait.folds, 'many')} mirrored sectors",
    }[portrait.form]
    if portrait.is_twisted:
        what += ", wound into a spiral"
    if "emblem" in portrait.surface:
        what = f"A round badge: {what[0].lower()}{what[1:]}"
    tones = {"dark": "dark ", "mid": "", "light": "pale "}
    colours = [f"{tones[colour.tone]}{plain_hue(colour)}" for colour in portrait.colours]
    feel = {
        "lined": "drawn with fine lines",
        "banded": "in soft steps of colour",
        "iridescent": "shimmering like pearl",
        "velvet": "with a velvet rim of light",
        "glossy": "glossy as enamel",
        "relief": "in clear relief",
    }
    seen = [feel[name] for name in portrait.surface if name in feel][:2]
    return ", ".join([f"{what}, in {join(colours)}", *seen]) + "."


def join(parts: Sequence[str]) -> str:
    """A list in words: a, b and c."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def describe(
    recipe: Recipe | None,
    *,
    parents: Sequence[str],
    place: int,
    seed: int,
    rng: np.random.Generator,
) -> str:
    """A few words of the maker, true of how the work came about; for some works none.

    parents: their titles. place: which seedling of its brood it was. seed: the number of a
    founder's seed.
    """
    if rng.random() < 0.4:
        return ""
    if recipe is None:
        return str(
            rng.choice(
                [
                    f"Seed {seed}. I looked at two dozen and kept this one.",
                    f"Grown from seed {seed}, nothing changed by hand. Please breed it further.",
                    "A fresh seed, and the start of a family.",
                ]
            )
        )
    names = join([f"“{title}”" for title in parents])
    if len(parents) == 1:
        return str(
            rng.choice(
                [
                    f"A sport of {names}: one parent, and a good deal of chance.",
                    f"What else was in {names}? Seedling {place} of its brood had the answer.",
                ]
            )
        )
    coloured = [parents[index] for group, index in recipe.mask.items() if group in COLOUR_GROUPS]
    if coloured:
        return (
            f"A cross of {names}, with the colours of “{coloured[0]}”. Seedling {place} of twelve."
        )
    both = "both" if len(parents) == 2 else "all of them"
    return str(
        rng.choice(
            [
                f"Bred from {names}. Of twelve seedlings, number {place} was the one.",
                f"I put {names} on the bench and kept seedling {place}.",
                f"{names}: I wanted {both}, and got something else.",
            ]
        )
    )
