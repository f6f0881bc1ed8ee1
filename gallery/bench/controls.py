"""What the bench's page is told of a species and of a genome: everything that its controls are
built from.
"""

from typing import Any

from gallery.bench.help_finishing import about_setting, about_step
from gallery.bench.help_sliders import about_choice, about_group, about_slider
from gallery.i18n.stored_sentences import translated
from generation.finishing.presets import PALETTE_NAMES, PALETTES
from generation.finishing.settings import Amount, Choice, Colour, Colours
from generation.finishing.steps import STEPS, Step, brief_steps
from generation.genespaces import Species, species
from generation.genespaces.base import GeneChoice, GeneGroup, GeneSlider
from generation.genome import Genome

KINDS = {Amount: "amount", Choice: "choice", Colour: "colour", Colours: "colours"}
MOST_UNUSUAL = 1.3  # Beyond this truncation, learnt works fall apart.


def tell_species(key: str, *, digest: str = "") -> dict[str, Any]:
    """The gene groups, sliders and choices of a species, and the finishing steps that fit it, each
    with a word of help.
    """
    kind = species(key, digest=digest)
    medium = kind.checkpoint.card["medium"]
    return {
        "key": kind.key,
        "name": translated(kind.checkpoint.card["name"]),
        "medium": medium,
        "groups": [tell_group(group, kind=kind.key) for group in kind.space.groups],
        "sliders": [tell_slider(slider, kind=kind.key) for slider in kind.space.sliders],
        "choices": [tell_choice(choice, kind=kind.key) for choice in kind.space.choices],
        "psi": MOST_UNUSUAL if kind.space.has_psi and medium == "picture" else None,
        "steps": (
            [describe_step(step) for step in STEPS.values() if fits(step, kind)]
            if medium == "picture"
            else []
        ),
        "palettes": [
            {"name": translated(PALETTE_NAMES[key]), "colours": list(colours)}
            for key, colours in PALETTES.items()
        ],
    }


def tell_group(group: GeneGroup, *, kind: str) -> dict[str, str]:
    """A part of the genes. kind: the key of the species, here and below."""
    label = translated(group.label)
    return {"key": group.key, "label": label, "help": about_group(kind, group.key, label=label)}


def tell_slider(slider: GeneSlider, *, kind: str) -> dict[str, str]:
    label, low, high = map(translated, (slider.label, slider.low_label, slider.high_label))
    words = about_slider(kind, slider.key, label=label, low=low, high=high)
    return {
        "key": slider.key,
        "label": label,
        "group": slider.group,
        "low": low,
        "high": high,
        "help": words,
    }


def tell_choice(choice: GeneChoice, *, kind: str) -> dict[str, Any]:
    label = translated(choice.label)
    options = [[value, translated(name)] for value, name in choice.options]
    return {
        "key": choice.key,
        "label": label,
        "options": options,
        "help": about_choice(kind, choice.key, label=label),
    }


def tell_genes(genome: Genome) -> dict[str, Any]:
    """What the controls of a child start from: a parent's truncation and finishing."""
    return {"psi": genome.psi, "finishing": brief_steps(genome.finishing)}


def fits(step: Step, kind: Species) -> bool:
    """Whether the step's weights are here and, for enlarging, whether the species paints smaller
    than it is shown.
    """
    is_enlarged = any(
        name == "resolution" for name, _settings in kind.checkpoint.card.get("finishing", [])
    )
    return step.is_available and (step.name != "resolution" or is_enlarged)


def describe_step(step: Step) -> dict[str, Any]:
    """A finishing step and its settings, with labels for a panel where the step's name stands above
    them.
    """
    label = translated(step.label)
    return {
        "name": step.name,
        "label": label,
        "help": about_step(step.name, label=label),
        "settings": [tell_setting(setting, step=step.name) for setting in step.settings],
    }


def tell_setting(setting, *, step: str) -> dict[str, Any]:
    """One setting of a step: a slider, a list of words, a colour, a palette, or a borrowed
    manner.
    """
    label = translated(setting.label).removeprefix(
        "The "
    )  # Other languages have no article to take away.
    told = {
        "key": setting.key,
        "label": label[:1].upper() + label[1:],
        "kind": KINDS.get(type(setting), "manner"),
        "default": list(setting.default) if isinstance(setting, Colours) else setting.default,
    }
    told["help"] = about_setting(step, setting.key, label=told["label"])
    if isinstance(setting, Amount):
        told |= {"low": setting.low, "high": setting.high}
    if isinstance(setting, Choice):
        told["choices"] = [[value, translated(name)] for value, name in setting.choices.items()]
    return told
