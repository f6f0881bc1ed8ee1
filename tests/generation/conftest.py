"""An engine with a net that can be held; and tiny diffusion species, made once in a run."""

import importlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generation.checkpoints import catalogue
from generation.residency import nets
from tests.easel import Easel
from tests.shared import ROOT, make_once
from tests.squares import make_engine

HAS_DIFFUSERS = importlib.util.find_spec("diffusers") is not None
KINDS = ("sd", "sdxl", "sd3", "flux")
UNEVEN_KINDS = ("pixart", "sana", "z-image")  # They see only the tokens that a text has.


@pytest.fixture
def easel() -> Easel:
    return Easel()


@pytest.fixture
def engine(easel):
    with_easel = make_engine(render_batch=easel)
    yield with_easel
    easel.go.set()
    with_easel.close()


@pytest.fixture(scope="session")
def importing() -> Any:
    """The module that adds pipelines; its libraries are optional, and slow to import."""
    if not HAS_DIFFUSERS:
        pytest.skip("The packages of requirements-diffusion.txt are not installed.")
    return importlib.import_module("generation.importing.diffusion")


@pytest.fixture(scope="session")
def tiny_pipelines(shared: Path, importing: Any) -> Path:
    """A folder of tiny pipelines, see tests/generation/tiny_pipelines.py."""

    def make(folder: Path) -> None:
        command = [sys.executable, "-m", "tests.generation.tiny_pipelines", str(folder)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
        subprocess.run(command, check=True, cwd=ROOT, env=environment, capture_output=True)

    return make_once(shared / "tiny-pipelines", make)


@pytest.fixture(scope="session")
def tiny_species(shared: Path, tiny_pipelines: Path, importing: Any) -> Path:
    """A folder of checkpoints, one of each kind; `sd` has two LoRAs and a small decoder."""
    extras: dict[str, dict[str, Any]] = {
        "sd": {
            "guidance": 5.0,
            "tiny_vae": tiny_pipelines / "tiny-vae",
            "loras": tuple(
                importing.LoraSource(tiny_pipelines / f"{name}.safetensors", "Ann", "CC-BY-4.0")
                for name in ("ink", "felt")
            ),
        },
        "sd3": {"guidance": 4.0},
        # Its settings don't say at what size it learnt, so it would be the usual one.
        "flux": {"guidance": 3.5, "size": 64},
        "pixart": {"guidance": 4.0},
        "z-image": {"guidance": 3.0, "size": 64},
    }

    def make(folder: Path) -> None:
        for kind in (*KINDS, *UNEVEN_KINDS, "pixart-sigma"):
            wish = importing.Wish(
                tiny_pipelines / kind, kind, "CC0-1.0", "us", 2, **extras.get(kind, {})
            )
            importing.import_diffusion(wish, root=folder)

    return make_once(shared / "tiny-species", make)


@pytest.fixture
def diffusion_species(tiny_species: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The tiny species, installed; the folder that they are in."""
    monkeypatch.setenv("ARBORETUM_CHECKPOINTS", str(tiny_species))
    catalogue(refresh=True)
    yield tiny_species
    nets.release(idle_s=0)
    monkeypatch.delenv("ARBORETUM_CHECKPOINTS")
    catalogue(refresh=True)
