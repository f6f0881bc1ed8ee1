"""What a gardener of the demo garden sees: beauty and portrait of a work, from its genes or from a
small frame of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage

from gallery import studio
from generation.codecs.image import read_image
from generation.genespaces import species
from generation.genespaces.patterns_portrait import Portrait, judge_colours, portray, to_oklab
from generation.genespaces.patterns_sampling import score
from generation.genome import Genome

PORTRAITS_LOOKED_AT = 6  # Of Patterns, whose beauty is judged from the genes first.
FRAME_EDGE, FINISHED_EDGE, LOOKED_AT_EDGE = 64, 128, 48
GROUND_DISTANCE = (
    0.09  # OKLab distance from the border's colour, from which on a pixel belongs to the figure.
)
SMALLEST_FIGURE, FULL_FIGURE = 0.04, 0.25  # Shares of the picture.
BUSY = 0.07  # From here on more edges are no more beautiful.
SHAPED = frozenset(
    {"things"}
)  # Species whose works are told apart by their outline: here a plain disc is a dull one.
ROUND, RAGGED = (
    4.0,
    8.0,
)  # Outline over the root of the area: of a disc or square, and from where on more is no better.
OUTLINE_WEIGHT, INSIDE_WEIGHT, RICH = 0.12, 3.0, 0.12


def look_at(genomes: Mapping[Any, Genome]) -> dict[Any, tuple[float, Portrait]]:
    """Beauty and portrait of genomes of one species by their keys; of Patterns only the most
    promising.
    """
    if not genomes:
        return {}
    if next(iter(genomes.values())).generator == "patterns":
        scores = {key: score(genome.genes) for key, genome in genomes.items()}
        best = sorted(scores, key=scores.get, reverse=True)[:PORTRAITS_LOOKED_AT]
        return {key: (scores[key], _portray_pattern(genomes[key])) for key in best}
    frames = {
        key: studio.preview(genome, size=_edge(genome), owner="planting")
        for key, genome in genomes.items()
    }
    return {
        key: judge(read_image(frame.result().payload), kind=kind_of(genomes[key]))
        for key, frame in frames.items()
    }


def _portray_pattern(genome: Genome) -> Portrait:
    """From its genes, but the colours of a finished one are those of the finished picture."""
    portrait = portray(genome.genes)
    if not genome.finishing:
        return portrait
    frame = studio.preview(genome, size=FRAME_EDGE, owner="planting").result()
    _beauty, seen = judge(read_image(frame.payload), kind=portrait.form, is_figure=False)
    return replace(
        portrait, colours=seen.colours, lightness=seen.lightness, signature=seen.signature
    )


def _edge(genome: Genome) -> int:
    """Finished works are looked at larger: at the edge of a net's own size a style is a smear."""
    return (
        FINISHED_EDGE
        if any(name != "resolution" for name, _settings in genome.finishing)
        else FRAME_EDGE
    )


def kind_of(genome: Genome) -> str:
    """What a learnt work shows, as far as its species can tell: the kind of a garment, else the
    species.
    """
    space = species(genome.generator).space
    if any(choice.key == "kind" for choice in space.choices):
        return space.chosen(genome.genes, "kind")
    return genome.generator


def judge(pixels: np.ndarray, *, kind: str, is_figure: bool = True) -> tuple[float, Portrait]:
    """Beauty, about 0 to 1, and portrait of uint8 [edge, edge, 3]: a clear figure in clear colours
    is what pleases.

    is_figure: whether there is a figure on a ground at all.
    """
    small = Image.fromarray(pixels[..., :3]).resize(
        (LOOKED_AT_EDGE, LOOKED_AT_EDGE), Image.Resampling.BOX
    )
    lab = to_oklab((np.asarray(small, np.float64) / 255).reshape(-1, 3).T)
    square = lab.reshape(3, LOOKED_AT_EDGE, LOOKED_AT_EDGE)
    border = np.concatenate([square[:, 0], square[:, :, 0], square[:, :, -1]], axis=1)
    away = np.linalg.norm(lab - np.median(border, axis=1)[:, None], axis=0)
    figure = away > GROUND_DISTANCE
    share = float(figure.mean())
    if not is_figure or share < SMALLEST_FIGURE:
        figure = None
    colours, lightness, signature = judge_colours(lab, figure=figure)
    seen = lab if figure is None else lab[:, figure]
    edges = sum(float(np.abs(np.diff(square[0], axis=axis)).mean()) for axis in (0, 1))
    lively = float(np.hypot(seen[1], seen[2]).mean() + np.hypot(seen[1], seen[2]).std())
    beauty = (
        2.0 * lively
        + 1.5 * float(seen[0].std())
        + 2.0 * min(edges, BUSY)
        - 2.0 * max(0.0, FULL_FIGURE - share)
    )
    if kind in SHAPED and figure is not None:
        beauty += _judge_shape(square, figure.reshape(LOOKED_AT_EDGE, LOOKED_AT_EDGE))
    return beauty, Portrait(kind, 0, False, colours, lightness, (), signature)


def _judge_shape(square: np.ndarray, figure: np.ndarray) -> float:
    """How much there is to see in an outline and within it. square: OKLab [3, edge, edge]; figure:
    bool [edge, edge].
    """
    whole = ndimage.binary_fill_holes(
        figure
    )  # An empty frame or a wheel has much outline within, and little to see.
    outline = sum(np.count_nonzero(np.diff(whole, axis=axis)) for axis in (0, 1)) / np.sqrt(
        np.count_nonzero(whole)
    )
    inside = 0.0
    for axis, both in ((0, figure[1:] & figure[:-1]), (1, figure[:, 1:] & figure[:, :-1])):
        if both.any():
            inside += float(np.abs(np.diff(square, axis=axis + 1)).sum(axis=0)[both].mean())
    return OUTLINE_WEIGHT * (min(outline, RAGGED) - ROUND) + INSIDE_WEIGHT * min(inside, RICH)
