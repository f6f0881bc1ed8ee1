"""The demo garden: people and works that a new site starts with.

Tables of names, texts and numbers are TOML files in `data/`; for another language (the setting
GARDEN_LANGUAGE), the texts in the folder of that name take the places of the English ones. The
works were chosen by eye (`chosen.toml`); those of another garden, and all else, follow from one
random seed. `plan` and `tunes` say how the works are bred, `growing` grows them one after the
other, `plant` publishes each, and `plant_people` adds likes, follows, comments and collections.
"""

import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings

DATA = Path(__file__).resolve().parent / "data"


def load(name: str, language: str = settings.GARDEN_LANGUAGE) -> dict[str, Any]:
    """Read a table of `data/`, with the texts of a language."""
    table = _read(DATA / f"{name}.toml")
    translated = DATA / language / f"{name}.toml"
    found: dict[str, Any] = _lay_over(table, _read(translated)) if translated.exists() else table
    return found


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _lay_over(below: Any, above: Any) -> Any:
    """Values with those of another structure in their places; rows of tables by their number."""
    if isinstance(below, dict) and isinstance(above, dict):
        return below | {key: _lay_over(below.get(key), value) for key, value in above.items()}
    if isinstance(below, list) and below and isinstance(below[0], dict):
        return [_lay_over(*pair) for pair in zip(below, above, strict=True)]
    return above
