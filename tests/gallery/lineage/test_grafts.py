"""Grafts on the site: who may be grafted, what binds the child, and how it is told."""

import json
import re

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.archive.importing import import_works
from gallery.archive.reading import read_archive
from gallery.artworks.publishing import publish_child
from gallery.lineage.bonds import bonds_of_child
from gallery.lineage.credit import credits
from gallery.lineage.graph import family
from gallery.lineage.parents import find_parents
from gallery.lineage.references import Founder, rename_work, works_in
from gallery.lineage.story import describe_recipe
from gallery.lineage.tree_svg import draw
from gallery.models import Artwork, Descent, Job, Licence, LineageEdge, State, Visibility
from gallery.species.actions import sync_species
from generation.breeding import closeness, sample
from generation.card import SA
from generation.genome import Recipe
from generation.pedigree import Pedigree, Step
from generation.refusal import Refused
from tests.dreams import CARD, SETTINGS_JSON, add_species
from tests.factories import make_artwork, make_user
from tests.gallery.archive.accounts import empty_site, exported
from tests.shared import html_of

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def dreams(more_checkpoints):
    add_species(more_checkpoints / "dreams", json.dumps(SETTINGS_JSON))
    sync_species()


def over(work: Artwork, words: str = "a red fox, at dusk") -> str:
    return str(Founder("dreams", 5, words, graft=work.slug))


def publish(author, *roots: str, licence=Licence.CC_BY, **recipe) -> Artwork:
    """A child of these roots; of one alone, itself."""
    steps = (Step(tuple(range(len(roots))), Recipe(seed=7, **recipe)),) if recipe else ()
    return publish_child(
        author,
        pedigree=Pedigree(roots, steps),
        title="Fox",
        licence=licence,
        visibility=Visibility.PUBLIC,
    )[0]


def print_all() -> None:
    """As if all works were printed."""
    Job.objects.all().delete()
    Artwork.objects.filter(state=State.RENDERING).update(state=State.PUBLISHED)


def edges_of(child: Artwork) -> dict[str, tuple[float, str]]:
    edges = LineageEdge.objects.filter(child=child).select_related("parent")
    return {edge.parent.title: (round(edge.share, 6), edge.kind) for edge in edges}


def test_a_reference_names_the_work_that_is_painted_over():
    work = make_artwork(title="Moss")
    (parent,) = find_parents(VISITOR, [over(work)])
    source = work.read_genome()
    assert parent.genome == sample("dreams", seed=5, words="a red fox, at dusk", graft=source)
    assert (parent.graft, parent.artwork, parent.title) == (work, None, "a red fox, at dusk")
    assert "," not in over(work) and works_in([over(work), "seed:dreams:1"]) == [work.slug]
    (bare,) = find_parents(VISITOR, [f"graft:dreams:5:{work.slug}"])
    assert "Moss" in bare.title
    assert (
        rename_work(over(work), {work.slug: "fern"}) == "graft:dreams:5:fern:a red fox%2C at dusk"
    )
    assert rename_work(over(work), {}) is None


def test_only_what_may_be_bred_may_be_grafted():
    author = make_user()
    closed = {
        "reserved": make_artwork(licence=Licence.RESERVED),
        "not open for breeding": make_artwork(may_be_bred=False),
        "doesn't exist": make_artwork(visibility=Visibility.PRIVATE),
    }
    for sentence, work in closed.items():
        with pytest.raises(Refused, match=sentence):
            find_parents(author, [over(work)])
        assert find_parents(work.author, [over(work)])[0].graft == work
    for reference in ("graft:dreams:5:nowhere", "graft:dreams:5:a\0b"):
        with pytest.raises(Refused, match="doesn't exist"):
            find_parents(author, [reference])
    slug = make_artwork().slug
    for reference in ("graft:dreams:5", f"graft:dreams:x:{slug}", f"graft::1:{slug}"):
        with pytest.raises(Refused, match="graft:species:number:work"):
            find_parents(author, [reference])
    tune = make_artwork(genome=sample("tunes", seed=1))
    with pytest.raises(Refused, match="not a tune"):
        find_parents(author, [over(tune)])


def test_a_founder_over_a_work_has_its_share_as_a_graft_and_the_rest_is_new():
    work = make_artwork(title="Moss")
    child = publish(make_user(), over(work))
    kept = closeness(child.read_genome())
    assert edges_of(child) == {"Moss": (1, Descent.GRAFTED)}
    assert child.novelty == pytest.approx(1 - kept) == pytest.approx(0.5)
    assert child.depth == work.depth + 1
    shares = {credit.author: credit.share for credit in credits(child, VISITOR)}
    assert shares == pytest.approx({work.author: kept, None: 1 - kept})


def test_the_tree_shows_of_a_lone_graft_what_stayed_of_it():
    work = make_artwork(title="Moss")
    child = publish(make_user(), over(work), weights=(1.0,), edits={"graft": -0.5})
    found = family(child, VISITOR)
    (tie,) = found.ties
    assert tie.share == pytest.approx(closeness(child.read_genome())) == pytest.approx(0.275)
    (line,) = draw(found, layout="wide").lines
    assert re.sub(r"[^\w%, ]", "", line.words).startswith("28% of Fox stayed of Moss")


def test_a_child_of_a_graft_and_of_a_work_counts_both():
    moss, fern = make_artwork(title="Moss"), publish(make_user(), "seed:dreams:1:a fern")
    Artwork.objects.filter(pk=fern.pk).update(state=State.PUBLISHED)
    closer = {"graft": 1.0}
    child = publish(make_user(), over(moss), fern.slug, weights=(0.4, 0.6), edits=closer)
    kept = 0.95 * 0.4
    assert child.novelty == pytest.approx(1 - 0.6 - kept)
    assert edges_of(child) == {
        "Moss": (pytest.approx(kept / (kept + 0.6), abs=1e-5), Descent.GRAFTED),
        "Fox": (pytest.approx(0.6 / (kept + 0.6), abs=1e-5), Descent.BRED),
    }


def test_the_licences_of_the_source_and_of_its_species_bind_the_child(more_checkpoints):
    share_alike = make_artwork(licence=Licence.CC_BY_SA)
    with pytest.raises(Refused, match="not possible here"):
        publish(make_user(), over(share_alike))
    assert publish(make_user(), over(share_alike), licence=Licence.CC_BY_SA)
    folder = more_checkpoints / "bound"
    add_species(folder, json.dumps(SETTINGS_JSON), "bound")
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps(card | {"licence": "CC-BY-SA-4.0"}))
    sync_species()
    author = make_user()
    bound = make_artwork(author, genome=sample("bound", seed=1), licence=Licence.CC_BY_SA)
    with pytest.raises(Refused, match="not possible here"):
        publish(author, over(bound))
    child = publish(author, over(bound), licence=Licence.CC_BY_SA)
    assert [set(bond.leaves_open) for bond in bonds_of_child(child)] == [{Licence(SA)}]


def test_the_page_tells_of_the_graft_and_the_tree_dashes_its_line(client):
    work = make_artwork(title="Moss", has_files=True)
    plain = make_artwork(parents=[work])
    child = publish(make_user(), over(work))
    Artwork.objects.filter(pk=child.pk).update(state=State.PUBLISHED)
    child.refresh_from_db()
    assert describe_recipe(child, VISITOR) == ["It was painted from a graft of “Moss”."]
    shown = html_of(client.get(child.get_absolute_url()))
    assert 'class="is-graft"' in shown and "painted over the other picture" in shown
    assert "· grafted" in shown
    assert "is-graft" not in html_of(client.get(plain.get_absolute_url()))
    parents = client.get(f"/api/works/{child.slug}").json()["parents"]
    assert [(one["kind"], one["work"]["title"]) for one in parents] == [("graft", "Moss")]


def test_the_genome_of_a_graft_is_handed_out_only_with_those_inside_of_it(client):
    author = make_user()
    secret = make_artwork(author, title="Photo", visibility=Visibility.PRIVATE)
    children = [publish(author, over(work)) for work in (secret, make_artwork())]
    print_all()
    addresses = [f"/api/works/{child.slug}" for child in children]
    assert [client.get(f"{each}/genome").status_code for each in addresses] == [403, 200]
    lineage = client.get(f"{addresses[0]}/lineage").json()
    assert lineage["pedigree"]["roots"] == [None] and secret.slug not in json.dumps(lineage)
    assert "Photo" not in html_of(client.get(children[0].get_absolute_url()))
    client.force_login(author)
    assert client.get(f"{addresses[0]}/genome").status_code == 200


def test_an_account_moves_with_its_grafts():
    author = make_user()
    work = make_artwork(author, title="Moss", licence=Licence.CC_BY)
    child = publish(author, over(work))
    print_all()
    before = edges_of(child)
    data = exported(author)
    cleo = empty_site()
    report = import_works(cleo, read_archive(data))
    assert report.imported == 2 and report.problems == []
    again = Artwork.objects.get(title="Fox")
    assert edges_of(again) == before and again.genome_identity == child.genome_identity
    source = Artwork.objects.get(title="Moss")
    assert again.pedigree["roots"] == [rename_work(over(work), {work.slug: source.slug})]


def test_an_archive_does_not_smuggle_in_a_reserved_work():
    author = make_user()
    work = make_artwork(author, title="Moss")
    publish(author, over(work))
    print_all()
    works = [one for one in read_archive(exported(author)) if one.title == "Fox"]
    Artwork.objects.filter(title="Moss").update(licence=Licence.RESERVED)
    Artwork.objects.filter(title="Fox").delete()
    report = import_works(make_user(), works)
    assert report.imported == 0
    ((title, sentence, _values),) = report.problems
    assert title == "Fox" and "may not graft" in sentence


def test_a_work_offers_the_species_that_it_can_be_grafted_onto(client, more_checkpoints):
    work, tune = make_artwork(has_files=True), make_artwork(genome=sample("tunes", seed=1))
    assert f"/bench/graft/?work={work.slug}&amp;species=dreams" in html_of(
        client.get(work.get_absolute_url())
    )
    assert "/bench/graft/" not in html_of(client.get(tune.get_absolute_url()))
    (more_checkpoints / "dreams" / "card.json").write_text(json.dumps(CARD | {"files": {"x": "y"}}))
    sync_species()
    assert "/bench/graft/" not in html_of(client.get(work.get_absolute_url()))


def test_the_form_of_a_graft_leads_to_the_bench_with_it(client):
    work = make_artwork(title="Moss", has_files=True)
    choices = html_of(client.get("/bench/choose/?onto=dreams&parents=seed:dreams:1"))
    assert f"/bench/graft/?work={work.slug}&amp;species=dreams&amp;parents=seed:dreams:1" in choices
    asked = {"work": work.slug, "species": "dreams", "parents": "seed:dreams:1"}
    for options in ({}, HTMX):
        form = html_of(client.get("/bench/graft/", asked, **options))
        assert "Moss" in form and f'name="graft" value="{work.slug}"' in form
    wish = {"species": "dreams", "graft": work.slug, "words": "a fox", "parents": "seed:dreams:1"}
    shown = client.get("/bench/", wish, follow=True)
    assert shown.status_code == 200
    kept, reference = shown.context["bench"]["roots"]
    assert kept == "seed:dreams:1" and reference.startswith("graft:dreams:")
    assert find_parents(VISITOR, [reference])[0].graft == work
    refused = client.get("/bench/graft/", asked | {"species": "patterns"})
    assert refused.status_code == 400 and "paints from words" in html_of(refused)
