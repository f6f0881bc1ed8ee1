"""A title or name from right to left turns nothing round: in sentences of pages, labels, emails."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template

from gallery.notifications.inbox import describe
from tests.factories import make_artwork, make_notification, make_user
from tests.shared import ROOT

TITLE, NAME = "زهرة", "שושנה"
SENTENCE = re.compile(r"\{%-?\s*blocktranslate\b(.*?)%\}", re.S)
BOUND = re.compile(r"(\w+)=((?:\w+\.)*(?:title|name|display_name|label))(?=\s|$)")
# Words of the site and its operator, not of people.
OURS = ("species", "kind", "filter", "term", "card", "one")


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.*")), ids=lambda p: p.name)
def test_titles_and_names_in_sentences_are_isolated(path: Path):
    bare = [
        found[0]
        for sentence in SENTENCE.finditer(path.read_text(encoding="utf-8"))
        for found in BOUND.finditer(sentence[1])
        if not {*found[2].split(".")[:-1]} & {*OURS}
    ]
    assert not bare, f"{path.name}: give these |bdi, in labels and titles |isolate: {bare}"


def test_only_what_runs_the_other_way_is_isolated():
    page = Template(
        "{% load gallery_tags %}{{ a|bdi }} {{ b|bdi }} {{ a|isolate }} {{ b|isolate }}"
    )
    assert page.render(Context({"a": f"<{TITLE}>", "b": "Moss"})) == (
        f"<bdi>&lt;{TITLE}&gt;</bdi> Moss \u2068&lt;{TITLE}&gt;\u2069 Moss"
    )


@pytest.mark.django_db
def test_pages_and_notifications_isolate_them(client):
    work = make_artwork(make_user("ada", display_name=NAME), title=TITLE, has_files=True)
    page = client.get(f"/art/{work.slug}/").content.decode()
    assert f"<bdi>{NAME}</bdi></a>" in page
    assert f'og:title" content="\u2068{TITLE}\u2069 by \u2068{NAME}\u2069"' in page
    news = make_notification(work.author, kind="like", artwork=work, actor=make_user("bo"))
    assert describe(news) == f"bo likes “\u2068{TITLE}\u2069”."
