"""The guides name only what exists: files, folders, functions, rooms."""

import re
from pathlib import Path

import pytest

from tests.test_imports import GALLERY, GENERATION

ROOT = Path(__file__).resolve().parent.parent
GUIDES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md", "docs/species.md")
# Paths that the guides tell people to make or that appear only while the site runs.
MADE = re.compile(r"^(runs|data|var|FOLDER|\.venv|benchmarks/results)\b|<|\*|coins")
PATH = re.compile(r"`([\w./<>*-]+(?:/[\w.<>*-]*|\.(?:py|js|html|md|txt|toml)))`")


@pytest.mark.parametrize("guide", GUIDES)
def test_every_path_of_a_guide_exists(guide: str):
    text = (ROOT / guide).read_text(encoding="utf-8")
    named = {path for path in PATH.findall(text) if not path.startswith(("/", "."))}
    missing = sorted(path for path in named if not MADE.search(path) and not is_there(path))
    assert missing == []


def is_there(path: str) -> bool:
    """Whether the repository has a file or folder that ends so: guides also say `views.py`."""
    if (ROOT / path).exists():
        return True
    folders = ("gallery", "generation", "templates", "static", "tests", "genart_site")
    return "/" not in path.rstrip("/") and any(
        found for folder in folders for found in (ROOT / folder).rglob(path.rstrip("/"))
    )


def test_every_function_of_the_walks_stands_in_its_file():
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+/[\w-]+\.(?:py|js))`(?:,| \()\s*`([\w.]+)`", text)
    assert len(named) > 20
    missing = [
        f"{path}: {name}"
        for path, name in named
        if not re.search(
            rf"\b(def|class|function|const) {name.split('.')[-1]}\b|^{name}\b",
            (ROOT / path).read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    ]
    assert missing == []


def test_the_map_lists_every_room():
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    picture = text.split("```")[1]
    for rooms, tables in ((GALLERY, "rooms of gallery"), (GENERATION, "rooms of generation")):
        table = text[text.index(tables) :].split("\n## ")[0]
        for room in rooms:
            assert re.search(rf"`{room}(/|\.py|`|/\w)", table), f"{room} is missing in the table"
            assert re.search(rf"\b{room}\b", picture) or room == "apps", f"{room}: not drawn"
