"""The bench's pages: what lies on it, the picker, and publishing by an ordinary form."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.lineage.parents import find_parents
from gallery.models import Artwork, Like, State, Visibility
from generation.breeding import breed
from generation.genome import Recipe
from tests.factories import make_artwork, make_species, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def pedigree(*roots: str, **recipe) -> str:
    recipe = {"operator": "blend", "weights": [1 / len(roots)] * len(roots), "seed": 5} | recipe
    return json.dumps(
        {"roots": roots, "steps": [{"parents": list(range(len(roots))), "recipe": recipe}]}
    )


def form(**fields) -> dict:
    return {
        "title": "Child",
        "licence": "CC-BY-4.0",
        "visibility": "public",
        "may_be_bred": "on",
        "size": 1024,
    } | fields


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


def test_a_visitor_is_asked_to_sign_up_before_publishing(client):
    work = make_artwork()
    asked = client.get(f"/bench/publish/?parents={work.slug}", **HTMX).content.decode()
    assert "/accounts/signup/?next=%2Fbench%2F%3Fresume%3D1" in asked
    posted = client.post("/bench/publish/", form(pedigree=pedigree(work.slug)))
    assert posted.status_code == 302 and posted["Location"].startswith("/accounts/signup/?next=")
    assert Artwork.objects.count() == 1


def test_what_was_previewed_is_what_is_published(client):
    user = make_user()
    a, b = make_artwork(), make_artwork()
    client.force_login(user)
    response = client.post(
        "/bench/publish/",
        form(pedigree=pedigree(a.slug, b.slug, weights=[0.25, 0.75], mutation_rate=0.2)),
    )
    child = Artwork.objects.get(title="Child")
    assert response["Location"] == child.get_absolute_url()
    parents = [parent.genome for parent in find_parents(AnonymousUser(), [a.slug, b.slug])]
    recipe = Recipe.from_json(
        {"operator": "blend", "weights": [0.25, 0.75], "seed": 5, "mutation_rate": 0.2}, parents=2
    )
    assert child.genome_identity == breed(parents, recipe).identity == child.read_genome().identity
    assert {edge.parent.slug: edge.share for edge in child.parent_edges.all()} == pytest.approx(
        {a.slug: 0.25, b.slug: 0.75}
    )


def test_htmx_gets_the_form_again_with_words_and_the_pedigree_kept(client):
    work = make_artwork()
    client.force_login(make_user())
    response = client.post(
        "/bench/publish/", form(title="", pedigree=pedigree(work.slug, mutation_rate=0.3)), **HTMX
    )
    page = response.content.decode()
    assert (
        response.status_code == 200 and "Give the work a title." in page and "mutation_rate" in page
    )
    done = client.post(
        "/bench/publish/", form(pedigree=pedigree(work.slug, mutation_rate=0.3)), **HTMX
    )
    assert done["HX-Redirect"] == Artwork.objects.get(title="Child").get_absolute_url()


def test_the_form_offers_only_licences_that_the_parents_allow(client):
    work = make_artwork(licence="CC-BY-SA-4.0")
    client.force_login(make_user())
    page = client.get(f"/bench/publish/?parents={work.slug}", **HTMX).content.decode()
    assert "CC-BY-SA-4.0" in page and "CC0-1.0" not in page
    refused = client.post(
        "/bench/publish/", form(pedigree=pedigree(work.slug, mutation_rate=0.3), licence="CC0-1.0")
    )
    assert refused.status_code == 400 and Artwork.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "moss",
        "[1]",
        "[" * 5000,
        "{}",
        '{"roots": ["x"], "genes": []}',
        '{"roots": ["\\ud800"], "steps": []}',
        pedigree("nowhere"),
        pedigree("seed:patterns:1", weights=[1e9]),
        pedigree("seed:patterns:1", edits={"toes": 1}),
    ],
)
def test_a_bad_pedigree_is_refused_and_nothing_is_stored(client, text):
    make_species()
    client.force_login(make_user())
    response = client.post("/bench/publish/", form(pedigree=text))
    assert response.status_code == 400 and Artwork.objects.count() == 0
