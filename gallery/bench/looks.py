"""Looks: the child of the bench with each style, palette or mock-up, or each band of a tune, small.

A look changes one thing of the child: the main setting of one finishing step, what is mixed with
it, or one choice among its genes. They are rendered behind every live frame, while nobody moves
anything.
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
# Settings that are mixed with the main one of their step -> the setting that says how much.
SHARES = {"second": "mix"}
HALF = 0.5  # How much of it a look shows where the child has none yet.
NONE = ""  # The look of a child without the step or its share, or with the choice as it was bred.
ORDER = list(STEPS)


@dataclass(frozen=True)
class Look:
    """One look: `value` for the finishing step `step`, or for the gene choice `choice`.

    Of the two, one is empty. setting: of the step, one of SHARES; "" for its main setting.
    """

    value: str
    step: str = ""
    choice: str = ""
    setting: str = ""

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
        given = next((given for name, given in present if name == self.step), {})
        steps: list[tuple[str, Mapping[str, Any]]] = [
            (name, given) for name, given in present if name != self.step
        ]
        if self.setting:
            steps.append((self.step, {**given, **self._shared(given)}))
        elif self.value:
            value = PALETTES[self.value] if self.step == "palette" else self.value
            steps.append((self.step, {**given, MAIN_SETTINGS[self.step]: value}))
        if len(steps) > MAX_STEPS:
            raise Refused(
                "A picture can have at most {most} finishing steps. Switch one off first.",
                most=MAX_STEPS,
            )
        return read_steps(sorted(steps, key=lambda step: ORDER.index(step[0])))

    def _shared(self, given: Mapping[str, Any]) -> dict[str, Any]:
        share = SHARES[self.setting]
        if not self.value:
            return {share: 0.0}
        return {self.setting: self.value, share: given.get(share) or HALF}


def values_of(step: str, setting: str = "") -> tuple[str, ...]:
    """The values that a step's looks may have. Raises Refused for a step or setting without looks.

    setting: one of SHARES, "" for the main one.
    """
    main = MAIN_SETTINGS.get(step)
    if main is None:
        raise Refused("Only these steps have looks: {steps}.", steps=", ".join(MAIN_SETTINGS))
    settings = {one.key: one for one in STEPS[step].settings}
    if setting and (setting not in SHARES or setting not in settings):
        raise Refused("There are no looks of “{setting}”.", setting=setting)
    found = settings[setting or main]
    return (NONE, *(found.choices if isinstance(found, Choice) else PALETTES))
