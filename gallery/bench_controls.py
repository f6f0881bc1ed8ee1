"""What the bench's page is told of a species and of a genome: everything that its controls are built from."""

from typing import Any

from gallery.bench_help import CONTROLS
from gallery.finish_help import about_setting, about_step
from gallery.slider_help import about_choice, about_group, about_slider
from generation.finishing.steps import PALETTES, STEPS, Amount, Choice, Colour, Colours, Step, brief_steps
from generation.genespaces import Species, species
from generation.genome import Genome

KINDS = {Amount: "amount", Choice: "choice", Colour: "colour", Colours: "colours"}
MOST_UNUSUAL = 1.3  # Beyond this truncation, learnt works fall apart.


def tell_species(key: str, *, digest: str = "") -> dict[str, Any]:
    """The gene groups, sliders and choices of a species, and the finishing steps that fit it, each with a word of help."""
    kind = species(key, digest=digest)
    medium = kind.checkpoint.card["medium"]
    return {
        "key": kind.key,
        "name": kind.checkpoint.card["name"],
        "medium": medium,
        "groups": [
            {"key": group.key, "label": group.label, "help": about_group(kind.key, group.key, label=group.label)}
            for group in kind.space.groups
        ],
        "sliders": [
            {
                "key": slider.key, "label": slider.label, "group": slider.group,
                "low": slider.low_label, "high": slider.high_label,
                "help": about_slider(
                    kind.key, slider.key, label=slider.label, low=slider.low_label, high=slider.high_label
                ),
            }
            for slider in kind.space.sliders
        ],
        "choices": [
            {
                "key": choice.key, "label": choice.label, "options": [list(option) for option in choice.options],
                "help": about_choice(kind.key, choice.key, label=choice.label),
            }
            for choice in kind.space.choices
        ],
        "psi": MOST_UNUSUAL if kind.space.has_psi and medium == "picture" else None,
        "psi_help": str(CONTROLS["psi"].words),
        "steps": [tell_step(step) for step in STEPS.values() if fits(step, kind)] if medium == "picture" else [],
        "palettes": [{"name": name.capitalize(), "colours": list(colours)} for name, colours in PALETTES.items()],
    }


def tell_genes(genome: Genome) -> dict[str, Any]:
    """What the controls of a child start from: a parent's truncation and finishing."""
    return {"psi": genome.psi, "finishing": brief_steps(genome.finishing)}


def fits(step: Step, kind: Species) -> bool:
    """Whether the step's weights are here and, for enlarging, whether the species paints smaller than it is shown."""
    is_enlarged = any(name == "resolution" for name, _settings in kind.checkpoint.card.get("finishing", []))
    return step.is_available and (step.name != "resolution" or is_enlarged)


def tell_step(step: Step) -> dict[str, Any]:
    """A finishing step and its settings, with labels for a panel where the step's name stands above them."""
    return {
        "name": step.name, "label": step.label, "help": about_step(step.name, label=step.label),
        "settings": [tell_setting(setting, step=step.name) for setting in step.settings],
    }


def tell_setting(setting, *, step: str) -> dict[str, Any]:
    """One setting of a step: a slider, a list of words, a colour, a palette, or a borrowed manner."""
    label = setting.label.removeprefix("The ")
    told = {
        "key": setting.key, "label": label[:1].upper() + label[1:], "kind": KINDS.get(type(setting), "manner"),
        "default": list(setting.default) if isinstance(setting, Colours) else setting.default,
    }
    told["help"] = about_setting(step, setting.key, label=told["label"])
    if isinstance(setting, Amount):
        told |= {"low": setting.low, "high": setting.high}
    if isinstance(setting, Choice):
        told["choices"] = [list(choice) for choice in setting.choices.items()]
    return told
