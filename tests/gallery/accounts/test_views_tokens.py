"""The page of one's own tokens."""

import re

import pytest
from django.test import Client

from gallery.accounts.tokens import make_token, use_token
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_token_is_made_shown_once_and_revoked(client: Client):
    client.force_login(make_user("ada"))
    made = client.post("/me/tokens/", {"name": "script", "scopes": ["read", "write"], "days": "90"})
    secret = re.search(r"arb_[\w-]{40,}", made.content.decode()).group()
    assert use_token(secret).scopes == ["read", "write"]
    assert "no-store" in made["Cache-Control"]
    assert secret not in client.get("/me/tokens/").content.decode()
    client.post(f"/me/tokens/{use_token(secret).pk}/revoke/")
    assert use_token(secret) is None


def test_mistakes_are_told_and_nothing_is_made(client: Client):
    ada = make_user("ada")
    client.force_login(ada)
    for wish in (
        {},
        {"name": "x"},
        {"name": "x", "scopes": ["root"]},
        {"name": "x", "scopes": ["read"], "days": "5000"},
    ):
        assert client.post("/me/tokens/", wish).status_code == 400
    assert not ada.api_tokens.exists()


def test_nobody_sees_or_revokes_the_tokens_of_others(client: Client):
    token, secret = make_token(make_user(), name="hidden one", scopes=["read"])
    assert client.get("/me/tokens/").status_code == 302
    client.force_login(make_user())
    assert "hidden one" not in client.get("/me/tokens/").content.decode()
    assert client.post(f"/me/tokens/{token.pk}/revoke/").status_code == 404
    assert use_token(secret)


def test_names_are_shown_as_text(client: Client):
    client.force_login(make_user())
    page = client.post(
        "/me/tokens/", {"name": "<script>alert(1)</script>", "scopes": ["read"], "days": ""}
    )
    assert "<script>alert(1)" not in page.content.decode()
