"""Tokens for programs: made, used, expired, revoked."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from gallery.accounts.tokens import MAX_TOKENS, make_token, revoke_token, use_token
from gallery.models import ApiToken, Suspension
from generation.refusal import Refused
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_secret_opens_its_token_and_is_kept_nowhere():
    ada = make_user("ada")
    token, secret = make_token(ada, name="night breeder", scopes=["read", "publish"])
    found = use_token(secret)
    assert found == token and found.user == ada and found.scopes == ["read", "publish"]
    assert secret not in str(ApiToken.objects.values().get())
    assert ApiToken.objects.get().last_used_at


def test_revoked_expired_and_foreign_secrets_open_nothing():
    ada = make_user("ada")
    token, secret = make_token(ada, name="one", scopes=["read"], days=1)
    assert (
        use_token("arb_" + "x" * 43) is None
        and use_token(secret[:-1]) is None
        and use_token("") is None
    )
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert use_token(secret) is None
    ApiToken.objects.update(expires_at=None)
    revoke_token(ada, token)
    assert use_token(secret) is None


def test_a_closed_account_has_no_tokens_that_open():
    ada = make_user("ada")
    _, secret = make_token(ada, name="one", scopes=["read"])
    ada.is_active = False
    ada.save()
    assert use_token(secret) is None


def test_nobody_revokes_somebody_elses_token():
    token, secret = make_token(make_user(), name="one", scopes=["read"])
    for person in (make_user(), AnonymousUser()):
        with pytest.raises(Refused):
            revoke_token(person, token)
    assert use_token(secret)


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "  "},
        {"name": "x" * 61},
        {"name": "\0"},
        {"scopes": []},
        {"scopes": ["root"]},
        {"scopes": ["read", "root"]},
        {"days": 0},
        {"days": 10_000},
    ],
)
def test_bad_wishes_are_refused(asked):
    with pytest.raises(Refused):
        make_token(make_user(), **({"name": "one", "scopes": ["read"]} | asked))
    assert not ApiToken.objects.exists()


def test_there_is_a_cap_of_tokens():
    ada = make_user("ada")
    for number in range(MAX_TOKENS):
        make_token(ada, name=f"{number}", scopes=["read"])
    with pytest.raises(Refused, match="Revoke one"):
        make_token(ada, name="too many", scopes=["read"])
    revoke_token(ada, ada.api_tokens.first())
    make_token(ada, name="in its place", scopes=["read"])


def test_people_who_are_suspended_make_none_but_may_revoke():
    ada = make_user("ada")
    token, _ = make_token(ada, name="one", scopes=["read"])
    Suspension.objects.create(user=ada, reason="Spam.")
    with pytest.raises(Refused, match="suspended"):
        make_token(ada, name="two", scopes=["read"])
    revoke_token(ada, token)
