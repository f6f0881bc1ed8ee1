"""Style: a picture repainted in a style, by two style transfer nets.

- Named: one net knows 26 styles and every mixture of them (Dumoulin et al. 2017, "A Learned
  Representation For Artistic Style").
- Borrowed: the style of any picture as a vector of 100 numbers (Ghiasi et al. 2017, "Exploring the
  structure of a real-time, arbitrary neural artistic stylization network"; see
  `generation.finishing.style_vector`).

Brush strokes have a size in pixels, so a picture is always painted at the same size and enlarged
afterwards.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from generation.finishing import detail, resolution
from generation.finishing.presets import STYLES
from generation.finishing.settings import read_style_vector
from generation.finishing.style_vector import compute_style_vector, session, small
from generation.yielding import YieldPoint

BROAD_EDGE, FINE_EDGE = 256, 512
BORROWED_EDGE = 384  # The only size that the net for borrowed styles takes.


def paint_named(
    pixels: np.ndarray, settings: Mapping[str, Any], *, yield_point: YieldPoint
) -> np.ndarray:
    """uint8 [size, size, 3] in one of the 26 styles, or between two.

    Strength 0 gives the picture itself.
    """
    if not settings["strength"]:
        return pixels
    weights = np.zeros(len(STYLES), np.float32)
    weights[list(STYLES).index(settings["style"])] += 1 - settings["mix"]
    weights[list(STYLES).index(settings["second"])] += settings["mix"]
    edge = FINE_EDGE if settings["strokes"] == "fine" else BROAD_EDGE
    planes = small(pixels, edge).astype(np.float32).transpose(2, 0, 1)[None] / 255
    (painted,) = session("multistyle26.onnx").run(None, {"image": planes, "style_weights": weights})
    return _put_back(
        pixels, _bytes(painted[0].transpose(1, 2, 0)), settings, yield_point=yield_point
    )


def paint_borrowed(
    pixels: np.ndarray, settings: Mapping[str, Any], *, yield_point: YieldPoint
) -> np.ndarray:
    """uint8 [size, size, 3] in the style of another picture.

    Strength leads from the picture's own style to the other.
    """
    if not settings["strength"]:
        return pixels
    small_picture = small(pixels, BORROWED_EDGE)
    vector = settings["strength"] * read_style_vector(settings["vector"]) + (
        1 - settings["strength"]
    ) * compute_style_vector(small_picture)
    net = session("arbitrary_transform.onnx")
    names = [one.name for one in net.get_inputs()]
    given = {
        names[0]: small_picture[None].astype(np.float32) / 255,
        names[1]: vector.astype(np.float32).reshape(1, 1, 1, -1),
    }
    return _put_back(pixels, _bytes(net.run(None, given)[0][0]), settings, yield_point=yield_point)


def _put_back(
    pixels: np.ndarray, painted: np.ndarray, settings: Mapping[str, Any], *, yield_point: YieldPoint
) -> np.ndarray:
    """The painted picture at the size of the original one, mixed with it by the strength.

    It gets the original colours if the settings say so.
    """
    # Not by an upscaling net: it would take the fine hatching of brush strokes for line work.
    painted = resolution.resize(painted, len(pixels))
    yield_point(0.9)
    if settings["colours"] == "own":
        painted = detail.with_lightness(pixels, detail.lightness(painted))
    if settings["strength"] == 1 or "vector" in settings:
        return painted
    return (
        pixels + np.float32(settings["strength"]) * (painted.astype(np.float32) - pixels) + 0.5
    ).astype(np.uint8)


def _bytes(values: np.ndarray) -> np.ndarray:
    return (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8)
