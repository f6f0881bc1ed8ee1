"""The gene space of an imported StyleGAN: the w of every layer, called w+.

Mixing and sliders live in w, where features are nearly straight directions; z would be smaller but
cannot be mixed by layers. A blend is linear. Crossover takes whole layers, coarse ones for shape,
middle ones for features, fine ones for colour and texture (Karras et al. 2019, style mixing).
Abdal, R., Qin, Y., Wonka, P. (2019). Image2StyleGAN. ICCV (w+).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from generation.checkpoints import Checkpoint
from generation.genespaces.base import GeneChoice, GeneGroup, GeneSlider, Weights
from generation.genespaces.latent import slug_of
from generation.genespaces.stylegan_mapping import MappingNetwork
from generation.refusal import Refused
from generation.words import word

MAPPING = "mapping.safetensors"
EDIT_REACH = 2.0  # A slider at its end moves so many standard deviations along its direction.
MUTATION_REACH = 0.8  # How far towards a fresh work a mutation of rate 1 goes.
# Shares of what a work differs by from its kind that it keeps as another kind, tried in this order.
KEPT = (1.0, 0.75, 0.5, 0.25, 0.0)


class StyleGanSpace:
    """Operators on float32 genes [layers * w_dim]."""

    has_psi: bool = True

    def __init__(
        self,
        *,
        mapping: MappingNetwork,
        layers: int,
        psi: float,
        groups: Sequence[Mapping[str, Any]],
        sliders: Sequence[Mapping[str, Any]],
        directions: Mapping[str, np.ndarray],
        kinds: Sequence[str] = (),
        centres: np.ndarray | None = None,
    ) -> None:
        """layers: how many w a genome has. psi: the truncation of fresh works.

        directions: of each slider, [w_dim], one standard deviation long. kinds: the names of the
        classes. centres: the mean w of each class, [kinds, w_dim].
        """
        self._mapping, self._layers, self._psi = mapping, layers, psi
        self._w_dim = len(mapping.average)
        self.size = layers * self._w_dim
        self.groups = tuple(GeneGroup(group["key"], group["label"]) for group in groups)
        self.sliders = tuple(
            GeneSlider(one["key"], one["label"], one["group"], one["low_label"], one["high_label"])
            for one in sliders
        )
        self._layers_of = {group["key"]: list(group["layers"]) for group in groups}
        self._group_of = {one["key"]: one["group"] for one in sliders}
        self._directions = directions
        self._kinds, self._centres = [slug_of(name) for name in kinds], centres
        options = tuple(zip(self._kinds, (name.capitalize() for name in kinds), strict=True))
        kind = GeneChoice("kind", word("Kind"), options)
        self.choices: tuple[GeneChoice, ...] = (kind,) if len(options) > 1 else ()

    def sample(self, rng: np.random.Generator, *, version: int = 1) -> np.ndarray:
        """A fresh work of any class, drawn in a little towards the average, as is usual."""
        kind = int(rng.integers(self._mapping.classes)) if self._mapping.classes else 0
        return self._fresh(rng, kind)

    def _fresh(self, rng: np.random.Generator, kind: int) -> np.ndarray:
        w = self._mapping(rng.standard_normal((1, self._mapping.z_dim)), kind=kind)
        w = self._mapping.average + np.float32(self._psi) * (w - self._mapping.average)
        return w.repeat(self._layers, axis=0).reshape(-1).astype(np.float32)

    def blend(
        self, parents: Sequence[np.ndarray], weights: Weights, *, version: int = 1
    ) -> np.ndarray:
        """The point between the parents on straight lines, in every version of breeding."""
        shares = np.asarray(weights, np.float64)
        if shares.max() == 1.0:
            return np.array(parents[int(shares.argmax())], np.float32)
        return (shares @ np.stack(parents).astype(np.float64)).astype(np.float32)

    def crossover(
        self, parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
    ) -> np.ndarray:
        """Each group of layers whole from one parent.

        With several weighted parents, at least two of them give something.
        """
        shares = np.asarray(weights, np.float64)
        chosen = rng.choice(len(parents), size=len(self.groups), p=shares)
        others = np.flatnonzero(shares > 0)
        if len(others) > 1 and len(chosen) > 1 and len(set(chosen)) == 1:
            first = int(rng.integers(1, len(chosen)))
            chosen[first:] = rng.choice(others[others != chosen[0]])
        child = np.array(parents[int(chosen[0])], np.float32)
        for group, parent in zip(self.groups, chosen, strict=True):
            child = self.take_group(child, parents[int(parent)], group.key)
        return child

    def take_group(self, child: np.ndarray, parent: np.ndarray, group: str) -> np.ndarray:
        """The child with the layers of one group from the parent."""
        mixed = self._shaped(np.array(child, np.float32))
        layers = self._layers_of[group]
        mixed[layers] = self._shaped(parent)[layers]
        return mixed.reshape(-1)

    def mutate(
        self, genes: np.ndarray, rate: float, rng: np.random.Generator, *, version: int = 1
    ) -> np.ndarray:
        """Go towards a fresh work of the same class."""
        if rate <= 0:
            return np.array(genes, np.float32)
        fresh = self._fresh(rng, self._kind_of(genes) if self._mapping.classes else 0)
        share = np.float32(MUTATION_REACH * min(1.0, rate))
        return (genes + share * (fresh - genes)).astype(np.float32)

    def edit(self, genes: np.ndarray, slider: str, amount: float) -> np.ndarray:
        """Move the layers of the slider's group along its direction."""
        moved = self._shaped(np.array(genes, np.float32))
        if amount:
            step = np.float32(amount * EDIT_REACH) * self._directions[slider]
            moved[self._layers_of[self._group_of[slider]]] += step
        return moved.reshape(-1)

    def choose(self, genes: np.ndarray, choice: str, value: str) -> np.ndarray:
        """The work as another class: moved by the difference of the classes' centres.

        Where it would still be nearest to another centre, it keeps less of its own.
        """
        assert self._centres is not None  # Without classes there is no choice.
        now, wanted = self._kind_of(genes), self._kinds.index(value)
        if now == wanted:
            return np.array(genes, np.float32)
        own = self._shaped(genes) - self._centres[now]
        centre = self._centres[wanted]
        tried = ((centre + kept * own).astype(np.float32).reshape(-1) for kept in KEPT)
        # Two classes with the same centre cannot be told apart.
        same = np.tile(centre, self._layers)
        return next((genes for genes in tried if self._kind_of(genes) == wanted), same)

    def chosen(self, genes: np.ndarray, choice: str) -> str:
        """The class whose centre is nearest to the mean of the layers."""
        return self._kinds[self._kind_of(genes)]

    def _kind_of(self, genes: np.ndarray) -> int:
        assert self._centres is not None
        gaps = np.square(self._centres - self._shaped(genes).mean(0)).sum(1)
        return int(gaps.argmin())

    def truncate(self, genes: np.ndarray, psi: float) -> np.ndarray:
        """The genes that the net paints: psi 0 is the average work, 1 changes nothing."""
        shaped = self._shaped(np.array(genes, np.float32))
        if psi != 1:
            shaped = self._mapping.average + np.float32(psi) * (shaped - self._mapping.average)
        return shaped.reshape(-1)

    def _shaped(self, genes: np.ndarray) -> np.ndarray:
        if genes.size != self.size:
            raise Refused(
                "These genes don't belong to this species: it has {size:,} of them, not"
                " {size_2:,}.",
                size=self.size,
                size_2=genes.size,
            )
        return np.reshape(genes, (self._layers, self._w_dim))


def stylegan_space(checkpoint: Checkpoint) -> StyleGanSpace:
    """The gene space of an imported species. Raises Refused when its files do not fit its card."""
    card = checkpoint.card
    try:
        tensors = load_file(checkpoint.path(MAPPING))
        _check(tensors, card)
        return StyleGanSpace(
            mapping=MappingNetwork(tensors),
            layers=card["net"]["num_ws"],
            psi=float(card["sampling"]["psi"]),
            groups=card["gene_groups"],
            sliders=card["sliders"],
            directions={one["key"]: tensors[f"slider.{one['key']}"] for one in card["sliders"]},
            kinds=card["kinds"],
            centres=tensors.get("centres"),
        )
    except (SafetensorError, KeyError, OSError, TypeError, ValueError) as error:
        raise Refused(
            "The species “{key}” is unavailable: {problem}",
            key=checkpoint.key[:40],
            problem=word("its mapping network is missing or does not fit its card."),
        ) from error


def _check(tensors: Mapping[str, np.ndarray], card: Mapping[str, Any]) -> None:
    """Raise ValueError for numbers that are not finite and for shapes that do not fit the card."""
    if not all(np.isfinite(tensor).all() for tensor in tensors.values()):
        raise ValueError("some numbers are not finite")
    w_dim, layers = card["net"]["w_dim"], card["net"]["num_ws"]
    shapes: dict[str, tuple[int, ...]] = {"average": (w_dim,)}
    shapes |= {f"slider.{one['key']}": (w_dim,) for one in card["sliders"]}
    if card["kinds"]:
        shapes["centres"] = (len(card["kinds"]), w_dim)
    if any(tensors[name].shape != shape for name, shape in shapes.items()):
        raise ValueError("some tensors have other lengths")
    if not all(
        layer in range(layers) for group in card["gene_groups"] for layer in group["layers"]
    ):
        raise ValueError("some groups name layers that are not there")
