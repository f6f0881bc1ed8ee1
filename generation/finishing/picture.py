"""Finishes pictures: from the output of a net to the wanted size, by the steps of the genome.

The resolution step comes first, whatever its place in the genome; the other steps follow in their
order, at the final size. Lengths inside steps are shares of the picture's edge, so that a preview
shows what the print will be.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from generation.finishing import (
    background,
    colour,
    detail,
    mockups,
    pattern,
    resolution,
    style_transfer,
)
from generation.finishing.steps import Finishing, read_steps
from generation.yielding import YieldPoint, ignore_progress

Work = Callable[..., np.ndarray]


def _at_once(work: Callable[[np.ndarray, Mapping[str, Any]], np.ndarray]) -> Work:
    return lambda pixels, settings, yield_point, seed: work(pixels, settings)


def _by_net(work: Work) -> Work:
    return lambda pixels, settings, yield_point, seed: work(
        pixels, settings, yield_point=yield_point
    )


def _keeping_transparency(work: Work) -> Work:
    def keep(
        pixels: np.ndarray, settings: Mapping[str, Any], yield_point: YieldPoint, seed: int
    ) -> np.ndarray:
        changed = work(pixels[..., :3], settings, yield_point=yield_point, seed=seed)
        return (
            changed if pixels.shape[2] == 3 else np.concatenate([changed, pixels[..., 3:]], axis=2)
        )

    return keep


# Step -> a function (pixels, settings, yield_point=, seed=) -> pixels. Pixels are uint8
# [size, size, 3], or 4 channels with transparency.
WORKS: dict[str, Work] = {
    "background": _at_once(
        lambda pixels, settings: background.replace_ground(pixels[..., :3], settings)
    ),
    "style": _keeping_transparency(_by_net(style_transfer.paint_named)),
    "borrowed-style": _keeping_transparency(_by_net(style_transfer.paint_borrowed)),
    "colour": _keeping_transparency(_at_once(colour.balance)),
    "palette": _keeping_transparency(_at_once(colour.use_palette)),
    "duotone": _keeping_transparency(_at_once(colour.two_inks)),
    "detail": _keeping_transparency(
        lambda pixels, settings, yield_point, seed: detail.refine(pixels, settings, seed=seed)
    ),
    "pattern": _at_once(pattern.lay_out),
    "mock-up": _at_once(mockups.show),
}


def finish(
    pixels: np.ndarray,
    steps: Finishing,
    *,
    size: int,
    seed: int = 0,
    is_live: bool = False,
    yield_point: YieldPoint = ignore_progress,
) -> np.ndarray:
    """uint8 sRGB [edge, edge, 3] -> uint8 [size, size, 3], or 4 channels with transparency.

    seed: the genome's, for the grain. is_live: for a live frame and not for a print. yield_point:
    called with the progress, 0 to 1. Raises Refused for an unknown step or setting, and for missing
    weights.
    """
    complete = read_steps(steps)
    enlarging = enlarging_of(complete)
    others = [(name, settings) for name, settings in complete if name != "resolution"]
    share = 1 / (1 + len(others))
    pixels = resolution.enlarge(
        pixels,
        size,
        enlarging,
        is_live=is_live,
        yield_point=lambda progress: yield_point(share * progress),
    )
    for index, (name, settings) in enumerate(others, start=1):
        yield_point(index * share)
        pixels = WORKS[name](
            pixels,
            settings,
            seed=seed,
            yield_point=lambda progress, index=index: yield_point((index + progress) * share),
        )
    yield_point(1.0)
    return pixels


def enlarging_of(complete: Finishing) -> Mapping[str, Any]:
    """The settings by which complete steps enlarge what the net painted."""
    return next(
        (settings for name, settings in complete if name == "resolution"), {"net": "smooth"}
    )
