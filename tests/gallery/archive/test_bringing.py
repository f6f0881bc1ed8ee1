"""Collections on their way from one garden to another."""

import io
import json
import zipfile

import pytest

from gallery.archive.format import read_archive, read_collections
from gallery.archive.importing import import_account, request_import
from gallery.models import BlockedWord, Collection, CollectionItem, Job
from generation.refusal import Refused
from tests.factories import make_artwork, make_collection, make_user
from tests.gallery.archive.test_moving import empty_garden, exported

pytestmark = pytest.mark.django_db


def packed_again(data: bytes, collections) -> bytes:
    """The archive with another list of collections."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(buffer, "w") as changed:
        for name in archive.namelist():
            changed.writestr(
                name, json.dumps(collections) if name == "collections.json" else archive.read(name)
            )
    return buffer.getvalue()


def told(user) -> list[tuple]:
    rows = Collection.objects.filter(owner=user).order_by("pk")
    return [
        (
            row.title,
            row.text,
            row.is_public,
            list(row.items.values_list("artwork__title", "caption", "position")),
        )
        for row in rows
    ]


def grow_collections() -> bytes:
    ada = make_user("ada")
    moss, fern = make_artwork(ada, title="Moss"), make_artwork(ada, title="Fern")
    foreign = make_artwork(title="Foreign")
    mixed = make_collection(
        ada, works=[fern, foreign, moss], title="Blue", text="Quiet.", is_public=False
    )
    mixed.items.filter(artwork=fern).update(caption="First")
    make_collection(ada, works=[foreign], title="Of others")
    make_collection(ada, title="Empty")
    make_collection(ada, works=[moss], title="Show", kind="exhibition")
    return exported(ada)


def test_collections_come_with_the_works_of_the_account(squares_engine):
    data = grow_collections()
    CollectionItem.objects.all().delete()
    cleo = empty_garden()
    report = import_account(cleo, read_archive(data), read_collections(data))
    assert told(cleo) == [
        ("Blue", "Quiet.", False, [("Fern", "First", 0), ("Moss", "", 1)]),
        ("Empty", "", True, []),
    ]
    assert report.collections == 2 and [title for title, *_ in report.problems] == ["Of others"]
    again = import_account(cleo, read_archive(data), read_collections(data))
    assert again.collections == 0 and again.planted == 0 and len(told(cleo)) == 2, (
        "Importing twice doubles nothing."
    )


def test_collections_with_words_that_are_not_allowed_here_stay_behind(squares_engine):
    data = grow_collections()
    BlockedWord.objects.create(word="quiet")
    cleo = make_user("cleo")
    report = import_account(cleo, read_archive(data), read_collections(data))
    assert "Blue" in [title for title, *_ in report.problems] and [
        row[0] for row in told(cleo)
    ] == ["Empty"]


def test_a_damaged_list_of_collections_refuses_the_whole_archive(squares_engine):
    data = grow_collections()
    whole = {"title": "Blue", "text": "", "is_public": True, "kind": "personal", "works": []}
    user = make_user()
    for wrong in (
        {},
        [3],
        [{}],
        [whole | {"title": "x" * 121}],
        [whole | {"title": None}],
        [whole | {"works": "abc"}],
        [whole | {"works": [{"slug": 3, "caption": ""}]}],
        [whole | {"text": "a\0b"}],
        [whole] * 1001,
    ):
        with pytest.raises(Refused):
            request_import(user, packed_again(data, wrong))
    assert not Job.objects.filter(owner=user).exists()
    assert request_import(user, packed_again(data, [whole | {"more": 1}])).pk
