"""Looks: the child of the bench with each style, palette or mock-up, or each band of a tune, small.

A look changes one thing of the child: the main setting of one finishing step, or one choice among
its genes. They are rendered behind every live frame, while nobody moves anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from generation.finishing.presets import PALETTES
from generation.finishing.settings import Choice
from generation.finishing.steps import MAX_STEPS, STEPS, Finishing, read_steps
from generation.genome import Genome, Recipe
from generation.refusal import Refused

# The steps that have looks -> the setting that tells them apart.
MAIN_SETTINGS = {"style": "style", "palette": "colours", "mock-up": "template"}
NONE = ""  # The look of a child without the step, or with the choice as it was bred.
ORDER = list(STEPS)


@dataclass(frozen=True)
class Look:
    """One look: `value` for the finishing step `step`, or for the gene choice `choice`.

    Of the two, one is empty.
    """

    value: str
    step: str = ""
    choice: str = ""

    def apply_to_recipe(self, recipe: Recipe) -> Recipe:
        """The recipe of the child with this look; the same one for a finishing step."""
        if not self.choice:
            return recipe
        others = {name: value for name, value in recipe.choices.items() if name != self.choice}
        return replace(recipe, choices=others | ({self.choice: self.value} if self.value else {}))

    def apply_to_genome(self, genome: Genome) -> Genome:
        """The child with this look; the same one for a gene choice.

        Raises Refused where the child has as many steps as there may be.
        """
        if not self.step:
            return genome
        return replace(genome, finishing=self._finishing(genome.finishing))

    def _finishing(self, present: Finishing) -> Finishing:
        settings = next((given for name, given in present if name == self.step), {})
        steps: list[tuple[str, Mapping[str, Any]]] = [
            (name, given) for name, given in present if name != self.step
        ]
        if self.value:
            value = PALETTES[self.value] if self.step == "palette" else self.value
            steps.append((self.step, {**settings, MAIN_SETTINGS[self.step]: value}))
        if len(steps) > MAX_STEPS:
            raise Refused(
                "A picture can have at most {most} finishing steps. Switch one off first.",
                most=MAX_STEPS,
            )
        return read_steps(sorted(steps, key=lambda step: ORDER.index(step[0])))


def values_of(step: str) -> tuple[str, ...]:
    """The values that a step's looks may have. Raises Refused for a step without looks."""
    key = MAIN_SETTINGS.get(step)
    if key is None:
        raise Refused("Only these steps have looks: {steps}.", steps=", ".join(MAIN_SETTINGS))
    setting = next(setting for setting in STEPS[step].settings if setting.key == key)
    return (NONE, *(setting.choices if isinstance(setting, Choice) else PALETTES))
