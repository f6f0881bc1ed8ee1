"""The pages that explain, and the marks and the tour on the bench's page."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gallery.bench.help_texts import CONTROLS
from gallery.bench.tour import STOPS
from gallery.help.credits import THIRD_PARTY
from gallery.help.glossary import CHAPTERS, terms
from gallery.lineage.licences import RIGHTS
from gallery.models import Species
from gallery.species.actions import sync_species
from tests.factories import make_artwork, make_species, make_user

pytestmark = pytest.mark.django_db
PAGES = ["/help/", "/glossary/", "/about/ai-art/", "/about/", "/credits/"]


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def words_of(html: str) -> str:
    """A page's text, entities and white space evened out."""
    text = re.sub(r"<[^>]+>", " ", html)
    for entity, sign in (("&#x27;", "'"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return " ".join(text.split())


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("is_member", [False, True])
def test_every_page_of_words_is_open_to_everybody(client: Client, path: str, is_member: bool):
    if is_member:
        client.force_login(make_user())
    assert "<h1>" in read(client, path)


@pytest.mark.parametrize("path", PAGES)
def test_links_to_anchors_lead_somewhere(client: Client, path: str):
    for address, anchor in re.findall(r'href="([^"#]*)#([^"]+)"', read(client, path)):
        if anchor not in ("main", "tour"):
            assert f'id="{anchor}"' in read(client, address or path), (address, anchor)


@pytest.mark.parametrize("path", PAGES)
def test_links_within_the_site_are_alive(client: Client, path: str):
    make_artwork(has_files=True)
    main = read(client, path).split("<main")[1].split("</main>")[0]
    for address in set(re.findall(r'href="(/[^"#]*)', main)):
        assert client.get(address).status_code in (200, 302), address


def test_the_glossary_explains_every_word_under_its_anchor(client: Client):
    html = read(client, "/glossary/")
    for key, term in terms().items():
        assert f'id="{key}"' in html and str(term.words) in words_of(html)
        assert all(str(other.name) for other in term.related)
    assert len(terms()) == sum(len(chapter.terms) for chapter in CHAPTERS)


def test_about_ai_art_lists_every_species_and_every_third_party_work(client: Client):
    sync_species()
    text = words_of(read(client, "/about/ai-art/"))
    for kind in Species.objects.all():
        assert kind.name in text and kind.credit in text and kind.licence in text
        assert " ".join(str(kind.card.get("data_name") or kind.card["data"]).split()) in text
        assert kind.card.get("data_source", "") in text
    for one in THIRD_PARTY:
        assert all(words in text for words in (one.name, one.made_by, one.package, one.licence))
    for one in RIGHTS.values():
        assert str(one.name) in text and str(one.sentence) in text
    assert re.search(r"a file of \d+ MB", text)


def test_about_ai_art_says_so_when_nothing_is_installed(client: Client):
    text = words_of(read(client, "/about/ai-art/"))
    assert (
        "No species is installed yet." in text and "No net is installed here at the moment." in text
    )


def test_a_species_with_a_hostile_card_is_only_words(client: Client):
    make_species(
        "fish",
        name="<script>alert(1)</script>",
        credit="<img src=x onerror=alert(1)>",
        card={"data": "<b>all</b>"},
    )
    html = read(client, "/about/ai-art/")
    assert "<script>alert(1)" not in html and "<img src=x" not in html and "<b>all</b>" not in html


def test_about_ai_art_takes_as_many_queries_however_many_species_there_are(client: Client):
    counts = []
    for more in range(2):
        for number in range(3):
            make_species(f"kind{more}{number}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read(client, "/about/ai-art/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_every_section_of_the_bench_has_a_mark_and_every_control_knows_its_words(client: Client):
    make_artwork(has_files=True)
    html = read(client, "/bench/")
    marks = re.findall(r'popovertarget="help-([\w-]+)"', html)
    assert sorted(marks) == ["band", "brood", "finish", "genes"]
    assert set(re.findall(r'id="help-([\w-]+)"', html)) >= set(CONTROLS)
    for described in re.findall(r'aria-describedby="help-([\w-]+)"', html):
        assert f'id="help-{described}"' in html


def test_the_tour_stops_at_controls_that_the_bench_has(client: Client):
    make_artwork(has_files=True)
    html = read(client, "/bench/")
    for medium in ("picture", "music"):
        assert 1 <= len([stop for stop in STOPS if stop.medium in ("", medium)]) <= 3
    for stop in STOPS:
        assert str(stop.title) in html and str(stop.words) in html
        for kind, name in re.findall(r"([#.])([\w-]+)", stop.target.split(":not")[0]):
            assert (
                f'id="{name}"' in html
                if kind == "#"
                else re.search(rf'class="[^"]*\b{name}\b', html)
            ), stop.target


def test_the_foot_of_every_page_leads_to_help(client: Client):
    assert 'href="/help/"' in read(client, "/species/").split("<footer")[1]
