"""Helpers for all tests: what the processes of one run share, and reading pages.

The first process that needs a shared folder makes it; the others wait and take copies.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def make_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Return the folder, and let `make` fill it unless another process has done so already.

    If `make` fails, the folder does not exist.
    """
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = folder.with_name(f"{folder.name}.unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(folder)
    return folder


def environment_of(data: Path) -> dict[str, str]:
    """The environment variables for a process of a site with this data.

    Those of a site that a developer may be running are left out.
    """
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ARBORETUM_", "DJANGO_"))
    }
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "genart_site.settings",
        "ARBORETUM_DATA": str(data),
        "ARBORETUM_DEMO_GARDEN": "0",
        "ARBORETUM_PRINT_SIZE": "256",
        "OMP_NUM_THREADS": "1",
        "PYTHONUNBUFFERED": "1",
    }


def start_process(data: Path, *arguments: str, **variables: str) -> subprocess.Popen:
    """Start a Python process of the site with this data. variables: more of the environment."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment_of(data) | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish_process(process: subprocess.Popen) -> str:
    """Wait for the process, and return its output. It must succeed."""
    output, errors = process.communicate()
    assert process.returncode == 0, f"{process.args} failed:\n{output}\n{errors}"
    return output


def migrated_database(shared: Path) -> Path:
    """An empty database file with all tables. shared: the folder of the run."""

    def migrate(data: Path) -> None:
        finish_process(start_process(data, "manage.py", "migrate", "--verbosity", "0"))

    return make_once(shared / "tables", migrate) / "arboretum.sqlite3"


def html_of(response: Any) -> str:
    """The HTML of a response on one line, without white space beside tags.

    Templates may then be laid out anew without breaking the tests that look for markup.
    """
    text = re.sub(r"[ \t\r\n]+", " ", response.content.decode())
    return re.sub(r" ?(</?[a-zA-Z][^<>]*?) ?(/?>) ?", r"\1\2", text)
