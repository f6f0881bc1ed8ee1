"""The demo garden: people and works that a new site starts with, all from one random seed.

Tables of names, texts and numbers are TOML files in `data/`. `plan` and `tunes` choose the works,
`growing` grows them one after the other, `plant` publishes each, and `plant_people` adds likes,
follows, comments and collections.
"""

import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data"


def load(name: str) -> dict[str, Any]:
    """Read a table of `data/`."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
