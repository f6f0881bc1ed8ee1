"""Style: a picture painted again in the manner of another, by nets that learnt manners.

Two kinds. *Named*: one net knows 26 manners and every mixture of them (Dumoulin et al. 2017, "A Learned Representation For
Artistic Style"). *Borrowed*: the manner of any picture as a vector of 100 numbers (Ghiasi et al. 2017, "Exploring the structure
of a real-time, arbitrary neural artistic stylization network"), which is stored in the genome, so the picture it came from is
not needed again. Brush strokes have a size in pixels; so the work is always done at the same size and enlarged afterwards.
"""

import base64
import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import onnxruntime
from PIL import Image

from generation.finishing import detail, resolution
from generation.finishing.steps import MANNER_SIZE, STYLES, read_manner
from generation.finishing.weights import carried_file
from generation.refusal import Refused

BROAD_EDGE, FINE_EDGE = 256, 512
BORROWED_EDGE = 384  # The only size that the net for borrowed manners takes.
MANNER_EDGE = 256
SMALLEST_EXAMPLE = 32

Breathe = Callable[[float], None]


def paint_named(pixels: np.ndarray, settings: Mapping[str, Any], *, breathe: Breathe) -> np.ndarray:
    """uint8 [size, size, 3] in one of the 26 manners, or between two. Strength 0 gives the picture itself."""
    if not settings["strength"]:
        return pixels
    weights = np.zeros(len(STYLES), np.float32)
    weights[list(STYLES).index(settings["style"])] += 1 - settings["mix"]
    weights[list(STYLES).index(settings["second"])] += settings["mix"]
    edge = FINE_EDGE if settings["strokes"] == "fine" else BROAD_EDGE
    planes = _small(pixels, edge).astype(np.float32).transpose(2, 0, 1)[None] / 255
    (painted,) = _session("multistyle26.onnx").run(None, {"image": planes, "style_weights": weights})
    return _put_back(pixels, _bytes(painted[0].transpose(1, 2, 0)), settings, breathe=breathe)


def paint_borrowed(pixels: np.ndarray, settings: Mapping[str, Any], *, breathe: Breathe) -> np.ndarray:
    """uint8 [size, size, 3] in the manner of another picture. Strength leads from the picture's own manner to the other."""
    if not settings["strength"]:
        return pixels
    small = _small(pixels, BORROWED_EDGE)
    vector = settings["strength"] * read_manner(settings["vector"]) + (1 - settings["strength"]) * _manner(small)
    session = _session("arbitrary_transform.onnx")
    names = [one.name for one in session.get_inputs()]
    given = {names[0]: small[None].astype(np.float32) / 255, names[1]: vector.astype(np.float32).reshape(1, 1, 1, -1)}
    return _put_back(pixels, _bytes(session.run(None, given)[0][0]), settings, breathe=breathe)


def borrow(pixels: np.ndarray) -> str:
    """The manner of any picture, uint8 [height, width, 3], as text for a genome. Raises Refused for a picture too small."""
    if min(pixels.shape[:2]) < SMALLEST_EXAMPLE:
        raise Refused(f"A picture whose style is to be borrowed needs at least {SMALLEST_EXAMPLE} × {SMALLEST_EXAMPLE} pixels.")
    edge = min(pixels.shape[:2])
    top, left = (pixels.shape[0] - edge) // 2, (pixels.shape[1] - edge) // 2
    vector = _manner(pixels[top : top + edge, left : left + edge])
    return base64.b64encode(vector.astype("<f2").tobytes()).decode("ascii")


def mix_manners(texts: list[str], weights: list[float]) -> str:
    """A manner between others, as text: manners can be bred too."""
    mixed = np.average([read_manner(text) for text in texts], axis=0, weights=weights)
    return base64.b64encode(mixed.astype("<f2").tobytes()).decode("ascii")


def _manner(pixels: np.ndarray) -> np.ndarray:
    session = _session("arbitrary_predict.onnx")
    given = {session.get_inputs()[0].name: _small(pixels, MANNER_EDGE)[None].astype(np.float32) / 255}
    return session.run(None, given)[0].reshape(MANNER_SIZE)


def _put_back(pixels: np.ndarray, painted: np.ndarray, settings: Mapping[str, Any], *, breathe: Breathe) -> np.ndarray:
    """The painted picture at the size of the original one, mixed with it by the strength, in its own colours if asked."""
    # Not by the drawing nets: they take the fine hatching of brush strokes for line work and draw a maze.
    painted = resolution.resize(painted, len(pixels))
    breathe(0.9)
    if settings["colours"] == "own":
        painted = detail.with_lightness(pixels, detail.lightness(painted))
    if settings["strength"] == 1 or "vector" in settings:
        return painted
    return (pixels + np.float32(settings["strength"]) * (painted.astype(np.float32) - pixels) + 0.5).astype(np.uint8)


def _small(pixels: np.ndarray, edge: int) -> np.ndarray:
    return np.asarray(Image.fromarray(pixels).resize((edge, edge), Image.Resampling.LANCZOS))


def _bytes(values: np.ndarray) -> np.ndarray:
    return (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8)


@cache
def _session(name: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # As for the nets: one core is kept for pages and sockets.
    options.intra_op_num_threads = max(1, (os.cpu_count() or 1) - 1)
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(carried_file(name)), options, providers=["CPUExecutionProvider"])
