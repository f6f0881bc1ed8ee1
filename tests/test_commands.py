"""The commands that the README promises exist, and say what is wrong where they cannot run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed here")


def read_guides() -> str:
    names = ("README.md", "CONTRIBUTING.md", "SECURITY.md")
    return "".join((ROOT / name).read_text(encoding="utf-8") for name in names)


def test_every_command_of_the_guides_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:`|^    )make ([a-z]+)", read_guides(), re.MULTILINE))
    promised = {"run", "test", "lint", "format", "benchmarks", "admin", "screenshots"}
    assert promised <= named <= targets


def test_every_manage_command_of_the_guides_exists():
    named = set(re.findall(r"manage\.py ([a-z_]+)", read_guides()))
    assert {"sync_species", "refresh_rankings", "train", "collect_words"} <= named
    assert named <= set(get_commands())


def test_ci_runs_the_lint_and_test_commands_of_the_readme():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = script.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    commands = [line.partition("#")[0].strip() for line in lines if line.startswith("make ")]
    assert commands == ["make lint", "make diffusion", 'make test 2>&1 | tee "$log"']


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    for name in ("Makefile", "requirements.txt", "requirements-extras.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, folder)
    return subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True)


@needs_make
@pytest.mark.parametrize("target", ["run", "test"])
def test_a_python_that_does_not_fit_gets_a_sentence_and_leaves_nothing_behind(
    tmp_path: Path, target: str
):
    done = make(tmp_path, target, "PYTHON=/nowhere/python2")
    assert done.returncode != 0
    assert (
        "Arboretum needs Python 3.11 to 3.14, and /nowhere/python2 is none of them." in done.stderr
    )
    assert "make run PYTHON=" in done.stderr
    assert not (tmp_path / ".venv").exists()


@needs_make
def test_a_python_that_fits_gets_an_environment_of_its_own(tmp_path: Path):
    done = make(tmp_path, ".venv/bin/python", f"PYTHON={sys.executable}")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / ".venv" / "bin" / "pip").exists()
