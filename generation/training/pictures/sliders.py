"""Named gene sliders of a picture species.

They are principal directions of its codes, named by what they are measured to change. For every
gene group the codes' principal components are tried on real codes, one standard deviation to either
side; each keeps the name of the property that it moves most, in units of that property's spread
over works (PCA of latents: Härkönen et al. 2020, "GANSpace").
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from generation.gene_statistics import GeneStatistics
from generation.nets.style_vae import Generator
from generation.words import word

COMPONENTS = 8  # Directions tried in each group.
SLIDERS_A_GROUP = 3
PROBES = 32
FAINTEST = 0.2  # A direction that moves its property by less than so many spreads makes no slider.


@dataclass(frozen=True)
class Property:
    """Something that can be measured on pictures, and the words at a slider's ends.

    measure: takes pictures in 0..1, [count, height, width, 3], and returns [count].
    """

    label: str
    low_label: str
    high_label: str
    measure: Callable[[np.ndarray], np.ndarray]


def border(pictures: np.ndarray) -> np.ndarray:
    """Return the ground's colour, [count, 3]: the median of the topmost rows' corners."""
    corners = np.concatenate([pictures[:, :3, :4], pictures[:, :3, -4:]], axis=2)
    return np.median(corners.reshape(len(pictures), -1, 3), axis=1)


def figure(pictures: np.ndarray) -> np.ndarray:
    """Return where the picture differs from its ground, 0 or 1 [count, height, width]."""
    return (np.abs(pictures - border(pictures)[:, None, None]).max(3) > 0.12).astype(np.float64)


def luma(pictures: np.ndarray) -> np.ndarray:
    return pictures @ np.array([0.299, 0.587, 0.114])


def over_figure(values: np.ndarray, pictures: np.ndarray) -> np.ndarray:
    """Return the mean of a map over the figure."""
    mask = figure(pictures)
    return (values * mask).sum((1, 2)) / np.maximum(mask.sum((1, 2)), 1)


def centre(pictures: np.ndarray, axis: int) -> np.ndarray:
    """Return where the figure's middle lies along an axis (1: rows, 2: columns), 0..1."""
    weights = figure(pictures).sum(3 - axis)
    places = np.linspace(0, 1, weights.shape[1])
    return weights @ places / np.maximum(weights.sum(1), 1e-6)


def spread(pictures: np.ndarray, axis: int) -> np.ndarray:
    """Return the share of rows or columns in which the figure shows."""
    return (figure(pictures).max(3 - axis) > 0).mean(1)


def steps(pictures: np.ndarray) -> np.ndarray:
    """Return the mean size of steps between neighbouring pixels: how busy a picture is."""
    grey = luma(pictures)
    return np.abs(np.diff(grey, axis=1)).mean((1, 2)) + np.abs(np.diff(grey, axis=2)).mean((1, 2))


PROPERTIES = {
    "lightness": Property(
        word("Lightness"), word("darker"), word("lighter"), lambda p: over_figure(luma(p), p)
    ),
    "warmth": Property(
        word("Warmth"),
        word("cooler"),
        word("warmer"),
        lambda p: over_figure(p[..., 0] - p[..., 2], p),
    ),
    "green": Property(
        word("Green or red"),
        word("redder"),
        word("greener"),
        lambda p: over_figure(p[..., 1] - p[..., 0], p),
    ),
    "vividness": Property(
        word("Vividness"),
        word("muted"),
        word("vivid"),
        lambda p: over_figure(p.max(3) - p.min(3), p),
    ),
    "fullness": Property(
        word("Fullness"), word("slimmer"), word("fuller"), lambda p: figure(p).mean((1, 2))
    ),
    "width": Property(word("Width"), word("narrower"), word("wider"), lambda p: spread(p, 2)),
    "length": Property(word("Length"), word("shorter"), word("longer"), lambda p: spread(p, 1)),
    "height": Property(
        word("Weight"), word("top-heavy"), word("bottom-heavy"), lambda p: centre(p, 1)
    ),
    "side": Property(
        word("Side"), word("leaning left"), word("leaning right"), lambda p: centre(p, 2)
    ),
    "detail": Property(word("Detail"), word("plainer"), word("busier"), steps),
    "ground": Property(
        word("Background"),
        word("darker background"),
        word("lighter background"),
        lambda p: luma(border(p)),
    ),
    "ground-warmth": Property(
        word("Background warmth"),
        word("cooler background"),
        word("warmer background"),
        lambda p: border(p)[:, 0] - border(p)[:, 2],
    ),
}


def gene_groups(n_genes: int) -> list[dict[str, Any]]:
    """Return which genes belong together where nobody looked.

    Coarse ones are shape, middle ones features, fine ones colour.
    """
    return [
        {"key": "shape", "label": word("Shape"), "genes": [0, 1]},
        {
            "key": "features",
            "label": word("Features"),
            "genes": list(range(2, n_genes - 2)) or [n_genes - 2],
        },
        {
            "key": "colour",
            "label": word("Colour and detail"),
            "genes": [n_genes - 2, n_genes - 1] if n_genes > 4 else [n_genes - 1],
        },
    ]


def find_sliders(
    net: Generator, statistics: GeneStatistics, *, groups: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], dict[str, np.ndarray]]:
    """Find the sliders of a species.

    Returns their entries for the card, with their measured effects, and tensors `slider.KEY` as
    long as one standard deviation.
    """
    probes = statistics.found(np.random.default_rng(0), PROBES, spread=1.0)
    sizes = measure(
        net.decode(statistics.found(np.random.default_rng(1), 8 * PROBES, spread=1.0))
    ).std(1)
    found = []
    for group in groups:
        directions = principal_directions(statistics, group["genes"])
        effects = np.stack(
            [effect(net, probes, direction) for direction in directions]
        ) / np.maximum(sizes, 1e-6)
        found.append(Directions(group["key"], directions, effects))
    return name_sliders(found)


@dataclass(frozen=True)
class Directions:
    """The directions of a group of genes, [count, length], and their effects.

    effects: of each on every property, in spreads, [count, properties].
    """

    group: str
    directions: np.ndarray
    effects: np.ndarray


def name_sliders(
    found: Sequence[Directions],
) -> tuple[list[dict[str, Any]], dict[str, np.ndarray]]:
    """The sliders of a species: entries for the card, and tensors `slider.KEY`.

    Each keeps the name of the property that it moves most, and points to where that grows. No name
    is given twice.
    """
    cards, tensors = [], {}
    for one, pairs in zip(found, choose([one.effects for one in found]), strict=True):
        for component, number in pairs:
            name, strength = list(PROPERTIES)[number], one.effects[component, number]
            key, kind = f"{one.group}-{name}", PROPERTIES[name]
            cards.append(
                {
                    "key": key,
                    "label": kind.label,
                    "group": one.group,
                    "low_label": kind.low_label,
                    "high_label": kind.high_label,
                    "effect": round(abs(float(strength)), 2),
                }
            )
            direction = one.directions[component] * np.sign(strength)
            tensors[f"slider.{key}"] = direction.astype(np.float32)
    return cards, tensors


def measure(pictures: np.ndarray) -> np.ndarray:
    """Measure every property of uint8 pictures, [properties, count]."""
    scaled = pictures / 255.0
    return np.stack([kind.measure(scaled) for kind in PROPERTIES.values()])


def effect(net: Generator, probes: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Measure the mean change of every property for one standard deviation."""
    high, low = (
        measure(net.decode((probes + sign * direction).astype(np.float32))) for sign in (1, -1)
    )
    return (high - low).mean(1) / 2


def principal_directions(statistics: GeneStatistics, genes: list[int]) -> np.ndarray:
    """Return the widest directions of the anchors within some genes, [COMPONENTS, genes].

    Each is as long as its standard deviation.
    """
    size = statistics.gene_size
    places = np.concatenate([np.arange(gene * size, (gene + 1) * size) for gene in genes])
    part = statistics.anchors[:, places]
    _, lengths, axes = np.linalg.svd(part - part.mean(0), full_matrices=False)
    directions = np.zeros((COMPONENTS, statistics.anchors.shape[1]))
    directions[:, places] = (axes * (lengths / np.sqrt(len(part)))[:, None])[:COMPONENTS]
    return directions


def choose(effects: Sequence[np.ndarray]) -> list[list[tuple[int, int]]]:
    """Return pairs of direction and property for each group, the strongest of all groups first.

    A direction has one property, and a property belongs to one direction of the whole species:
    sliders of one name in two groups could not be told apart.
    """
    left = [np.abs(group) for group in effects]
    chosen: list[list[tuple[int, int]]] = [[] for _ in effects]
    while True:
        open_groups = [i for i, pairs in enumerate(chosen) if len(pairs) < SLIDERS_A_GROUP]
        best = max(open_groups, key=lambda i: left[i].max(), default=None)
        if best is None or left[best].max() < FAINTEST:
            return chosen
        component, number = np.unravel_index(left[best].argmax(), left[best].shape)
        chosen[best].append((int(component), int(number)))
        left[best][component] = 0
        for group in left:
            group[:, number] = 0
