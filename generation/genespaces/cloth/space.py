"""The gene space of a learnt species whose works wear cloth.

Its genes are those of the form, which a net draws, and then those of the cloth. Works from before
there was cloth have the genes of the form alone and look as they always did, and so do their
children among themselves. A card asks for cloth by its field "cloth".
"""

from collections.abc import Mapping, Sequence

import numpy as np

from generation.genespaces.base import GeneChoice, GeneGroup, GeneSlider, Weights
from generation.genespaces.cloth import operators, sliders
from generation.genespaces.cloth.layout import (
    BACKDROP,
    CLOTH,
    GROUND,
    GROUP_PLACES,
    GROUPS,
    LAYOUT,
    PALETTE,
    PLACES,
    SIZE,
    TEXTILES,
    WORN,
)
from generation.genespaces.cloth.plan import read_textiles
from generation.genespaces.cloth.sampling import sample, sample_for
from generation.genespaces.latent import LatentSpace

_FIRST = 4  # The version of breeding from which founders wear cloth.
_BACKDROP_APART = 0.25  # How often a crossover takes the backdrop from another parent.
_LOOK_OF_TEXTILE, _LOOK_OF_COLOURS = 0.6, 2.5


class ClothedSpace:
    """The operators of forms in cloth (see base.GeneSpace)."""

    has_psi: bool = True

    def __init__(self, form: LatentSpace, *, dyes: Mapping[str, str]) -> None:
        """form: the space of the net. dyes: its sliders that colour the picture -> those of
        `sliders.DYES` that do the same to a cloth.
        """
        self.form = form
        self.size = form.size + SIZE
        named = {group.key for group in form.groups}
        self.groups: tuple[GeneGroup, ...] = form.groups + tuple(
            group for group in GROUPS if group.key not in named
        )
        self.sliders: tuple[GeneSlider, ...] = form.sliders + sliders.SLIDERS
        self.choices: tuple[GeneChoice, ...] = (*form.choices, sliders.CHOICE)
        self._form_groups = named
        self._dyes = dyes

    def sample(self, rng: np.random.Generator, *, version: int = 1) -> np.ndarray:
        """A random form; from version 4 on in a random cloth."""
        form = self.form.sample(rng, version=version)
        return form if version < _FIRST else _joined(form, sample(rng))

    def look(self, genes: np.ndarray) -> np.ndarray:
        """The look of the form, the textile and the colours."""
        form, cloth = self.split(genes)
        worn = np.zeros(len(TEXTILES) + 12, np.float32)
        if cloth is not None:
            shares = dict(read_textiles(cloth[PLACES["textile"]]))
            textile = [_LOOK_OF_TEXTILE * shares.get(name, 0.0) for name in TEXTILES]
            colours = [_LOOK_OF_COLOURS * cloth[PLACES[name]] for name in (PALETTE, BACKDROP)]
            worn[:] = cloth[WORN] * np.concatenate([textile, *colours])
        return np.concatenate([self.form.look(form), worn])

    def blend(
        self, parents: Sequence[np.ndarray], weights: Weights, *, version: int = 1
    ) -> np.ndarray:
        """The form between the parents in the cloth between theirs.

        A weight of 1 returns exactly that parent.
        """
        shares = np.asarray(weights, np.float64)
        if shares.max() == 1.0:
            return np.array(parents[int(shares.argmax())], np.float32)
        forms, cloths = self._split_all(parents)
        form = self.form.blend(forms, shares, version=version)
        return _joined(form, operators.blend(cloths, shares))

    def crossover(
        self, parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
    ) -> np.ndarray:
        """Genes of the form whole from one parent or another, and the cloth as one from one."""
        forms, cloths = self._split_all(parents)
        form = self.form.crossover(forms, weights, rng)
        if all(cloth is None for cloth in cloths):
            return form
        shares = np.asarray(weights, np.float64)
        giver, other = (cloths[place] for place in rng.choice(len(parents), size=2, p=shares))
        child = _joined(form, giver)
        if rng.random() < _BACKDROP_APART and giver is not None and other is not None:
            child[form.size :][GROUP_PLACES[GROUND]] = other[GROUP_PLACES[GROUND]]
        return child

    def take_group(self, child: np.ndarray, parent: np.ndarray, group: str) -> np.ndarray:
        """The child with one gene group of the parent: of the form, of the cloth, or both."""
        (form, theirs), (cloth, given) = self._split_all([child, parent])
        if group in self._form_groups:
            form = self.form.take_group(form, theirs, group)
        if group == CLOTH and (cloth is None or given is None):
            cloth = given
        elif group in GROUP_PLACES and cloth is not None and given is not None:
            cloth = LAYOUT.take_group(cloth, given, group)
        return _joined(form, cloth)

    def mutate(
        self, genes: np.ndarray, rate: float, rng: np.random.Generator, *, version: int = 1
    ) -> np.ndarray:
        """Random change of the form, and of the cloth where there is one."""
        form, cloth = self.split(genes)
        changed = self.form.mutate(form, rate, rng, version=version)
        if cloth is None or rate <= 0:
            return _joined(changed, cloth)
        return _joined(changed, operators.mutate(cloth, rate, rng))

    def edit(self, genes: np.ndarray, slider: str, amount: float) -> np.ndarray:
        """Move one slider. One of the cloth dresses a garment that has none.

        One that dyes the picture dyes the cloth instead, as much as it covers.
        """
        form, cloth = self.split(genes)
        if amount == 0:
            return np.array(genes, np.float32)
        if slider not in {one.key for one in self.form.sliders}:
            return _joined(form, sliders.edit(_or_fresh(cloth, form), slider, amount))
        if cloth is None or slider not in self._dyes:
            return _joined(self.form.edit(form, slider, amount), cloth)
        bare = 1 - min(max(float(cloth[WORN]), 0.0), 1.0)
        dyed = sliders.edit(cloth, self._dyes[slider], amount)
        return _joined(self.form.edit(form, slider, bare * amount), dyed)

    def choose(self, genes: np.ndarray, choice: str, value: str) -> np.ndarray:
        """The work as another kind of thing, or in another textile, or only dyed."""
        form, cloth = self.split(genes)
        if choice != sliders.TEXTILE:
            return _joined(self.form.choose(form, choice, value), cloth)
        if value == self.chosen(genes, choice):
            return np.array(genes, np.float32)
        return _joined(form, sliders.choose(_or_fresh(cloth, form), value))

    def chosen(self, genes: np.ndarray, choice: str) -> str:
        """The kind of the works most similar to this one, or its textile."""
        form, cloth = self.split(genes)
        if choice != sliders.TEXTILE:
            return self.form.chosen(form, choice)
        return sliders.DYED if cloth is None else sliders.chosen(cloth)

    def truncate(self, genes: np.ndarray, psi: float) -> np.ndarray:
        """The genes of the form that the net draws."""
        return self.form.truncate(self.split(genes)[0], psi)

    def split(self, genes: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """The genes of the form, and of the cloth if there is one.

        Raises Refused for genes of another length.
        """
        if genes.size not in (self.form.size, self.size):
            LAYOUT.check(genes[self.form.size :])
        return genes[: self.form.size], genes[self.form.size :] if genes.size == self.size else None

    def _split_all(
        self, several: Sequence[np.ndarray]
    ) -> tuple[list[np.ndarray], list[np.ndarray | None]]:
        pairs = [self.split(genes) for genes in several]
        return [form for form, _ in pairs], [cloth for _, cloth in pairs]


def _joined(form: np.ndarray, cloth: np.ndarray | None) -> np.ndarray:
    return form if cloth is None else np.concatenate([form, cloth]).astype(np.float32)


def _or_fresh(cloth: np.ndarray | None, form: np.ndarray) -> np.ndarray:
    """The cloth, or one that is not worn yet and follows from the form."""
    if cloth is not None:
        return cloth
    fresh = sample_for(form)
    fresh[WORN] = 0.0
    return fresh
