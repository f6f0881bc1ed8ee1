"""Pages of collections: who sees which, what the forms do, and how many queries they cost."""

import pytest
from django.test import Client

from gallery.collections import views as pages
from gallery.models import Boundary, BoundaryKind, Collection, CollectionMember, State, Visibility
from tests.factories import make_artwork, make_collection, make_user

pytestmark = pytest.mark.django_db
XSS = "<script>alert('moss')</script>"


def join(collection: Collection, user=None):
    member = user or make_user()
    collection.members.create(user=member, accepted_at=collection.created_at)
    return member


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("visitor", 404),
        ("other", 404),
        ("administrator", 404),
        ("invited", 200),
        ("member", 200),
        ("owner", 200),
    ],
)
def test_a_private_collection_opens_to_its_owner_and_members_alone(
    client: Client, person: str, status: int
):
    collection = make_collection(
        title="Secret", is_public=False, works=[make_artwork(title="Inside")]
    )
    users = {
        "other": make_user,
        "administrator": lambda: make_user(role="administrator"),
        "member": lambda: join(collection),
        "owner": lambda: collection.owner,
        "invited": lambda: collection.members.create(user=make_user()).user,
    }
    if person != "visitor":
        client.force_login(users[person]())
    response = client.get(collection.get_absolute_url())
    assert response.status_code == status
    assert ("Inside" in response.content.decode()) is (person in ("member", "owner"))
    for path in ("/collections/", f"/@{collection.owner.username}/collections/"):
        assert "Secret" not in client.get(path).content.decode()


def test_works_that_a_visitor_may_not_see_are_left_out_and_not_counted(client: Client):
    shown, unlisted = (
        make_artwork(title="Shown"),
        make_artwork(title="Unlisted", visibility=Visibility.UNLISTED),
    )
    hidden, private = (
        make_artwork(title="Hidden", state=State.HIDDEN),
        make_artwork(title="Private", visibility="private"),
    )
    collection = make_collection(works=[private, unlisted, shown, hidden])
    page = client.get(collection.get_absolute_url())
    assert [item.artwork.title for item in page.context["page"].items] == [
        "Shown"
    ] and page.context["work_count"] == 1
    card = client.get("/collections/").context["page"].items[0]
    assert card.work_count == 1 and [work.title for work in card.previews] == ["Shown"]
    client.force_login(collection.owner)
    page = client.get(collection.get_absolute_url())
    assert [item.artwork.title for item in page.context["page"].items] == ["Unlisted", "Shown"]


def test_the_overview_shows_public_collections_with_listed_works(client: Client):
    make_collection(title="Empty one")
    make_collection(title="Closed works", works=[make_artwork(visibility=Visibility.PRIVATE)])
    collection = make_collection(title="Full one", works=[make_artwork()])
    page = client.get("/collections/").content.decode()
    assert "Full one" in page and "Empty one" not in page and "Closed works" not in page
    muter = make_user()
    Boundary.objects.create(user=muter, other=collection.owner, kind=BoundaryKind.MUTE)
    client.force_login(muter)
    assert "Full one" not in client.get("/collections/").content.decode()


def test_pages_of_works_follow_each_other_in_order(client: Client, monkeypatch):
    monkeypatch.setattr(pages, "WORKS_PER_PAGE", 3)
    works = [make_artwork(title=f"Number {n}") for n in range(7)]
    collection = make_collection(works=works)
    seen, after = [], ""
    for _ in range(3):
        page = client.get(collection.get_absolute_url(), {"after": after}).context["page"]
        seen += [item.artwork.title for item in page.items]
        after = page.next_cursor
    assert seen == [work.title for work in works] and after == ""
    fragment = client.get(
        collection.get_absolute_url(), {"after": "2"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert fragment.count('class="piece"') == 3 and "<html" not in fragment


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 40, "1' OR 1", "é"])
def test_forged_cursors_are_refused(client: Client, cursor: str):
    collection = make_collection(works=[make_artwork()])
    for path in (
        "/collections/",
        collection.get_absolute_url(),
        "/exhibitions/",
        f"/@{collection.owner.username}/collections/",
    ):
        assert client.get(path, {"after": cursor}).status_code == 400


@pytest.mark.parametrize("length", [2, 6])
def test_pages_cost_the_same_few_queries_at_any_length(
    client: Client, length: int, django_assert_max_num_queries
):
    ada = make_user()
    for _ in range(length):
        collection = make_collection(
            ada, works=[make_artwork(has_files=True) for _ in range(length)]
        )
        join(collection)
    shared = make_collection(works=[make_artwork()])
    join(shared, ada)
    client.force_login(ada)
    for path, most in (
        ("/collections/", 10),
        ("/me/collections/", 15),
        (f"/@{ada.username}/collections/", 10),
        (collection.get_absolute_url(), 11),
        (f"/collection/{collection.slug}/arrange/", 9),
        (f"/collection/{collection.slug}/people/", 9),
        (f"/art/{collection.items.first().artwork.slug}/collect/", 9),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200


def test_a_collection_is_created_edited_and_deleted_by_plain_forms(client: Client):
    ada = make_user()
    client.force_login(ada)
    response = client.post("/collections/new/", {"title": XSS, "text": XSS, "is_public": "on"})
    made = Collection.objects.get()
    assert response.url == made.get_absolute_url() and made.is_public
    assert XSS not in client.get(made.get_absolute_url()).content.decode()
    assert client.post("/collections/new/", {"title": ""}).status_code == 400
    assert (
        client.post("/collections/new/", {"title": "a", "text": "b" * 500_000}).status_code == 400
    )
    client.post(f"/collection/{made.slug}/edit/", {"title": "Quiet"})
    made.refresh_from_db()
    assert made.title == "Quiet" and not made.is_public
    assert "Delete" in client.get(f"/collection/{made.slug}/delete/").content.decode()
    client.post(f"/collection/{made.slug}/delete/")
    assert not Collection.objects.personal().exists()


def test_strangers_find_no_page_to_change_a_collection(client: Client):
    collection = make_collection(works=[make_artwork()])
    item = collection.items.get()
    member = collection.members.create(user=make_user())
    changes = [
        (f"/collection/{collection.slug}/edit/", {"title": "Mine"}),
        (f"/collection/{collection.slug}/delete/", {}),
        (f"/collection/{collection.slug}/order/", {"order": [item.pk]}),
        (f"/collection/{collection.slug}/people/", {"name": "ada"}),
        (f"/collection/{collection.slug}/item/{item.pk}/", {"act": "remove"}),
        (f"/collection/{collection.slug}/arrange/", {}),
        (f"/collection/{collection.slug}/people/{member.pk}/dismiss/", {}),
        (f"/collection/{collection.slug}/invitation/", {"accept": "1"}),
        (f"/collection/{collection.slug}/leave/", {}),
    ]
    assert [client.post(path, data).status_code for path, data in changes] == [302] * len(changes)
    client.force_login(make_user())
    assert [client.post(path, data).status_code for path, data in changes] == [404] * len(changes)
    collection.refresh_from_db()
    assert (
        collection.title != "Mine"
        and collection.items.exists()
        and CollectionMember.objects.get().accepted_at is None
    )


def test_the_dialog_offers_ones_collections_and_keeps_the_ticks(client: Client):
    work, ada = make_artwork(has_files=True), make_user()
    first, second, shared = (
        make_collection(ada),
        make_collection(ada, works=[work]),
        make_collection(works=[work]),
    )
    join(shared, ada)
    foreign = make_collection(title="Foreign one")
    client.force_login(ada)
    path = f"/art/{work.slug}/collect/"
    page = client.get(path).content.decode()
    assert all(one.title in page for one in (first, second, shared)) and foreign.title not in page
    assert "disabled" in page  # Somebody else put it into the shared one.
    asked = {
        "offered": [first.slug, second.slug],
        "in": [first.slug],
        "title": "Brand new",
        "is_private": "1",
    }
    response = client.post(path, asked)
    assert response.url == work.get_absolute_url()
    made = Collection.objects.get(title="Brand new")
    assert not made.is_public and made.items.get().artwork == work
    assert first.items.exists() and not second.items.exists() and shared.items.exists()
    fragment = client.post(
        path, {"offered": [first.slug]}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "Saved." in fragment and "<html" not in fragment and not first.items.exists()
    for data in (
        {"in": [foreign.slug]},
        {"in": ["a\0b"]},
        {"in": [first.slug], "title": "x" * 200},
    ):
        assert client.post(path, data).status_code == 400
    assert not foreign.items.exists() and not first.items.exists()


def test_a_row_moves_is_captioned_becomes_the_cover_and_is_taken_out(client: Client):
    works = [make_artwork(has_files=True) for _ in range(3)]
    collection = make_collection(works=works)
    client.force_login(collection.owner)
    last = collection.items.last()
    path = f"/collection/{collection.slug}/item/{last.pk}/"
    client.post(path, {"to": "2", "place": "3"})
    assert list(collection.items.values_list("artwork", flat=True)) == [
        works[0].pk,
        works[2].pk,
        works[1].pk,
    ]
    client.post(path, {"act": "place", "place": "1"})
    client.post(path, {"act": "caption", "caption": XSS})
    client.post(path, {"act": "cover"})
    page = client.get(collection.get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert" in page and XSS not in page
    collection.refresh_from_db()
    assert collection.cover == works[2] and collection.items.first().artwork == works[2]
    for data in (
        {"act": "place", "place": "first"},
        {"to": "-1"},
        {"act": "burn"},
        {"act": "caption", "caption": "x" * 401},
    ):
        assert client.post(path, data).status_code == 400
    client.post(path, {"act": "remove"})
    assert collection.items.count() == 2


def test_an_order_after_a_drag_is_saved_or_refused_as_a_whole(client: Client):
    collection = make_collection(works=[make_artwork() for _ in range(3)])
    foreign = make_collection(works=[make_artwork()]).items.get().pk
    client.force_login(collection.owner)
    first, second, third = collection.items.values_list("pk", flat=True)
    path = f"/collection/{collection.slug}/order/"
    assert client.post(path, {"order": [third, first, second]}).status_code == 204
    for order in (
        [third, first],
        [third, third, first, second],
        [third, first, foreign],
        ["x"],
        ["9" * 40],
        [],
    ):
        assert client.post(path, {"order": order}).status_code == 400
    assert list(collection.items.values_list("pk", flat=True)) == [third, first, second]


def test_a_work_is_added_by_its_address(client: Client):
    work, collection = make_artwork(), make_collection()
    client.force_login(collection.owner)
    path = f"/collection/{collection.slug}/arrange/"
    client.post(path, {"address": f"https://garden.example{work.get_absolute_url()}?x=1"})
    assert collection.items.get().artwork == work
    for address in (
        "nothing",
        "/",
        "https://garden.example/",
        "\0",
        make_artwork(visibility="private").slug,
    ):
        assert client.post(path, {"address": address}).status_code == 400
    assert collection.items.count() == 1


def test_people_are_invited_accept_and_leave_by_plain_forms(client: Client):
    collection, guest = make_collection(is_public=False), make_user("bo")
    client.force_login(collection.owner)
    path = f"/collection/{collection.slug}/"
    assert client.post(f"{path}people/", {"name": "@bo"}).status_code == 302
    assert client.post(f"{path}people/", {"name": "nobody"}).status_code == 400
    client.force_login(guest)
    assert collection.title in client.get("/me/collections/").content.decode()
    assert client.post(f"{path}invitation/", {"accept": "1"}).url == path
    assert client.get(path).status_code == 200
    client.post(f"{path}leave/")
    assert client.get(path).status_code == 404
    client.force_login(collection.owner)
    client.post(f"{path}people/", {"name": "bo"})
    client.post(f"{path}people/{CollectionMember.objects.get().pk}/dismiss/")
    assert not CollectionMember.objects.exists()


def test_an_empty_site_has_pages_with_text(client: Client):
    client.force_login(make_user("ada"))
    for path in (
        "/collections/",
        "/me/collections/",
        "/@ada/collections/",
        "/exhibitions/",
        "/collections/new/",
    ):
        response = client.get(path)
        assert response.status_code == 200 and "<h1" in response.content.decode()
    assert client.get("/@nobody/collections/").status_code == 404
    assert client.get("/@ADA/collections/").status_code == 301
