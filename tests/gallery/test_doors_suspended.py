"""Every action of the site, tried by suspended people: they look around, but nothing that they send
changes anything.

The actions are those of door_answers.py, with data that would be accepted from anybody else.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from gallery.models import Suspension
from gallery.reports import views as report
from tests.gallery.door_answers import ACTIONS
from tests.gallery.doors import Garden, addresses, planted
from tests.gallery.test_doors import address_of

__all__ = ["planted"]  # A fixture.

pytestmark = pytest.mark.django_db
# Actions that the table of door_answers.py sends empty, filled in as anybody else would.
WORK = {"title": "Mine", "licence": "CC-BY-4.0", "visibility": "public"}
FULL: dict[str, dict[str, Any]] = {
    "artwork_edit": WORK,
    "artwork_collect": {"title": "Blue"},
    "artwork_print": {"size": "1024"},
    "collection_new": {"title": "Blue"},
    "collection_edit": {"title": "Blue"},
    "collection_people": {"name": "other"},
    "collection_item": {"act": "caption", "caption": "Soft"},
    "collection_arrange": {"address": "/art/workunlisted/"},
    "comment_hide": {"hide": "1"},
    "curate_exhibition": {"title": "Blue"},
    "curate_exhibition_new": {"title": "Blue"},
    "curate_pick": {"address": "/art/workpublic/", "note": "Soft", "starts_at": "", "ends_at": ""},
    "curate_report_decide": {"verdict": "dismiss"},
    "curate_person_role": {"role": "curator"},
    "curate_person_suspend": {"term": "7", "reason": "Spam."},
    "curate_words": {"word": "thistle"},
    "curate_work": {"verb": "hide", "reason": "Spam."},
    "curate_collection": {"verb": "hide", "reason": "Spam."},
    "profile_edit": {"display_name": "Ada", "bio": "Hello", "language": ""},
    "select": {"do": "delete", "works": ["workpublic"]},
    "report_work": {"reason": "spam"},
    "report_comment": {"reason": "spam"},
    "report_person": {"reason": "spam"},
    "report_collection": {"reason": "spam"},
    "share_links": {"days": "30"},
    "tokens": {"name": "One", "scopes": ["read"]},
}
# Suspended people keep what protects them and what is only about their own reading: they take their
# account along, keep others away, choose what is told them, and end what programs may do in their
# name.
KEPT = {
    "account_export",
    "boundary",
    "notification_settings",
    "notifications_read",
    "token_revoke",
}
# With this data, or in this garden, nothing happens for anybody: an answer that nobody waits for, a
# file that is missing. What these write begins with the same question, which the tests of their
# actions ask.
IDLE = {
    "account_close",
    "account_import",
    "bench_borrow",
    "bench_develop",
    "bench_hear",
    "upload_listen",
    "upload_sketch",
    "bench_publish",
    "collection_answer",
    "collection_leave",
    "collection_order",
    "collection_takedown",
    "curate_pick_new",
    "job_cancel",
    "language",
    "restore",
    "stop_emails",
    "takedown",
    "upload",
    "upload_picture",
}
TRIED = ("owner", "other", "administrator")
PATTERNS = {pattern.name: pattern for pattern in addresses()}


@pytest.fixture
def garden(
    settings,
    squares_engine,
    planted: Callable[[], Garden],
    monkeypatch: pytest.MonkeyPatch,
) -> Garden:
    monkeypatch.setattr(report, "rate_limiter", report.RateLimiter("report", 10**6))
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 10**6)
    return planted()


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of the garden."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in apps.get_app_config("gallery").get_models(include_auto_created=True)
    }


def send(garden: Garden, name: str) -> list[tuple[int, set[str]]]:
    """The answer to the action of each of TRIED, and the tables in which it changed something; it
    is undone before the next one tries.
    """
    data, _ = ACTIONS[name]
    state = "unlisted" if name in ("share_links", "share_new_address") else "public"
    address = address_of(PATTERNS[name], garden, state)
    found, before = [], everything()
    for who in TRIED:
        with transaction.atomic():
            answer = garden.client(who).post(address, FULL.get(name, data))
            after = everything()
            transaction.set_rollback(True)
        found.append(
            (answer.status_code, {table for table in before if before[table] != after[table]})
        )
    return found


@pytest.mark.parametrize("name", ACTIONS)
def test_a_suspended_person_changes_nothing(name: str, garden: Garden):
    in_good_standing = send(garden, name)
    assert any(changed for _, changed in in_good_standing) == (name not in IDLE), in_good_standing
    for who in TRIED:
        Suspension.objects.create(user=garden.people[who], reason="Spam.")
    suspended = send(garden, name)
    if name in KEPT:
        assert any(changed for _, changed in suspended)
        return
    assert not any(changed for _, changed in suspended), suspended
    for (status, _), (_, changed) in zip(suspended, in_good_standing, strict=True):
        says_no_on_the_next_page = name.startswith(
            ("curate_person", "curate_work", "curate_collection")
        )
        assert not changed or status >= 400 or says_no_on_the_next_page
