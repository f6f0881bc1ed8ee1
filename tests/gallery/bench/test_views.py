"""The bench's pages: what lies on it, and the picker."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from gallery.models import Like, State, Visibility
from tests.factories import make_artwork, make_genome, make_species, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def data_of(response) -> dict:
    return response.context["bench"]


def test_it_lays_the_named_works_on_the_bench(client, django_assert_max_num_queries):
    a, b = make_artwork(title="Moss", has_files=True), make_artwork(title="Fern")
    with django_assert_max_num_queries(8):
        response = client.get(f"/bench/?parents={a.slug},{b.slug}")
    page = response.content.decode()
    assert data_of(response)["roots"] == [a.slug, b.slug] and not data_of(response)["isSurprise"]
    assert "Moss" in page and "Fern" in page and f'src="/art/{a.slug}/thumbnail.webp"' in page


def test_without_names_it_begins_with_a_surprising_pair(client):
    works = {make_artwork().slug for _ in range(3)}
    response = client.get("/bench/")
    assert data_of(response)["isSurprise"]
    assert len(set(data_of(response)["roots"])) == 2 and set(data_of(response)["roots"]) <= works


def test_another_pair_is_two_works_of_one_species(client):
    works = {make_artwork().slug for _ in range(3)}
    roots = client.get("/bench/pair/").json()["roots"]
    assert len(set(roots)) == 2 and set(roots) <= works


def test_a_bench_of_tunes_says_so_before_the_studio_does(client):
    make_species()
    page = client.get("/bench/?parents=seed:tunes:1").content.decode()
    assert 'data-medium="music"' in page
    assert 'data-medium="picture"' in client.get("/bench/?parents=seed:patterns:1").content.decode()


def test_in_an_empty_garden_it_begins_with_fresh_seeds(client):
    make_species()
    roots = data_of(client.get("/bench/"))["roots"]
    assert len(roots) == 2 and all(root.startswith("seed:patterns:") for root in roots)


def test_without_script_it_explains_itself_and_offers_works(client):
    work = make_artwork()
    page = client.get("/bench/").content.decode()
    assert "needs JavaScript" in page and page.count(work.get_absolute_url()) >= 1


@pytest.mark.parametrize(
    "names", ["nowhere", "a,b,c,d,e", "seed:patterns:x", "seed:dragons:1", "%00", "%ED%A0%80"]
)
def test_parents_that_cannot_be_are_refused_in_words(client, names):
    make_species()
    response = client.get(f"/bench/?parents={names}")
    assert response.status_code == 400 and "Traceback" not in response.content.decode()


def test_a_private_work_is_not_given_away(client):
    work = make_artwork(visibility=Visibility.PRIVATE, title="Hidden moss")
    response = client.get(f"/bench/?parents={work.slug}")
    assert response.status_code == 400 and "Hidden moss" not in response.content.decode()


def picked(response) -> set[str]:
    return {work.slug for work in response.context["works"]}


def test_the_picker_offers_what_can_be_bred(client, django_assert_max_num_queries):
    open_one = make_artwork()
    for fields in (
        {"visibility": Visibility.PRIVATE},
        {"may_be_bred": False},
        {"state": State.HIDDEN},
    ):
        make_artwork(**fields)
    with django_assert_max_num_queries(6):
        response = client.get("/bench/choose/", **HTMX)
    assert picked(response) == {open_one.slug}
    assert (
        "<html" not in response.content.decode()
        and "<html" in client.get("/bench/choose/").content.decode()
    )


def test_the_picker_has_shelves_of_ones_own_and_of_likes(client):
    user = make_user()
    own, kept = make_artwork(user, visibility=Visibility.PRIVATE), make_artwork()
    make_artwork()
    Like.objects.create(user=user, artwork=kept)
    client.force_login(user)
    assert picked(client.get("/bench/choose/?shelf=mine")) == {own.slug}
    assert picked(client.get("/bench/choose/?shelf=likes")) == {kept.slug}


def test_the_picker_searches_and_goes_on_page_by_page(client):
    for number in range(30):
        make_artwork(title=f"Fern {number}")
    make_artwork(title="Moss")
    first = client.get("/bench/choose/?q=fern")
    rest = client.get("/bench/choose/?" + first.context["next"])
    assert len(picked(first)) == 24 and len(picked(rest)) == 6 and not picked(first) & picked(rest)
    assert picked(client.get("/bench/choose/?q=dragon")) == set()


def test_without_script_a_choice_joins_the_parents_that_are_there(client):
    a, b = make_artwork(), make_artwork()
    page = client.get(f"/bench/choose/?parents={a.slug}").content.decode()
    assert f'href="/bench/?parents={a.slug},{b.slug}"' in page


def test_parents_of_two_species_come_with_works_that_fit_each(client: Client):
    reef, tune = make_artwork(title="Reef"), make_artwork(genome=make_genome(generator="tunes"))
    fitting, reserved = make_artwork(title="Kelp"), make_artwork(licence="all-rights-reserved")
    response = client.get(f"/bench/?parents={reef.slug},{tune.slug}")
    page = response.content.decode()
    assert response.status_code == 400 and "same species" in page
    for parents in (f"{reef.slug},{fitting.slug}", reef.slug, tune.slug):
        assert f'href="/bench/?parents={parents}"' in page
    assert reserved.slug not in page and f"{tune.slug},{fitting.slug}" not in page


def test_new_founders_come_by_a_link_and_one_by_one(client: Client):
    make_species()
    response = client.get("/bench/founders/patterns/")
    references = parse_qs(urlsplit(response["Location"]).query)["parents"][0].split(",")
    assert response.status_code == 302 and len(set(references)) == 2
    one = client.get("/bench/founder/?species=patterns").json()["reference"]
    assert all(each.startswith("seed:patterns:") for each in [*references, one])
    assert client.get("/bench/founders/unicorns/").status_code == 400
