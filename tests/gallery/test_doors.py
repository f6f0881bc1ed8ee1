"""Every address of the site, tried by everybody, with a work in every state: nobody gets too far.

`door_answers` has what they are answered. A view without a row there fails the test.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from tests.gallery.door_answers import ACTIONS, FEEDS, PAGES, Row
from tests.gallery.doors import PEOPLE, STATES, Garden, addresses, planted

__all__ = ["planted"]  # A fixture.

pytestmark = pytest.mark.django_db


@pytest.fixture
def garden(settings, squares_engine, planted: Callable[[], Garden]) -> Garden:
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 10**6)
    return planted()


def address_of(pattern: Any, garden: Garden, state: str) -> str:
    """The address with what it names, in that state."""
    things, name = garden.arguments(state), pattern.name
    keys = set(pattern.pattern.regex.groupindex) | set(getattr(pattern.pattern, "converters", {}))
    return reverse(
        name, kwargs={key: _argument(name, key, things) for key in keys - set(pattern.default_args)}
    )


def _argument(name: str, key: str, things: Mapping[str, Any]) -> Any:
    constant = {
        "key": "patterns",
        "username": "owner",
        "variant": "thumbnail.webp",
        "kind": "png",
        "digest": "0" * 12,
        "name": "samples.png",
        "language": "en",
        "position": "1",
        "number": 0,
        "ending": "jpg",
        "first": things["work"],
        "second": things["work"],
    }
    if key in constant:
        return constant[key]
    if key == "slug":
        is_tag, kind = (
            name.startswith("tag"),
            name.removeprefix("curate_").removeprefix("report_").partition("_")[0],
        )
        return (
            "moss"
            if is_tag
            else things.get(kind if kind in ("collection", "exhibition") else "work")
        )
    if key == "token":
        return things["link"].token if name.startswith("share") else "x"
    room = {
        "job": "job",
        "job_cancel": "job",
        "bench_development": "development",
        "bench_developed": "development",
        "job_result": "job",
        "notification": "notification",
        "token_revoke": "token",
        "collection_item": "item",
        "collection_dismiss": "member",
        "curate_word_unblock": "word",
        "curate_picture_unblock": "picture",
        "curate_pick": "pick",
        "curate_pick_end": "pick",
        "report_comment": "comment",
    }
    if name.startswith("share_"):
        return things["link"].pk
    return things[room.get(name) or ("comment" if name.startswith("comment") else "report")]


def message(response: HttpResponse) -> str:
    return (
        "login"
        if response.status_code == 302 and "/login/" in response["Location"]
        else str(response.status_code)
    )


def knock(garden: Garden, pattern: Any, method: str, data: Mapping[str, Any], row: Row) -> None:
    """Try one door as everybody; whatever happens behind it is undone before the next one tries."""
    for state in STATES if isinstance(row, Mapping) else STATES[:1]:
        address, answers = address_of(pattern, garden, state), []
        for name in PEOPLE:
            client = garden.client(name)
            with transaction.atomic():
                answers.append(message(getattr(client, method)(address, data)))
                transaction.set_rollback(True)
        expected = row[state] if isinstance(row, Mapping) else row
        assert " ".join(answers) == expected, f"{method.upper()} {address} ({state})"


def test_every_view_has_a_row():
    names = {pattern.name for pattern in addresses()}
    assert names == set(PAGES) | set(ACTIONS)


@pytest.mark.parametrize("pattern", addresses(), ids=lambda pattern: pattern.name)
def test_nobody_gets_further_than_they_may(pattern, garden: Garden):
    name = pattern.name
    if name in PAGES:
        knock(garden, pattern, "get", {}, PAGES[name])
    if name in ACTIONS:
        knock(garden, pattern, "post", *ACTIONS[name])
    # What only looks does nothing else, and what acts does not by being looked at.
    client = garden.client("administrator")
    address = address_of(pattern, garden, "public")
    if name not in PAGES:
        assert client.get(address).status_code in (403, 404, 405)
    if name not in ACTIONS and name not in FEEDS:
        assert client.post(address).status_code in (403, 404, 405)
