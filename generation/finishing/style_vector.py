"""The style of a picture as 100 numbers, which the borrowed-style step paints with.

Ghiasi et al. 2017, "Exploring the structure of a real-time, arbitrary neural artistic stylization
network". The numbers are stored in the genome, so the picture that they came from is not needed
again. Free of torch, so that pages can use it.
"""

import base64
import os

import numpy as np
import onnxruntime
from PIL import Image

from generation.finishing.settings import STYLE_VECTOR_SIZE
from generation.finishing.weights import carried_file
from generation.onnx_sessions import open_session
from generation.refusal import Refused
from generation.residency import nets

EDGE = 256
SMALLEST_EXAMPLE = 64


def borrow_style(pixels: np.ndarray) -> str:
    """The style vector of a picture, uint8 [height, width, 3], as text for a genome.

    Raises Refused for a picture that is too small.
    """
    check_example(pixels)
    edge = min(pixels.shape[:2])
    top, left = (pixels.shape[0] - edge) // 2, (pixels.shape[1] - edge) // 2
    vector = compute_style_vector(pixels[top : top + edge, left : left + edge])
    return base64.b64encode(vector.astype("<f2").tobytes()).decode("ascii")


def check_example(pixels: np.ndarray) -> None:
    """Raises Refused for a picture too small to have a style or a palette worth borrowing."""
    if min(pixels.shape[:2]) < SMALLEST_EXAMPLE:
        raise Refused(
            "A picture to borrow from must be at least {smallest_example} × {smallest_example}"
            " pixels.",
            smallest_example=SMALLEST_EXAMPLE,
        )


def compute_style_vector(pixels: np.ndarray) -> np.ndarray:
    """The style vector of a square picture, float32 [100]."""
    net = session("arbitrary_predict.onnx")
    given = {net.get_inputs()[0].name: small(pixels, EDGE)[None].astype(np.float32) / 255}
    return net.run(None, given)[0].reshape(STYLE_VECTOR_SIZE)


def small(pixels: np.ndarray, edge: int) -> np.ndarray:
    """The picture as a net takes it, uint8 [edge, edge, 3]."""
    return np.asarray(Image.fromarray(pixels).resize((edge, edge), Image.Resampling.LANCZOS))


def session(name: str) -> onnxruntime.InferenceSession:
    """A net of `generation.finishing.weights`, kept in memory.

    Raises Refused when its weights are not installed.
    """
    file = carried_file(name)
    # As for the nets, one core is left for the website.
    threads = max(1, (os.cpu_count() or 1) - 1)
    return nets.get(
        name.removesuffix(".onnx"),
        lambda: open_session(file, threads=threads, has_pool=True),
        size=file.stat().st_size,
    )


def _providers() -> list[str]:
    """ONNX Runtime's names for what the net may run on, the fastest first."""
    on_card = ["CUDAExecutionProvider"] if os.environ.get("ARBORETUM_DEVICE") != "cpu" else []
    wanted = [*on_card, "CPUExecutionProvider"]
    return [name for name in wanted if name in onnxruntime.get_available_providers()]
