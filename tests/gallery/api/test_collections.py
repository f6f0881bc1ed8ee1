"""Collections by API."""

import pytest

from gallery.collections.actions import add_work, create_collection
from gallery.models import Collection, Visibility
from tests.factories import make_artwork, make_user
from tests.gallery.api.test_writing import call

pytestmark = pytest.mark.django_db


def test_a_collection_is_made_filled_ordered_renamed_and_deleted():
    ada = make_user("ada")
    first, second = make_artwork(), make_artwork()
    status, answer = call("POST", "collections", {"title": "Moss"}, user=ada)
    assert status == 201 and answer["owner"] == "ada"
    path = f"collections/{answer['slug']}"
    for work in (first, second, second):
        assert call("PUT", f"{path}/works/{work.slug}", user=ada)[0] == 200
    assert call("PUT", f"{path}/works", {"works": [second.slug, first.slug]}, user=ada)[0] == 200
    assert call("PATCH", path, {"title": "Mosses"}, user=ada)[1]["title"] == "Mosses"
    _, seen = call("GET", path)
    assert [work["slug"] for work in seen["works"]] == [second.slug, first.slug]
    assert call("DELETE", f"{path}/works/{first.slug}", user=ada)[0] == 200
    assert len(call("GET", path)[1]["works"]) == 1
    assert call("DELETE", path, user=ada)[0] == 200
    assert call("GET", path)[0] == 404 and not Collection.objects.personal().exists()


def test_an_order_with_foreign_missing_or_double_works_changes_nothing():
    ada = make_user("ada")
    collection, works = create_collection(ada, title="Moss"), [make_artwork() for _ in range(3)]
    for work in works[:2]:
        add_work(ada, collection, work)
    first, second, foreign = (work.slug for work in works)
    for order in ([first], [first, first], [first, second, foreign], [first, foreign], []):
        assert (
            call("PUT", f"collections/{collection.slug}/works", {"works": order}, user=ada)[0]
            == 400
        )
    assert [item.artwork.slug for item in collection.items.all()] == [first, second]


def test_private_collections_and_works_stay_so():
    ada = make_user("ada")
    hidden, shown = (
        create_collection(ada, title="Mine", is_public=False),
        create_collection(ada, title="Ours"),
    )
    add_work(ada, shown, make_artwork(ada, visibility=Visibility.PRIVATE))
    add_work(ada, shown, make_artwork(ada))
    assert call("GET", f"collections/{hidden.slug}", user=make_user())[0] == 404
    assert call("PATCH", f"collections/{shown.slug}", {"title": "Theirs"}, user=make_user())[0] in (
        400,
        404,
    )
    assert len(call("GET", f"collections/{shown.slug}")[1]["works"]) == 1
    assert [one["slug"] for one in call("GET", "collections")[1]["items"]] == [shown.slug]
    assert len(call("GET", "collections/mine", user=ada)[1]["items"]) == 2
