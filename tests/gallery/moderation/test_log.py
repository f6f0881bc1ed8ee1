"""The log of the staff in words."""

import ast

import pytest
from django.utils import translation

from gallery.core.audit import record
from gallery.i18n.extraction import ROOT
from gallery.moderation.log import SENTENCES, describe_action, describe_details
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db


def verbs_in_code() -> set[str]:
    """Every verb that the code passes to `record` and to the helpers that call it."""
    found = set()
    for path in (ROOT / "gallery").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in ("record", "_log")
                and len(node.args) > 1
            ):
                found |= {
                    part.value for part in ast.walk(node.args[1]) if isinstance(part, ast.Constant)
                }
            if (
                isinstance(node, ast.keyword)
                and node.arg == "verb"
                and isinstance(node.value, ast.Constant)
            ):
                found.add(node.value.value)
    return {verb for verb in found if isinstance(verb, str)}


def test_every_act_has_a_sentence_of_its_own():
    assert len(verbs_in_code()) > 20
    assert verbs_in_code() - set(SENTENCES) == set()


def test_an_act_is_told_whole_in_the_readers_language():
    entry = record(
        make_user("mo", role="moderator"),
        "hide",
        make_artwork(title="Dawn <b>"),
        before="published",
    )
    assert describe_action(entry) == "mo hid “Dawn &lt;b&gt;”"
    with translation.override("zh-hans"):
        assert "mo" in describe_action(entry) and "hid" not in describe_action(entry)


def test_an_act_of_a_later_version_is_told_too():
    entry = record(make_user("mo"), "water", make_artwork(title="Dawn"), cans=[1, 2])
    assert "water" in describe_action(entry) and "Dawn" in describe_action(entry)
    assert describe_details(entry) == [("cans", "1, 2")]


def test_details_are_told_in_words():
    staff, work = make_user("mo"), make_artwork()
    entry = record(staff, "edit work", work, changed=["title", "licence"], title="Old", note="")
    assert describe_details(entry) == [("Changed", "title, licence"), ("Title", "Old")]
    entry = record(
        staff,
        "reschedule pick",
        work,
        before={"starts_at": "2026-03-01T12:00:00+00:00", "note": "x"},
        ends_at="",
    )
    [(label, value)] = describe_details(entry)
    assert label == "Before" and "2026" in value and "T12" not in value and "Note: x" in value
    assert describe_details(record(staff, "hide", work, before="published")) == [
        ("Before", "Published")
    ]
    assert describe_details(record(staff, "set role", staff, before="member", after="curator")) == [
        ("After", "Curator"),
        ("Before", "Member"),
    ]
    assert describe_details(record(staff, "decide", work, verdict="hide", reports=[3, 4])) == [
        ("Reports", "3, 4"),
        ("Decision", "Hide it"),
    ]
