"""Exhibitions and what curators do under /curate/: who gets in, what opens when."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gallery.models import AuditEntry, Collection, Pick, Visibility
from tests.factories import make_artwork, make_collection, make_user

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DESKS = ("/curate/picks/", "/curate/picks/new/", "/curate/exhibitions/", "/curate/exhibitions/new/")


def make_exhibition(**fields) -> Collection:
    return make_collection(kind="exhibition", **({"opens_at": timezone.now() - HOUR} | fields))


@pytest.mark.parametrize(
    ("opens", "closes", "stage"),
    [
        (None, None, "draft"),
        (HOUR, None, "scheduled"),
        (-HOUR, None, "open"),
        (-2 * HOUR, HOUR, "open"),
        (-2 * HOUR, -HOUR, "closed"),
    ],
)
def test_an_exhibition_is_there_for_everybody_while_it_is_open(
    client: Client, opens, closes, stage
):
    now = timezone.now()
    shown = make_exhibition(
        title="Ferns",
        opens_at=now + opens if opens else None,
        closes_at=now + closes if closes else None,
        works=[make_artwork()],
    )
    assert shown.stage == stage and shown.is_open is (stage == "open")
    for person in (None, make_user(), make_user(role="curator")):
        if person:
            client.force_login(person)
        is_let_in = stage == "open" or (person is not None and person.is_curator)
        assert client.get(shown.get_absolute_url()).status_code == (200 if is_let_in else 404)
        assert ("Ferns" in client.get("/exhibitions/").content.decode()) is (stage == "open")
    assert "Ferns" in client.get("/curate/exhibitions/").content.decode()


def test_an_exhibition_is_no_collection_and_vice_versa(client: Client):
    shown, collection = (
        make_exhibition(works=[make_artwork()]),
        make_collection(works=[make_artwork()]),
    )
    assert client.get(f"/collection/{shown.slug}/").status_code == 404
    assert client.get(f"/exhibition/{collection.slug}/").status_code == 404
    assert shown.title not in client.get("/collections/").content.decode()


def test_all_makers_are_credited_and_texts_escaped(client: Client):
    ada, bo = make_user("ada"), make_user("bo", display_name="<b>Bo</b>")
    shown = make_exhibition(
        text="First.\n\n<i>Second</i>",
        works=[
            make_artwork(ada, has_files=True),
            make_artwork(bo),
            make_artwork(ada, visibility=Visibility.PRIVATE),
        ],
    )
    response = client.get(shown.get_absolute_url())
    assert [(maker.username, n) for maker, n in response.context["makers"]] == [
        ("ada", 1),
        ("bo", 1),
    ]
    page = response.content.decode()
    assert "<p>First.</p>" in page and "<i>Second" not in page and "<b>Bo" not in page


@pytest.mark.parametrize("length", [2, 6])
def test_pages_cost_the_same_few_queries_at_any_length(
    client: Client, length: int, django_assert_max_num_queries
):
    curator = make_user(role="curator")
    for _ in range(length):
        works = [make_artwork(has_files=True) for _ in range(length)]
        shown = make_exhibition(works=works)
        Pick.objects.create(artwork=works[0], curator=curator, starts_at=timezone.now() - HOUR)
    for path, most in ((shown.get_absolute_url(), 4), ("/exhibitions/", 6)):
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200
    client.force_login(curator)
    for path in ("/curate/picks/", "/curate/exhibitions/"):
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", DESKS)
def test_the_desks_are_for_curators(client: Client, path: str):
    assert client.get(path).status_code == 302
    client.force_login(make_user())
    assert client.get(path).status_code == 403
    assert client.post(path, {"title": "Mine"}).status_code in (403, 405)
    for role in ("curator", "moderator", "administrator"):
        client.force_login(make_user(role=role))
        assert client.get(path).status_code == 200
    assert not Collection.objects.exists()


def test_an_exhibition_is_written_filled_and_scheduled(client: Client):
    client.force_login(make_user(role="curator"))
    response = client.post("/curate/exhibitions/new/", {"title": "Ferns", "text": "About ferns."})
    made = Collection.objects.get()
    assert response.url == f"/collection/{made.slug}/arrange/" and made.stage == "draft"
    work = make_artwork()
    client.post(f"/collection/{made.slug}/arrange/", {"address": work.slug})
    assert made.items.get().artwork == work
    path = f"/curate/exhibitions/{made.slug}/"
    for data in (
        {"title": "Ferns", "opens_at": "2030-01-02T10:00", "closes_at": "2030-01-01T10:00"},
        {"title": ""},
        {"title": "Ferns", "opens_at": "yesterday"},
    ):
        assert client.post(path, data).status_code == 400
    client.post(path, {"title": "Ferns", "opens_at": "2030-01-02T10:00", "closes_at": ""})
    made.refresh_from_db()
    assert made.stage == "scheduled" and made.opens_at.isoformat() == "2030-01-02T10:00:00+00:00"
    assert 'value="2030-01-02T10:00"' in client.get(path).content.decode()
    assert client.post(f"/collection/{made.slug}/delete/").url == "/curate/exhibitions/"
    assert AuditEntry.objects.count() == 4


def test_a_work_is_picked_rescheduled_and_unpicked(client: Client):
    client.force_login(make_user(role="curator"))
    work = make_artwork()
    assert (
        client.post(
            "/curate/picks/new/", {"address": work.get_absolute_url(), "note": "For its light"}
        ).status_code
        == 302
    )
    work.refresh_from_db()
    pick = Pick.objects.get()
    assert work.is_featured and "For its light" in client.get("/curate/picks/").content.decode()
    for address in ("nothing", make_artwork(visibility=Visibility.UNLISTED).slug, ""):
        assert client.post("/curate/picks/new/", {"address": address}).status_code == 400
    path = f"/curate/picks/{pick.pk}/"
    assert client.post(path, {"ends_at": "2001-01-01T10:00"}).status_code == 400
    assert client.post(path, {"ends_at": "2090-01-01T10:00", "note": "Longer"}).status_code == 302
    pick.refresh_from_db()
    assert pick.note == "Longer" and pick.ends_at.year == 2090
    client.post(f"{path}end/")
    work.refresh_from_db()
    assert not work.is_featured
    assert client.post("/curate/picks/99/end/").status_code == 404
