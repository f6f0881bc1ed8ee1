"""Publishing from the bench: what the form suggests, signing up in the middle, and what follows."""

import json
from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery import studio
from gallery.bench import views_publish
from gallery.core.rate_limits import RateLimiter
from gallery.lineage.parents import find_parents
from gallery.models import Artwork, State, Visibility
from generation.breeding import breed
from generation.genome import Genome, Recipe
from tests.factories import make_artwork, make_genome, make_species, make_user
from tests.squares import make_engine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("squares_engine")]
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


def opened(client, *roots: str, **recipe):
    """The form as the bench asks for it."""
    sent = {"open": "1", "pedigree": pedigree(*roots, **recipe)}
    return client.post("/bench/publish/", sent, **HTMX)


def bright_genome(*colour: float) -> Genome:
    """A genome whose square has this colour, channels in [-1, 1] (tests.squares)."""
    genome = make_genome()
    genes = genome.genes.copy()
    genes[:3] = colour
    return replace(genome, genes=genes)


def test_a_title_tags_and_an_alt_text_are_suggested_from_what_is_known(client):
    client.force_login(make_user())
    green = bright_genome(-1, 0.2, -1)
    a = make_artwork(title="Apricot Nautilus", tags=["whirl", "sea", "red"], genome=green)
    b = make_artwork(title="Peony Periwinkle", tags=["whirl", "folds"], genome=green)
    answer = opened(client, a.slug, b.slug, weights=[0.6, 0.4])
    initial = answer.context["form"].initial
    assert initial["title"] == "Apricot Periwinkle"
    assert json.loads(answer.context["titles_json"])[:2] == [
        "Apricot Periwinkle",
        "Peony Nautilus",
    ]
    # What both have, what the main parent has, and what is seen; a parent's colour is not.
    assert initial["tags"] == "whirl, sea, green, patterns"
    assert initial["alt_text"] == (
        "A picture of the species Patterns, mostly green."
        " Bred from “Apricot Nautilus” and “Peony Periwinkle”."
    )
    parts = [(part.title, round(part.share, 2)) for part in answer.context["parts"]]
    assert parts == [("Apricot Nautilus", 0.6), ("Peony Periwinkle", 0.4)]


def test_suggestions_are_in_the_language_of_the_site_and_keep_private_titles_to_themselves(
    client, settings
):
    user = make_user()
    client.force_login(user)
    secret = make_artwork(user, title="Secret Garden", visibility=Visibility.PRIVATE)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    answer = opened(client, secret.slug, mutation_rate=0.3)
    initial = answer.context["form"].initial
    assert "Secret" not in answer.context["titles_json"] + initial["alt_text"]
    assert not initial["alt_text"].isascii()


def test_without_an_answer_of_the_studio_the_form_comes_without_colours(client):
    closing = make_engine()
    closing.close()
    studio.use_engine(closing)
    client.force_login(make_user())
    work = make_artwork(title="Moss")
    initial = opened(client, work.slug, mutation_rate=0.3).context["form"].initial
    assert initial["title"] == "Child of Moss"
    assert initial["alt_text"] == "A work of the species Patterns. Bred from “Moss”."


def test_whoever_asks_too_often_gets_the_form_without_colours(client, monkeypatch):
    monkeypatch.setattr(views_publish, "rate_limiter", RateLimiter("suggest", 1))
    work = make_artwork(title="Moss")
    texts = [
        opened(client, work.slug, mutation_rate=0.3).context["form"].initial["alt_text"]
        for _ in range(2)
    ]
    assert "mostly" in texts[0] and "mostly" not in texts[1]


def test_what_a_visitor_typed_stands_in_the_form_again_after_signing_up(client):
    work = make_artwork(title="Moss")
    sent = form(
        title="Typed",
        tags="mine",
        visibility="private",
        may_be_bred="",
        pedigree=pedigree(work.slug),
    )
    answer = client.post("/bench/publish/", sent, **HTMX)
    assert answer["HX-Redirect"] == "/accounts/signup/?next=%2Fbench%2F%3Fresume%3Dpublish"
    login = client.post("/bench/publish/", sent | {"then": "login"}, **HTMX)
    assert login["HX-Redirect"].startswith("/accounts/login/?next=")
    assert Artwork.objects.count() == 1
    client.force_login(make_user())
    initial = opened(client, work.slug, mutation_rate=0.3).context["form"].initial
    assert (initial["title"], initial["tags"]) == ("Typed", "mine")
    assert (initial["visibility"], initial["may_be_bred"]) == ("private", "")
    assert opened(client, make_artwork().slug).context["form"].initial["title"] != "Typed"
    client.post("/bench/publish/", form(pedigree=pedigree(work.slug, mutation_rate=0.3)), **HTMX)
    again = opened(client, work.slug, mutation_rate=0.2)
    assert again.context["form"].initial["title"] != "Typed"


def test_a_visitor_with_a_mistake_hears_of_it_before_signing_up(client):
    sent = form(title="", pedigree=pedigree(make_artwork().slug))
    assert "Give the work a title." in client.post("/bench/publish/", sent, **HTMX).content.decode()


def test_without_script_the_whole_way_works_by_plain_forms(client):
    a, b = make_artwork(), make_artwork()
    page = client.get(f"/bench/publish/?parents={a.slug},{b.slug}")
    initial = page.context["form"].initial
    assert "<html" in page.content.decode()
    posted = client.post("/bench/publish/", form(title="Plain", pedigree=initial["pedigree"]))
    assert posted["Location"] == "/accounts/signup/?next=%2Fbench%2Fpublish%2F"
    client.force_login(make_user())
    kept = client.get("/bench/publish/").context["form"].initial
    assert (kept["title"], kept["pedigree"]) == ("Plain", initial["pedigree"])
    client.post("/bench/publish/", form(title="Plain", pedigree=kept["pedigree"]))
    child = Artwork.objects.get(title="Plain")
    assert {edge.parent for edge in child.parent_edges.all()} == {a, b}
    assert client.get("/bench/publish/").status_code == 400


def test_the_child_has_its_preview_at_once_and_only_its_maker_can_open_it(client):
    work, user = make_artwork(), make_user()
    client.force_login(user)
    client.post("/bench/publish/", form(pedigree=pedigree(work.slug, mutation_rate=0.3)))
    child = Artwork.objects.get(title="Child")
    assert child.state == State.RENDERING and child.thumbnail
    page = client.get(child.get_absolute_url()).content.decode()
    assert f'src="{child.thumbnail_url}"' in page and "is-preview" in page
    assert client.get(child.thumbnail_url).status_code == 200
    client.logout()
    assert client.get(child.thumbnail_url).status_code == 404


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
