"""Reading archives, whoever made them: valid ones are read, all others refused with a reason."""

import io
import json
import zipfile
from typing import Any

import pytest

from gallery.archive import reading
from gallery.archive.reading import read_archive
from generation.refusal import Refused
from tests.factories import make_genome

ABOUT = {"format": "arboretum-account", "version": 1, "person": {"user_name": "ada"}}


def row(
    slug: str = "aaa", *, seed: int = 1, parents: list[dict] | None = None, **changes
) -> dict[str, Any]:
    genome = make_genome(seed)
    return {
        "slug": slug,
        "title": f"Work {slug}",
        "description": "",
        "alt_text": "",
        "tags": ["moss"],
        "licence": "CC-BY-4.0",
        "visibility": "public",
        "state": "published",
        "may_be_bred": True,
        "may_train": False,
        "genome": genome.to_json(),
        "identity": genome.identity,
        "pedigree": {},
        "novelty": 1.0,
        "depth": 0,
        "width": 64,
        "height": 64,
        "published_at": "2026-01-02T03:04:05+00:00",
        "parents": parents or [],
    } | changes


def parent(ref: str, share: float = 1.0, **changes) -> dict[str, Any]:
    return {"ref": ref, "share": share, "licence": "CC-BY-4.0"} | changes


def packed(works: Any, *, about: Any = ABOUT) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in (("account.json", about), ("works.json", works)):
            if value is not None:
                archive.writestr(name, value if isinstance(value, bytes) else json.dumps(value))
    return buffer.getvalue()


def test_works_are_read_parents_first():
    child, mother = row("bbb", seed=2, parents=[parent("aaa")]), row("aaa")
    works = read_archive(packed([child, mother]))
    assert [work.slug for work in works] == ["aaa", "bbb"]
    assert (
        works[0].genome == make_genome(1) and works[0].edge == 64 and works[0].made_at.year == 2026
    )
    assert works[1].parents[0].ref == "aaa" and works[1].may_train is False


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no zip at all",
        b"PK\x03\x04" + b"\0" * 40,
        packed([])[:-30],
        packed(None),
        packed([], about=None),
        packed([], about={"format": "other"}),
        packed([], about=[]),
        packed({}),
        packed([3]),
        packed(b"{[", about=ABOUT),
        packed(b"[" * 100_000),
        packed(b'[{"a": NaN}]'),
        packed([], about=ABOUT | {"version": 2}),
        packed([row(), row(seed=2)]),
        packed([row("aaa", parents=[parent("bbb")]), row("bbb", seed=2, parents=[parent("aaa")])]),
    ],
)
def test_anything_but_a_valid_archive_is_refused(data):
    with pytest.raises(Refused):
        read_archive(data)


@pytest.mark.parametrize(
    "changes",
    [
        {"identity": "0" * 64},
        {"genome": {}},
        {"genome": make_genome(7).to_json()},
        {"title": ""},
        {"title": "x" * 121},
        {"title": 3},
        {"title": "\0"},
        {"description": "x" * 1_000_000},
        {"licence": "mine"},
        {"visibility": "everybody"},
        {"novelty": 7},
        {"novelty": "1"},
        {"depth": -1},
        {"width": 10**9},
        {"published_at": "yesterday"},
        {"tags": "moss"},
        {"published_at": "2026-01-02T03:04:05"},
        {"pedigree": {"roots": []}},
        {"parents": [parent("x", 0.4)]},
        {"parents": [parent("x", 0.0), parent("y", 1.0)]},
        {"parents": [parent("x", 0.5), parent("x", 0.5)]},
        {"parents": [parent("x", licence="mine")]},
        {"parents": [parent("x", True)]},
        {"slug": "x" * 400},
    ],
)
def test_an_invalid_work_is_named(changes):
    with pytest.raises(Refused) as refused:
        read_archive(packed([row() | changes]))
    assert "Work “" in refused.value.sentence


def test_a_changed_genome_is_refused():
    with pytest.raises(Refused, match="somebody changed it"):
        read_archive(packed([row(genome=make_genome(7).to_json())]))


def test_a_zip_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(reading, "MAX_JSON", 100_000)
    bomb = packed(b" " * 50_000_000 + b"[]")
    assert len(bomb) < 100_000
    with pytest.raises(Refused, match="larger than"):
        read_archive(bomb)


def test_a_hidden_work_becomes_private():
    assert read_archive(packed([row(state="hidden")]))[0].visibility == "private"
