"""How makers of the demo garden judge a picture: its beauty, and its appeal to one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from PIL import Image
from scipy import ndimage

from gallery import studio
from gallery.demo.people import Person
from generation.codecs.image import read_image
from generation.genespaces import species
from generation.genespaces.patterns.portrait import (
    Portrait,
    difference,
    judge_colours,
    portray,
    to_oklab,
)
from generation.genespaces.patterns.sampling import score
from generation.genome import Genome

OWNER = "planting"  # For whom the engine counts its frames; they go after all live ones.
PATTERN_PORTRAITS = 6  # Of Patterns, only the most beautiful by their genes are evaluated further.
FRAME_EDGE, FINISHED_EDGE, EVALUATED_EDGE = 64, 128, 48
FIGURE_DISTANCE = 0.09  # OKLab distance from the border's colour at which a figure begins.
MIN_FIGURE, FULL_FIGURE = 0.04, 0.25  # Shares of the picture.
MAX_EDGES = 0.07  # More edges make a picture no more beautiful.

# Scraps beside a figure, and a ground that is torn at the border, are faults of a cross.
SCRAPS_WEIGHT, TORN_WEIGHT = 3.0, 0.8

# What appeal consists of.
NOVELTY_WEIGHT, TASTE_WEIGHT, CROWDING_WEIGHT, DUPLICATE_WEIGHT = 1.4, 0.3, 2.5, 4.0
DUPLICATE_DISTANCE = 0.35  # Pictures that are closer look the same.


def evaluate(genomes: Mapping[int, Genome]) -> dict[int, tuple[float, Portrait]]:
    """Beauty and portrait of genomes of one species by key; of Patterns, only of the best."""
    if not genomes:
        return {}
    if next(iter(genomes.values())).generator == "patterns":
        scores = {key: score(genome.genes) for key, genome in genomes.items()}
        best = sorted(scores, key=lambda key: scores[key], reverse=True)[:PATTERN_PORTRAITS]
        return {key: (scores[key], _portray_pattern(genomes[key])) for key in best}
    frames = {
        key: studio.sketch(genome, size=_frame_edge(genome), owner=OWNER)
        for key, genome in genomes.items()
    }
    return {
        key: evaluate_pixels(read_image(frame.result().payload), kind=_kind_of(genomes[key]))
        for key, frame in frames.items()
    }


def _portray_pattern(genome: Genome) -> Portrait:
    """The portrait from the genes, but with the colours after finishing."""
    portrait = portray(genome.genes)
    if not genome.finishing:
        return portrait
    frame = studio.sketch(genome, size=FRAME_EDGE, owner=OWNER).result()
    pixels = read_image(frame.payload)
    _beauty, finished = evaluate_pixels(pixels, kind=portrait.form, has_figure=False)
    return replace(
        portrait,
        colours=finished.colours,
        lightness=finished.lightness,
        signature=finished.signature,
    )


def _frame_edge(genome: Genome) -> int:
    """Finished works need larger frames: styles blur at the native size of a net."""
    is_finished = any(name != "resolution" for name, _settings in genome.finishing)
    return FINISHED_EDGE if is_finished else FRAME_EDGE


def _kind_of(genome: Genome) -> str:
    """The kind of a garment; else the species."""
    space = species(genome.generator).space
    if any(choice.key == "kind" for choice in space.choices):
        return space.chosen(genome.genes, "kind")
    return genome.generator


def evaluate_pixels(
    pixels: np.ndarray, *, kind: str, has_figure: bool = True
) -> tuple[float, Portrait]:
    """Beauty (about 0 to 1) and portrait of uint8 pixels [edge, edge, 3].

    A clear figure in clear colours scores highest. has_figure: whether to separate a figure from
    its ground.
    """
    size = (EVALUATED_EDGE, EVALUATED_EDGE)
    small = Image.fromarray(pixels[..., :3]).resize(size, Image.Resampling.BOX)
    lab = to_oklab((np.asarray(small, np.float64) / 255).reshape(-1, 3).T)
    square = lab.reshape(3, *size)
    border = np.concatenate([square[:, 0], square[:, :, 0], square[:, :, -1]], axis=1)
    distance = np.linalg.norm(lab - np.median(border, axis=1)[:, None], axis=0)
    figure = distance > FIGURE_DISTANCE
    share = float(figure.mean())
    if not has_figure or share < MIN_FIGURE:
        figure = None
    colours, lightness, signature = judge_colours(lab, figure=figure)
    seen = lab if figure is None else lab[:, figure]
    edges = sum(float(np.abs(np.diff(square[0], axis=axis)).mean()) for axis in (0, 1))
    chroma = np.hypot(seen[1], seen[2])
    beauty = (
        2.0 * float(chroma.mean() + chroma.std())
        + 1.5 * float(seen[0].std())
        + 2.0 * min(edges, MAX_EDGES)
        - 2.0 * max(0.0, FULL_FIGURE - share)
    )
    if figure is not None:
        rim = np.linalg.norm(border - np.median(border, axis=1)[:, None], axis=0)
        is_torn = float((rim > FIGURE_DISTANCE).mean())
        beauty -= SCRAPS_WEIGHT * _scraps(figure.reshape(size)) + TORN_WEIGHT * is_torn
    return beauty, Portrait(kind, 0, False, colours, lightness, (), signature)


def is_duplicate(portrait: Portrait, others: Sequence[Portrait]) -> bool:
    """Whether a picture looks like one of the others."""
    return any(difference(portrait, other) < DUPLICATE_DISTANCE for other in others)


def _scraps(figure: np.ndarray) -> float:
    """The part of a figure, bool [edge, edge], beside its largest piece."""
    pieces, count = ndimage.label(figure, np.ones((3, 3)))
    if count < 2:
        return 0.0
    sizes = np.bincount(pieces.ravel())[1:]
    return float(1 - sizes.max() / sizes.sum())


def appeal(portrait: Portrait, person: Person, others: Sequence[Portrait]) -> float:
    """How far a picture is to a person's taste, and new and of a rare kind among others."""
    nearest = min((difference(portrait, other) for other in others), default=0.5)
    looks = {portrait.form, portrait.tone, *portrait.surface}
    crowding = 0.0
    for kind_of, fair_share in ((_colour_of, 0.12), (_form_of, 0.14), (_is_emblem, 0.05)):
        kind = kind_of(portrait)
        alike = sum(kind_of(other) == kind for other in others) if kind else 0
        crowding += max(0.0, (alike + 1) / (len(others) + 8) - fair_share)
    return (
        NOVELTY_WEIGHT * min(nearest, 0.8)
        + TASTE_WEIGHT * len(looks & set(person.liked_looks))
        - CROWDING_WEIGHT * crowding
        - DUPLICATE_WEIGHT * max(0.0, DUPLICATE_DISTANCE - nearest)
    )


def _colour_of(portrait: Portrait) -> str:
    return portrait.colours[0].family


def _form_of(portrait: Portrait) -> tuple[str, int]:
    return portrait.form, portrait.folds


def _is_emblem(portrait: Portrait) -> bool:
    return "emblem" in portrait.surface
