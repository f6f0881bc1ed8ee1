"""Founders painted from words that people write: how they are asked for, checked and shown."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.artworks.publishing import publish_child
from gallery.lineage.parents import find_parents
from gallery.lineage.references import Founder
from gallery.models import BlockedWord, Licence, Visibility
from gallery.species.actions import sync_species
from generation.breeding import sample
from generation.genome import Recipe
from generation.pedigree import Pedigree, Step
from generation.refusal import Refused
from tests.dreams import SETTINGS_JSON, add_species
from tests.factories import make_artwork, make_user
from tests.shared import html_of

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()
WORDS = "a red fox, 100% paper, at 7:30"


@pytest.fixture(autouse=True)
def dreams(more_checkpoints):
    add_species(more_checkpoints / "dreams", json.dumps(SETTINGS_JSON))
    sync_species()


def publish(author, *roots: str, **recipe):
    step = Step(tuple(range(len(roots))), Recipe(**({"seed": 7} | recipe)))
    return publish_child(
        author,
        pedigree=Pedigree(roots, (step,)),
        title="Fox",
        licence=Licence.CC_BY,
        visibility=Visibility.PUBLIC,
    )[0]


def test_a_founder_has_the_words_of_its_reference():
    reference = str(Founder("dreams", 5, WORDS))
    assert "," not in reference
    (parent,) = find_parents(VISITOR, [reference])
    assert parent.genome == sample("dreams", seed=5, words=WORDS)
    assert parent.title == WORDS and parent.reference == reference
    (plain,) = find_parents(VISITOR, [str(Founder("dreams", 5))])
    assert plain.genome == sample("dreams", seed=5)


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        ("seed:dreams:1:" + "x" * 401, "shorten"),
        ("seed:dreams:1:\u200b", "at least one word"),
        ("seed:patterns:1:a fox", "does not paint from words"),
        ("seed:dreams:x:a fox", "whole number"),
    ],
)
def test_words_that_cannot_be_painted_are_refused(reference, sentence):
    with pytest.raises(Refused, match=sentence):
        find_parents(VISITOR, [reference])


def test_a_founder_keeps_away_from_the_words_behind_a_line_break():
    founder = Founder("dreams", 5, WORDS, "text, 10% blur")
    (parent,) = find_parents(VISITOR, [str(founder)])
    assert parent.genome == sample("dreams", seed=5, words=WORDS, avoided="text, 10% blur")
    assert parent.genome.avoided == (("text, 10% blur", 1.0),) and "," not in str(founder)
    (alone,) = find_parents(VISITOR, [str(Founder("dreams", 5, avoided="text"))])
    assert alone.genome.prompts == sample("dreams", seed=5).prompts


def test_what_a_species_cannot_keep_away_from_is_refused_and_not_asked_for(
    client, more_checkpoints
):
    add_species(more_checkpoints / "flat", json.dumps(SETTINGS_JSON | {"guidance": 1}), "flat")
    sync_species()
    with pytest.raises(Refused, match="cannot keep away from words"):
        find_parents(VISITOR, [str(Founder("flat", 5, "a fox", "text"))])
    for key, asks in (("dreams", True), ("flat", False)):
        form = html_of(client.get(f"/species/{key}/"))
        assert "What should be painted?" in form and ("Keep away from" in form) is asks


def test_blocked_words_are_not_painted_even_when_blocked_later():
    author = make_user()
    reference = str(Founder("dreams", 5, "a grue"))
    child = publish(author, reference, weights=(1.0,), mutation_rate=0.2)
    BlockedWord.objects.create(word="grue")
    with pytest.raises(Refused, match="grue"):
        find_parents(VISITOR, [str(Founder("dreams", 5, "a G\u200brue"))])
    with pytest.raises(Refused, match="grue"):
        find_parents(VISITOR, [str(Founder("dreams", 5, "a fox", "a G\u200brue"))])
    with pytest.raises(Refused, match="grue"):
        publish(author, child.slug, weights=(1.0,), mutation_rate=0.2)


def test_the_bench_takes_words_from_a_form_and_keeps_its_parents(client):
    kept = str(Founder("dreams", 1))
    wish = {"species": "dreams", "words": WORDS, "avoided": "text", "parents": kept}
    response = client.get("/bench/", wish)
    assert response.status_code == 302
    (parents,) = parse_qs(urlsplit(response.url).query)["parents"]
    first, second = parents.split(",")
    assert first == kept
    genome = find_parents(VISITOR, [second])[0].genome
    assert genome.prompts == ((WORDS, 1.0),) and genome.avoided == (("text", 1.0),)
    shown = html_of(client.get(response.url))
    assert "a red fox, 100% paper, at 7:30" in shown


def test_the_bench_refuses_words_in_a_sentence(client):
    response = client.get("/bench/", {"species": "dreams", "words": "x" * 100_000})
    assert response.status_code == 400
    assert "shorten them to 400" in html_of(response)


def test_the_forms_of_the_pages_lead_to_a_bench_with_a_founder(client):
    for address, count in (
        ("/species/dreams/", 1),
        ("/bench/choose/?species=dreams", 1),
        ("/bench/choose/?species=dreams&parents=seed:dreams:1", 2),
    ):
        form = html_of(client.get(address)).partition("data-words")[2].partition("</form>")[0]
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
        response = client.get("/bench/", hidden | {"words": WORDS}, follow=True)
        assert response.status_code == 200
        assert len(response.context["parents"]) == count


def test_only_species_that_paint_from_words_ask_for_them(client):
    make_artwork()
    for key, asks in (("dreams", True), ("patterns", False)):
        for address in (f"/species/{key}/", f"/bench/choose/?species={key}"):
            assert ("What should be painted?" in html_of(client.get(address))) is asks


def test_the_page_of_a_work_shows_its_words_and_their_weights(client):
    fox = str(Founder("dreams", 1, "a <b>red</b> fox"))
    boat = str(Founder("dreams", 2, "a paper boat", "blurred water"))
    child = publish(make_user(), fox, boat, weights=(0.25, 0.75))
    client.force_login(child.author)
    shown = html_of(client.get(child.get_absolute_url()))
    assert "Painted from" in shown and "a paper boat" in shown and "75" in shown
    assert "a &lt;b&gt;red&lt;/b&gt; fox" in shown
    assert "Kept away from" in shown and "blurred water" in shown
    assert "Painted from" not in html_of(client.get(make_artwork().get_absolute_url()))
