"""Suspending people, and that suspended people cannot act."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gallery.core.permissions import check_may_act
from gallery.models import AuditEntry, Notification, Suspension
from gallery.moderation.actions_suspensions import in_force, lift, suspend, suspend_for
from generation.refusal import Refused
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_suspended_person_may_not_act_until_the_end():
    moderator, person = make_user(role="moderator"), make_user()
    made = suspend(moderator, person, reason="Spam.", ends_at=timezone.now() + timedelta(hours=1))
    with pytest.raises(Refused, match="suspended until .*Spam"):
        check_may_act(person)
    assert (
        "Spam." in Notification.objects.get(user=person).text
        and AuditEntry.objects.get().verb == "suspend"
    )
    Suspension.objects.filter(pk=made.pk).update(ends_at=timezone.now() - timedelta(seconds=1))
    check_may_act(person)  # It ends by itself.
    assert not lift(moderator, person)


def test_a_suspension_is_replaced_and_lifted():
    moderator, person = make_user(role="moderator"), make_user()
    suspend(moderator, person, reason="Spam.")
    suspend_for(moderator, person, term="30", reason="More spam.")
    assert in_force(person).get().reason == "More spam."
    assert lift(moderator, person, reason="A mistake.")
    check_may_act(person)
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == [
        "suspend",
        "suspend",
        "lift suspension",
    ]


def test_rank_is_kept_and_nobody_decides_about_themselves():
    moderator, other, boss = (
        make_user(role="moderator"),
        make_user(role="moderator"),
        make_user(role="administrator"),
    )
    for user, person in (
        (moderator, moderator),
        (moderator, other),
        (moderator, boss),
        (boss, boss),
    ):
        with pytest.raises(Refused, match="about yourself|can't suspend"):
            suspend(user, person, reason="No.")
    for user in (make_user(), make_user(role="curator")):
        with pytest.raises(Refused, match="Only moderators"):
            suspend(user, make_user(), reason="No.")
    suspend(boss, other, reason="Asleep.")
    with pytest.raises(Refused, match="suspended"):
        suspend(other, make_user(), reason="I can still do this?")
    assert Suspension.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "},
        {"reason": "x" * 2**20},
        {"reason": "\x00\u200b"},
        {"reason": "x", "ends_at": timezone.now() - timedelta(days=1)},
        {"reason": "x", "ends_at": timezone.now() + timedelta(days=9999)},
    ],
)
def test_a_suspension_needs_a_reason_and_a_future_end(wrong):
    with pytest.raises(Refused):
        suspend(make_user(role="moderator"), make_user(), **wrong)
    with pytest.raises(Refused, match="how long"):
        suspend_for(make_user(role="moderator"), make_user(), term="soon", reason="x")
    assert not Suspension.objects.exists()
