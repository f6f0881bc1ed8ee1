"""Reading by API: what a visitor may see, and nothing else."""

import pytest
from django.test import Client

from gallery.models import State, Visibility
from generation.genome import Genome
from tests.factories import make_artwork, make_species, make_user

pytestmark = pytest.mark.django_db


def get(client: Client, path: str):
    response = client.get(f"/api/{path}")
    return response.status_code, response.json()


def test_works_come_newest_first_and_page_by_page(client: Client):
    ada = make_user("ada")
    slugs = [make_artwork(ada).slug for _ in range(5)][::-1]
    _, first = get(client, "works?size=3")
    _, second = get(client, f"works?size=3&after={first['next']}")
    assert [work["slug"] for work in first["items"] + second["items"]] == slugs
    assert second["next"] == ""


def test_a_list_costs_one_query_whatever_its_length(client: Client, django_assert_max_num_queries):
    ada = make_user()
    for _ in range(12):
        make_artwork(ada)
    with django_assert_max_num_queries(1):
        get(client, "works?size=12")


def test_works_are_found_by_maker_species_and_tag(client: Client):
    ada, bob = make_user("ada"), make_user("bob")
    one, other = make_artwork(ada, tags=["moss"]), make_artwork(bob)
    assert [work["slug"] for work in get(client, "works?maker=ada")[1]["items"]] == [one.slug]
    assert [work["slug"] for work in get(client, "works?tag=moss")[1]["items"]] == [one.slug]
    assert [work["slug"] for work in get(client, "works?generator=patterns")[1]["items"]] == [
        other.slug,
        one.slug,
    ]
    assert get(client, "works?generator=unknown")[1]["items"] == []


@pytest.mark.parametrize(
    "query", ["after=nonsense", "size=0", "size=1000000", "size=x", "maker=" + "a" * 99]
)
def test_bad_queries_get_a_reason(client: Client, query: str):
    status, answer = get(client, f"works?{query}")
    assert status in (400, 422) and answer["detail"]


def test_a_work_tells_its_words_and_its_parents(client: Client):
    parent = make_artwork(title="Mother of moss")
    child = make_artwork(
        parents=[parent], title="Moss", description="Soft.", tags=["green"], has_files=True
    )
    _, work = get(client, f"works/{child.slug}")
    assert (work["title"], work["description"], work["tags"]) == ("Moss", "Soft.", ["green"])
    assert work["master"] == f"/art/{child.slug}/master.png"
    assert [(relative["share"], relative["work"]["slug"]) for relative in work["parents"]] == [
        (1.0, parent.slug)
    ]


def test_the_genome_is_the_one_that_renders_the_work_again(client: Client):
    work = make_artwork()
    _, answer = get(client, f"works/{work.slug}/genome")
    assert Genome.from_json(answer["genome"]).identity == answer["identity"] == work.genome_identity


@pytest.mark.parametrize("path", ["", "/genome", "/lineage"])
def test_what_is_not_open_does_not_exist(client: Client, path: str):
    private = make_artwork(visibility=Visibility.PRIVATE)
    quarantined = make_artwork(state=State.QUARANTINED)
    for slug in (private.slug, quarantined.slug, "unknown"):
        assert get(client, f"works/{slug}{path}")[0] == 404
    client.force_login(private.author)
    assert get(client, f"works/{private.slug}{path}")[0] == 200
    client.force_login(quarantined.author)
    assert get(client, f"works/{quarantined.slug}{path}")[0] == 404


def test_lineage_does_not_tell_the_address_of_an_unlisted_parent(client: Client):
    hidden, shown = make_artwork(visibility=Visibility.UNLISTED), make_artwork()
    roots = [hidden.slug, shown.slug, "seed:patterns:7"]
    child = make_artwork(parents=[hidden, shown], pedigree={"roots": roots, "steps": []})
    _, answer = get(client, f"works/{child.slug}/lineage")
    assert answer["pedigree"]["roots"] == [None, shown.slug, "seed:patterns:7"]
    assert hidden.slug not in str(answer)
    assert [relative["work"] and relative["work"]["slug"] for relative in answer["parents"]] == [
        None,
        shown.slug,
    ]
    _, of_parent = get(client, f"works/{shown.slug}/lineage")
    assert [relative["work"]["slug"] for relative in of_parent["children"]] == [child.slug]


def test_unavailable_species_are_told_with_the_reason(client: Client):
    make_species("broken", is_available=False, problem="Its weights file is missing.")
    _, answer = get(client, "generators")
    assert [(kind["key"], kind["is_available"], kind["problem"]) for kind in answer] == [
        ("broken", False, "Its weights file is missing.")
    ]


def test_the_page_lists_every_endpoint_and_loads_nothing_from_elsewhere(client: Client):
    page = client.get("/api/").content.decode()
    for path in (
        "/api/works",
        "/api/works/{slug}",
        "/api/works/{slug}/genome",
        "/api/works/{slug}/lineage",
        "/api/generators",
    ):
        assert f"GET {path}<" in page
    assert 'src="http' not in page and "cdn" not in page
    assert client.get("/api/openapi.json").json()["info"]["title"] == "Arboretum"


def test_files_of_a_reserved_work_are_the_makers_alone(client: Client):
    work = make_artwork(has_files=True, licence="all-rights-reserved")
    status, message = get(client, f"works/{work.slug}/download/png")
    assert status == 403 and "reserves" in message["detail"]
    assert get(client, f"works/{work.slug}")[1]["master"].endswith("/page.webp")
    client.force_login(work.author)
    assert client.get(f"/api/works/{work.slug}/download/png").status_code == 200
