"""The payloads that the bench's page builds its controls from: of a species and of a genome."""

from typing import Any

from django.urls import reverse

from gallery.bench.help_finishing import about_setting, about_step
from gallery.bench.help_sliders import about_choice, about_group, about_slider
from gallery.i18n.stored_sentences import translated
from generation.finishing.presets import PALETTE_NAMES, PALETTES
from generation.finishing.settings import Amount, Choice, Colour, Colours, Setting
from generation.finishing.steps import STEPS, Step, brief_steps
from generation.finishing.styles import PROGRAM_NAMES, STYLES
from generation.genespaces import Species, species
from generation.genespaces.base import GeneChoice, GeneGroup, GeneSlider
from generation.genespaces.diffusion import CLOSENESS
from generation.genespaces.pictures import STORED
from generation.genome import Genome

KINDS = {Amount: "amount", Choice: "choice", Colour: "colour", Colours: "colours"}
MAX_PSI = 1.3  # Beyond this truncation, pictures of learnt species fall apart.


def species_payload(key: str, *, digest: str = "", has_grafts: bool = False) -> dict[str, Any]:
    """The gene groups, sliders, choices and finishing steps of a species, with their help texts.

    has_grafts: whether one of the parents is painted over a picture. Without, the slider that says
    how much of it stays would do nothing.
    """
    kind = species(key, digest=digest)
    sliders = [one for one in kind.space.sliders if has_grafts or one.key != CLOSENESS]
    medium = kind.checkpoint.card["medium"]
    return {
        "key": kind.key,
        "name": translated(kind.checkpoint.card["name"]),
        "url": reverse("species", args=[kind.key]),
        "medium": medium,
        # Uploaded pictures have none: they are only finished.
        "has_genes": kind.checkpoint.card["architecture"] not in STORED,
        # Pixels along an edge of what the net paints, before it is enlarged; None for any size.
        "edge": kind.checkpoint.card.get("size") if medium == "picture" else None,
        # Pixels along an edge of live pictures while something moves; None for the usual number.
        "moving_size": kind.checkpoint.card.get("moving_size"),
        "groups": [group_payload(group, kind=kind.key) for group in kind.space.groups],
        "sliders": [slider_payload(slider, kind=kind.key) for slider in sliders],
        "choices": [
            choice_payload(choice, kind=kind.key, medium=medium) for choice in kind.space.choices
        ],
        "psi": MAX_PSI if kind.space.has_psi and medium == "picture" else None,
        "steps": (
            [step_payload(step) for step in STEPS.values() if fits(step, kind)]
            if medium == "picture"
            else []
        ),
        "palettes": [
            {"key": key, "name": translated(PALETTE_NAMES[key]), "colours": list(colours)}
            for key, colours in PALETTES.items()
        ],
    }


def group_payload(group: GeneGroup, *, kind: str) -> dict[str, str]:
    """A group of genes. kind: the key of the species, here and below."""
    label = translated(group.label)
    return {"key": group.key, "label": label, "help": about_group(kind, group.key, label=label)}


def slider_payload(slider: GeneSlider, *, kind: str) -> dict[str, str]:
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


def choice_payload(choice: GeneChoice, *, kind: str, medium: str = "") -> dict[str, Any]:
    """A gene choice. Of a tune's lead it has the instruments of each style, as [program, name]."""
    label = translated(choice.label)
    options = [[value, translated(name)] for value, name in choice.options]
    payload: dict[str, Any] = {
        "key": choice.key,
        "label": label,
        "options": options,
        "help": about_choice(kind, choice.key, label=label),
    }
    if choice.key == "lead" and medium == "music":
        # The same number is another instrument in every style.
        payload["names"] = {
            style.key: [[program, translated(PROGRAM_NAMES[program])] for program in style.leads]
            for style in STYLES.values()
        }
    return payload


def genes_payload(genome: Genome) -> dict[str, Any]:
    """Where the controls of a child start: the truncation and the finishing of a parent."""
    return {"psi": genome.psi, "finishing": brief_steps(genome.finishing)}


def fits(step: Step, kind: Species) -> bool:
    """Whether the step can be used with a species.

    Its weights must be installed, and "resolution" needs a species that paints smaller than shown.
    """
    is_enlarged = any(
        name == "resolution" for name, _settings in kind.checkpoint.card.get("finishing", [])
    )
    return step.is_available and (step.name != "resolution" or is_enlarged)


def step_payload(step: Step) -> dict[str, Any]:
    """A finishing step and its settings."""
    label = translated(step.label)
    return {
        "name": step.name,
        "label": label,
        "help": about_step(step.name, label=label),
        "fresh": step.fresh,
        "settings": [setting_payload(setting, step=step.name) for setting in step.settings],
    }


def setting_payload(setting: Setting, *, step: str) -> dict[str, Any]:
    """One setting of a step: a slider, a choice, a colour, a palette, or a borrowed style."""
    # The panel shows the step's name above its settings. Only English has an article to remove.
    label = translated(setting.label).removeprefix("The ")
    payload: dict[str, Any] = {
        "key": setting.key,
        "label": label[:1].upper() + label[1:],
        "kind": KINDS.get(type(setting), "manner"),
        "default": list(setting.default) if isinstance(setting, Colours) else setting.default,
    }
    payload["help"] = about_setting(step, setting.key, label=payload["label"])
    if isinstance(setting, Amount):
        payload |= {"low": setting.low, "high": setting.high}
    if isinstance(setting, Choice):
        payload["choices"] = [[value, translated(name)] for value, name in setting.choices.items()]
    return payload
