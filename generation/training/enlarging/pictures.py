"""What the live net learns from: pictures of our species, and what its teacher makes of them.

Half of them are founders, half are blends of two. They are painted once and kept in the run's
folder.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch

from generation.breeding import breed, sample
from generation.checkpoints import catalogue
from generation.engine.render import load_painter
from generation.finishing import superres
from generation.finishing.resolution import CLEAN_EDGE
from generation.finishing.steps import read_steps
from generation.genome import VERSIONS, Genome, Recipe
from generation.refusal import Refused
from generation.training.loop import Report
from generation.yielding import ignore_progress

HELD_OUT = 24  # Pictures of each kind that are never learnt from.
FEWER = 6  # One in so many is enlarged a second time, because that takes sixteen times as long.
FIRST_HELD_OUT_SEED = 1_000_000


@dataclass(frozen=True)
class Lesson:
    """Pictures of one species and size.

    small: uint8 [count, edge, edge, 3]. large: what the teacher makes of them, uint8 [count, 4
    edge, 4 edge, 3].
    """

    name: str
    small: np.ndarray
    large: np.ndarray


def enlarged_species() -> list[str]:
    """The installed species of learnt nets whose works are enlarged by the teacher."""
    learnt = [
        key
        for key, one in catalogue().items()
        if one.is_available and one.card["architecture"] == "style-vae"
    ]
    return [
        key
        for key in learnt
        if any(
            name == "resolution" and settings["net"] == superres.FAST
            for name, settings in read_steps(catalogue()[key].card.get("finishing", ()))
        )
    ]


def genomes(species: str, *, count: int, first_seed: int) -> Iterator[Genome]:
    """Founders and blends in turn; the same seed gives the same ones."""
    rng = np.random.default_rng(first_seed)
    for number in range(count):
        founder = sample(species, seed=first_seed + 2 * number)
        if number % 2 == 0:
            yield founder
            continue
        other = sample(species, seed=first_seed + 2 * number + 1)
        share = float(rng.uniform(0.2, 0.8))
        yield breed((founder, other), Recipe("blend", (share, 1 - share), version=max(VERSIONS)))


def paint(species: str, *, count: int, first_seed: int) -> np.ndarray:
    """Pictures as the net of a species paints them, uint8 [count, edge, edge, 3]."""
    drawn = list(genomes(species, count=count, first_seed=first_seed))
    painter = load_painter(drawn[0].generator, drawn[0].digest)
    with torch.inference_mode():
        return np.stack(
            list(painter.paint(drawn, size=0, supersample=1, yield_point=ignore_progress))
        )


def teach(small: np.ndarray) -> np.ndarray:
    """What the teacher makes of pictures, uint8 [count, 4 edge, 4 edge, 3]."""
    teacher = superres.load(superres.FAST)
    return np.stack([superres.enlarge(teacher, picture) for picture in small])


def lessons(
    folder: Path, species: list[str], *, count: int, is_held_out: bool = False, report: Report
) -> list[Lesson]:
    """The lessons of a run: kept in its folder, painted where they are missing.

    Species whose pictures are so small that a print is enlarged twice have a second lesson, of
    pictures that were enlarged once. Raises Refused where there is no species.
    """
    if not species:
        raise Refused(
            "No species is installed whose pictures are enlarged by {net}.", net=superres.FAST
        )
    count = HELD_OUT if is_held_out else count
    first_seed = FIRST_HELD_OUT_SEED if is_held_out else 0
    found = []
    for key in species:
        name = f"{key}-held-out" if is_held_out else key
        small = _kept(
            folder / f"{name}.npy", partial(paint, key, count=count, first_seed=first_seed)
        )
        report(f"{name}: {len(small)} pictures of {small.shape[1]} px.")
        large = _kept(folder / f"{name}-x4.npy", partial(teach, small))
        found.append(Lesson(key, small, large))
        if large.shape[1] <= CLEAN_EDGE:
            few = large[:: 1 if is_held_out else FEWER][: max(1, count // FEWER)]
            again = _kept(folder / f"{name}-x16.npy", partial(teach, few))
            found.append(Lesson(f"{key}-again", few, again))
    return found


def _kept(path: Path, make: Callable[[], np.ndarray]) -> np.ndarray:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        with partial.open("wb") as file:
            np.save(file, make())
        partial.replace(path)
    return np.load(path, mmap_mode="r")
