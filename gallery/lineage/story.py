"""How a work came about, in sentences that name only works which the reader may know."""

from collections.abc import Sequence

from django.utils.translation import gettext, gettext_lazy, ngettext

from gallery.lineage.credit import percent
from gallery.lineage.graph import nameable
from gallery.lineage.references import grafted, is_founder, source_in, works_in
from gallery.models import Artwork
from gallery.models.texts import isolate
from gallery.types import AnyUser
from generation.finishing.steps import STEPS
from generation.finishing.styles import PROGRAM_NAMES
from generation.finishing.styles import STYLES as MUSIC_STYLES
from generation.genespaces import species
from generation.genespaces.pictures import AI, DRAWING, PHOTO
from generation.genome import Recipe
from generation.pedigree import Pedigree
from generation.refusal import Refused

# How a work came about that was uploaded (gallery.upload.actions).
UPLOADED = {
    AI: gettext_lazy("Its maker painted it with another AI program and uploaded it."),
    DRAWING: gettext_lazy("Its maker drew or painted it and uploaded it."),
    PHOTO: gettext_lazy("Its maker took this photo and uploaded it."),
    "sound": gettext_lazy(
        "Its maker hummed or played a melody; the notes heard in the recording became its"
        " first phrases."
    ),
    "midi": gettext_lazy(
        "Its maker uploaded a melody as a MIDI file; its first phrases come from there."
    ),
}


def describe_recipe(artwork: Artwork, user: AnyUser) -> list[str]:
    """How a work came about, in a few sentences: its origin, the last brood, and the finishing."""
    if artwork.pedigree.get("upload") in UPLOADED:
        return [str(UPLOADED[artwork.pedigree["upload"]])]
    try:
        pedigree = Pedigree.from_json(artwork.pedigree)
    except Refused:
        return [gettext("How it came about was not recorded.")]
    names = names_of_roots(pedigree, user)
    if not pedigree.steps:
        told = (
            gettext("It was painted from {source}.").format(source=names[0])
            if grafted(pedigree.roots[0])
            else gettext("It is a founder: its genes were drawn at random.")
        )
        return [told, *describe_sources(pedigree)]
    if artwork.is_brought:
        told = gettext("It is the uploaded picture {source}, finished anew.").format(
            source=names[0]
        )
        return [told, *describe_finishing(artwork)]
    broods = len(pedigree.steps)
    sentences = [
        ngettext(
            "It was bred in one brood from {parents}.",
            "It was bred over {broods} broods from {parents}; only the last child was published.",
            broods,
        ).format(broods=broods, parents=join(list(dict.fromkeys(names))))
    ]
    last = pedigree.steps[-1]
    sentences += describe_step(
        last.recipe,
        name_inputs(pedigree, names, last.parents),
        artwork.species_id,
        style=style_of(artwork),
    )
    return sentences + describe_sources(pedigree) + describe_finishing(artwork)


def describe_sources(pedigree: Pedigree) -> list[str]:
    """Where the words of its founders come from, if their maker had a picture with them already."""
    sources = [source_in(root) for root in pedigree.roots]
    words = gettext("Words of a founder come from a picture that was painted with {program}.")
    return [words.format(program=isolate(one)) for one in dict.fromkeys(sources) if one]


def names_of_roots(pedigree: Pedigree, user: AnyUser) -> list[str]:
    """The names of the roots of a pedigree, for this person."""
    slugs = works_in(pedigree.roots)
    works = dict(nameable(user).filter(slug__in=slugs).values_list("slug", "title"))
    return [name_root(root, works) for root in pedigree.roots]


def name_root(root: str, titles: dict[str, str]) -> str:
    """The name of a root. titles: slug -> title of those that may be named."""
    if slug := grafted(root):
        return (
            gettext("a graft of “{title}”").format(title=isolate(titles[slug]))
            if slug in titles
            else gettext("a graft of a work that is not public")
        )
    if is_founder(root):
        return gettext("a new founder")
    return (
        gettext("“{title}”").format(title=isolate(titles[root]))
        if root in titles
        else gettext("a work that is not public")
    )


def name_inputs(pedigree: Pedigree, names: Sequence[str], positions: Sequence[int]) -> list[str]:
    """The names of the parents of a step: roots by name, seedlings by the number of their brood."""
    roots = len(pedigree.roots)
    return [
        (
            names[position]
            if position < roots
            else gettext("the seedling of brood {number}").format(number=position - roots + 1)
        )
        for position in positions
    ]


def join(parts: Sequence[str]) -> str:
    """The parts as a list in a sentence: "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return gettext("{many} and {last}").format(many=gettext(", ").join(parts[:-1]), last=parts[-1])


def style_of(artwork: Artwork) -> str:
    """The key of the style of a tune; "" for a picture and for what can't be read any more."""
    if not artwork.is_music:
        return ""
    try:
        genome = artwork.read_genome()
        return species(genome.generator).space.chosen(genome.genes, "style")
    except Refused:
        return ""


def describe_step(
    recipe: Recipe, parents: Sequence[str], generator: str, *, style: str = ""
) -> list[str]:
    """One breeding step in sentences.

    parents: their names. generator: the key of the species, for the labels of its controls. style:
    of the tune that came out, which tells what instrument a lead is.
    """
    labels = _labels(generator)
    sentences = []
    if len(parents) > 1:
        sentences.append(_describe_weights(recipe, parents))
    for group, index in sorted(recipe.mask.items()):
        words = gettext("{group} comes from {parent}.")
        sentences.append(
            words.format(group=_capital(labels.get(group, group)), parent=parents[index])
        )
    if recipe.mutation_rate >= 0.005:
        words = gettext("Then {rate} of random change was added.")
        sentences.append(words.format(rate=percent(recipe.mutation_rate)))
    moved = [
        _describe_edit(labels.get(slider, slider), amount)
        for slider, amount in sorted(recipe.edits.items())
        if amount
    ]
    if moved:
        sentences.append(gettext("Adjusted by hand: {moved}.").format(moved=join(moved)))
    for choice, value in sorted(recipe.choices.items()):
        words = gettext("{choice}, chosen by hand: {value}.")
        chosen = (
            _lead_name(value, recipe.choices.get("style", style) if choice == "lead" else "")
            or labels.get(f"{choice}={value}")
            or gettext(value.replace("-", " "))
        )
        sentences.append(words.format(choice=_capital(labels.get(choice, choice)), value=chosen))
    if recipe.psi is not None and recipe.psi != 1:
        sentences.append(
            gettext("It was moved closer to what is typical of its species.")
            if recipe.psi < 1
            else gettext("It was moved further from what is typical of its species.")
        )
    return sentences


def _lead_name(number: str, style: str) -> str:
    """The instrument that plays the melody, by its number in a style; "" where that is unknown."""
    if style not in MUSIC_STYLES or not number.isdigit():
        return ""
    leads = MUSIC_STYLES[style].leads
    return gettext(PROGRAM_NAMES[leads[(int(number) - 1) % len(leads)]]).lower()


def _describe_edit(label: str, amount: float) -> str:
    """How far a slider was moved: "gloss +30 %"."""
    change = gettext("{number}\u202f%").format(number=f"{100 * amount:+.0f}")
    return gettext("{gene} {change}").format(gene=label.lower(), change=change)


def _describe_weights(recipe: Recipe, parents: Sequence[str]) -> str:
    """Which part each parent has in a child."""
    weights = recipe.weights or (1.0,) * len(parents)
    total = sum(weights)
    parts = join(
        [
            gettext("{share} {parent}").format(share=percent(weight / total), parent=name)
            for weight, name in zip(weights, parents, strict=True)
            if weight > 0
        ]
    )
    if recipe.operator == "crossover":
        return gettext("Its parts were taken whole from its parents: about {parts}.").format(
            parts=parts
        )
    return gettext("It is a blend of {parts}.").format(parts=parts)


def describe_finishing(artwork: Artwork) -> list[str]:
    """The finishing steps of a picture, without enlarging, which every picture has."""
    try:
        finishing = artwork.read_genome().finishing
    except Refused:
        return []
    steps = [
        gettext(STEPS[name].label).lower()
        for name, _settings in finishing
        if name in STEPS and name != "resolution"
    ]
    return [gettext("Finished with {steps}.").format(steps=join(steps))] if steps else []


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _labels(generator: str) -> dict[str, str]:
    """The labels of gene groups, sliders and choices by key, and of options by "choice=value".

    Empty if the species is not installed any more.
    """
    try:
        space = species(generator).space
    except Refused:
        return {}
    labels = {group.key: gettext(group.label) for group in space.groups}
    labels |= {slider.key: gettext(slider.label) for slider in space.sliders}
    labels |= {choice.key: gettext(choice.label) for choice in space.choices}
    return labels | {
        f"{choice.key}={value}": gettext(label).lower()
        for choice in space.choices
        for value, label in choice.options
    }
