"""Giving roles: administrators alone, and never without a last one."""

import pytest

from gallery.models import AuditEntry, User
from gallery.moderation.actions_roles import set_open, set_role
from generation.refusal import Refused
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def rights(person: User) -> tuple[str, bool, bool]:
    person.refresh_from_db()
    return person.role, person.is_staff, person.is_superuser


def test_the_admin_opens_for_administrators_alone():
    boss, person = make_user(role="administrator"), make_user()
    for role, is_in in (
        ("curator", False),
        ("administrator", True),
        ("moderator", False),
        ("member", False),
    ):
        assert set_role(boss, person, role, reason="Thanks.")
        assert rights(person) == (role, is_in, is_in)
        assert not set_role(boss, person, role)
    assert AuditEntry.objects.count() == 4 and AuditEntry.objects.first().details == {
        "before": "moderator",
        "after": "member",
    }


def test_nobody_else_gives_roles():
    person = make_user()
    for role in ("member", "curator", "moderator"):
        user = make_user(role=role)
        for target in (person, user):
            with pytest.raises(Refused, match="Only administrators"):
                set_role(user, target, "administrator")
            with pytest.raises(Refused, match="Only administrators"):
                set_open(user, target, False)
    with pytest.raises(Refused, match="no role"):
        set_role(make_user(role="administrator"), person, "emperor")
    assert not AuditEntry.objects.exists()


def test_the_last_administrator_stays_one():
    boss = make_user("boss", is_superuser=True, is_staff=True)
    make_user(role="administrator", is_active=False)
    with pytest.raises(Refused, match="last administrator"):
        set_role(boss, boss, "member")
    with pytest.raises(Refused, match="last administrator"):
        set_open(boss, boss, False)
    assert boss.is_administrator
    second = make_user()
    set_role(boss, second, "administrator")
    assert set_role(boss, boss, "member") and rights(boss) == ("member", False, False)


def test_an_account_is_closed_and_opened():
    boss, person = make_user(role="administrator"), make_user()
    assert set_open(boss, person, False) and not set_open(boss, person, False)
    with pytest.raises(Refused, match="closed"):
        set_role(boss, person, "curator")
    assert set_open(boss, person, True)
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == [
        "lock account",
        "open account",
    ]


def test_whoever_is_made_superuser_on_the_command_line_is_an_administrator_in_the_row():
    boss = User.objects.create_superuser("boss", password=None)
    assert rights(boss) == ("administrator", True, True)
    assert rights(User.objects.create_user("ada", password=None)) == ("member", False, False)
