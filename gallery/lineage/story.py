"""How a work came about, in plain sentences. Works that a person may not name stay nameless."""

from collections.abc import Sequence

from django.utils.translation import gettext, gettext_lazy, ngettext

from gallery.lineage.credit import percent
from gallery.lineage.graph import nameable
from gallery.models import Artwork
from generation.finishing.steps import STEPS
from generation.genespaces import species
from generation.genome import Recipe
from generation.pedigree import Pedigree
from generation.refusal import Refused

SEED = "seed:"
# What is said of a tune that its maker brought (gallery.upload.actions).
BROUGHT = {
    "sound": gettext_lazy(
        "Its maker hummed or played a melody; the notes heard in the recording became its"
        " first phrases."
    ),
    "midi": gettext_lazy(
        "Its maker uploaded a melody as a MIDI file; its first phrases come from there."
    ),
}


def describe_recipe(artwork: Artwork, user) -> list[str]:
    """How a work came about, in a few plain sentences: where from, the last brood, and the
    finish.
    """
    if artwork.pedigree.get("upload") in BROUGHT:
        return [str(BROUGHT[artwork.pedigree["upload"]])]
    try:
        pedigree = Pedigree.from_json(artwork.pedigree)
    except Refused:
        return [gettext("How it came about was not recorded.")]
    if not pedigree.steps:
        return [gettext("It is a founder: its genes were drawn at random.")]
    names = names_of_roots(pedigree, user)
    broods = len(pedigree.steps)
    told = [
        ngettext(
            "It was bred in one brood from {parents}.",
            "It was bred over {broods} broods from {parents}; only the last child was published.",
            broods,
        ).format(broods=broods, parents=join(list(dict.fromkeys(names))))
    ]
    last = pedigree.steps[-1]
    told += describe_step(last.recipe, name_inputs(pedigree, names, last.parents), artwork.species_id)
    return told + describe_finishing(artwork)


def names_of_roots(pedigree: Pedigree, user) -> list[str]:
    """What to call each root of a pedigree, for this person."""
    works = dict(nameable(user).filter(slug__in=pedigree.roots).values_list("slug", "title"))
    return [name_root(root, works) for root in pedigree.roots]


def name_root(root: str, titles: dict[str, str]) -> str:
    """What to call a root; titles: slug -> title of those that may be named."""
    if root.startswith(SEED):
        return gettext("a new founder")
    return (
        gettext("“{title}”").format(title=titles[root])
        if root in titles
        else gettext("a work that is not public")
    )


def name_inputs(pedigree: Pedigree, names: Sequence[str], positions: Sequence[int]) -> list[str]:
    """What to call the parents of one step: roots by name, earlier children by the number of their
    brood.
    """
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
    """A list in words."""
    if len(parts) < 2:
        return "".join(parts)
    return gettext("{many} and {last}").format(many=gettext(", ").join(parts[:-1]), last=parts[-1])


def describe_step(recipe: Recipe, parents: Sequence[str], generator: str) -> list[str]:
    """One breeding in sentences. parents: what to call them; generator: the key of the species, for
    the names of its genes.
    """
    labels = _labels(generator)
    told = []
    if len(parents) > 1:
        told.append(_tell_weights(recipe, parents))
    for group, index in sorted(recipe.mask.items()):
        words = gettext("{group} comes from {parent}.")
        told.append(words.format(group=_capital(labels.get(group, group)), parent=parents[index]))
    if recipe.mutation_rate >= 0.005:
        words = gettext("Then {rate} of random change was added.")
        told.append(words.format(rate=percent(recipe.mutation_rate)))
    moved = [
        _tell_edit(labels.get(slider, slider), amount)
        for slider, amount in sorted(recipe.edits.items())
        if amount
    ]
    if moved:
        told.append(gettext("Adjusted by hand: {moved}.").format(moved=join(moved)))
    for choice, value in sorted(recipe.choices.items()):
        words = gettext("{choice}, chosen by hand: {value}.")
        chosen = labels.get(f"{choice}={value}") or gettext(value.replace("-", " "))
        told.append(words.format(choice=_capital(labels.get(choice, choice)), value=chosen))
    if recipe.psi is not None and recipe.psi != 1:
        told.append(
            gettext("It was moved closer to what is typical of its species.")
            if recipe.psi < 1
            else gettext("It was moved further from what is typical of its species.")
        )
    return told


def _tell_edit(label: str, amount: float) -> str:
    """How far a slider was moved: "gloss +30 %"."""
    change = gettext("{number}\u202f%").format(number=f"{100 * amount:+.0f}")
    return gettext("{gene} {change}").format(gene=label.lower(), change=change)


def _tell_weights(recipe: Recipe, parents: Sequence[str]) -> str:
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
    """What was done to the picture after the net, but for enlarging, which is done to all."""
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
    """What people call the gene groups, sliders and choices, and under "choice=value" what can be
    chosen.

    Nothing when the species is not here any more.
    """
    try:
        space = species(generator).space
    except Refused:
        return {}
    told = {
        named.key: gettext(named.label) for named in (*space.groups, *space.sliders, *space.choices)
    }
    return told | {
        f"{choice.key}={value}": gettext(label).lower()
        for choice in space.choices
        for value, label in choice.options
    }
