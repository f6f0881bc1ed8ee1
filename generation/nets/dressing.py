"""The painter of learnt works in cloth: a net draws the form, a formula lays the cloth on it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np

from generation.finishing import resolution
from generation.finishing.picture import enlarging_of
from generation.finishing.steps import read_steps
from generation.genespaces.cloth.picture import dress
from generation.genespaces.cloth.plan import read_plan
from generation.genome import Genome
from generation.yielding import YieldPoint, part_of

# A form is enlarged so far and no further: the cloth gives it its edge and its detail.
LIVE_FORM, FORM = 128, 512


class Forms(Protocol):
    """What paints the forms, at a size of its own."""

    def paint(
        self, genomes: Sequence[Genome], *, size: int, supersample: int, yield_point: YieldPoint
    ) -> Iterable[np.ndarray]: ...


class Dressing:
    """A painter made of one that paints forms.

    What wears no cloth is painted as it would be without this.
    """

    def __init__(
        self,
        forms: Forms,
        *,
        split: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray | None]],
    ) -> None:
        """split: of genes, into those of the form and of the cloth."""
        self._forms, self._split = forms, split

    def paint(
        self, genomes: Sequence[Genome], *, size: int, supersample: int, yield_point: YieldPoint
    ) -> Iterator[np.ndarray]:
        forms = self._forms.paint(
            genomes, size=size, supersample=supersample, yield_point=yield_point
        )
        for index, (genome, form) in enumerate(zip(genomes, forms, strict=True)):
            yield self._dressed(
                genome,
                form,
                size=size,
                is_live=supersample == 1,
                yield_point=part_of(yield_point, index, len(genomes)),
            )

    def _dressed(
        self,
        genome: Genome,
        form: np.ndarray,
        *,
        size: int,
        is_live: bool,
        yield_point: YieldPoint,
    ) -> np.ndarray:
        _, genes = self._split(genome.genes)
        cloth = None if genes is None else read_plan(genes)
        if cloth is None or cloth.worn == 0:
            return form
        settings = enlarging_of(read_steps(genome.finishing))

        def enlarged(edge: int, part: int) -> np.ndarray:
            return resolution.enlarge(
                form, edge, settings, is_live=is_live, yield_point=part_of(yield_point, part, 3)
            )

        large = enlarged(min(size, LIVE_FORM if is_live else FORM), 0)
        dressed = dress(form, large, cloth, size=size, yield_point=part_of(yield_point, 1, 3))
        if cloth.worn == 1:
            return dressed
        bare = enlarged(size, 2)
        return (bare + cloth.worn * (dressed.astype(np.float32) - bare) + 0.5).astype(np.uint8)
