"""A new site gets its tables in one step: those that its migrations would have made."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.shared import finish_process, start_process

pytestmark = pytest.mark.slow
MADE_UP = re.compile(r'"\w+_[0-9a-f]{8}(_\w+)?"')


def migrate(data: Path, *arguments: str) -> str:
    return finish_process(start_process(data, "manage.py", "migrate", *arguments))


def describe(data: Path) -> dict[str, Any]:
    """All tables: their kind, the parts of their definition, and their indexes, in no order and
    without the names that Django makes up.
    """
    with closing(sqlite3.connect(data / "arboretum.sqlite3")) as database:
        found: dict[str, Any] = {}
        for kind, name, table, statement in database.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
            " ORDER BY type DESC"
        ):
            if kind == "table":
                head, _, rest = statement.partition("(")
                body, _, tail = rest.rpartition(")")
                parts = {*split(body), tail.strip()}
                found[name] = {"kind": head, "parts": parts, "indexes": set()}
            else:
                found[table]["indexes"].add(MADE_UP.sub("", statement, count=1))
        return found


def split(body: str) -> list[str]:
    """The parts of a definition, which commas outside brackets separate."""
    parts, depth = [""], 0
    for letter in body.replace('"', ""):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def rows(data: Path) -> dict[str, set[tuple]]:
    """The rows that a new site has already, without their numbers and times."""
    questions = {
        "migrations": "SELECT app, name FROM django_migrations",
        "kinds": "SELECT app_label, model FROM django_content_type",
        "permissions": "SELECT app_label, model, codename, name FROM auth_permission AS it"
        " JOIN django_content_type AS kind ON kind.id = it.content_type_id",
    }
    with closing(sqlite3.connect(data / "arboretum.sqlite3")) as database:
        return {name: set(database.execute(text)) for name, text in questions.items()}


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new site, migrated once."""
    data = tmp_path_factory.mktemp("new")
    assert "was empty" in migrate(data)
    return data


def test_a_new_site_has_the_tables_and_rows_that_its_migrations_make(new: Path, tmp_path: Path):
    migrate(tmp_path, "contenttypes")
    with closing(sqlite3.connect(tmp_path / "arboretum.sqlite3")) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    # It gets no more than it was asked for. No longer empty, so all else is migrated step by step.
    assert "django_content_type" in tables and "gallery_artwork" not in tables
    assert "Applying gallery.0001_initial" in migrate(tmp_path)

    made, expected = describe(new), describe(tmp_path)
    assert made.keys() == expected.keys() and "gallery_artworktext" in made
    for name, table in expected.items():
        assert made[name] == table, name
    assert made["gallery_like"]["indexes"] and made["gallery_like"]["parts"]
    assert rows(new) == rows(tmp_path)


def test_nothing_is_left_to_migrate_on_a_new_site(new: Path):
    assert "No migrations to apply" in migrate(new)
