"""Accounts: the edge cases of signing up, and the public profile's form. Whole ways are walked in
tests/journeys.
"""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from gallery.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forget_attempts() -> None:
    """The counts of tries live in the cache, which outlives a test."""
    cache.clear()


def sign_up(client: Client, **changes):
    data = {"username": "wilma", "email": "", "password1": PASSWORD, "password2": PASSWORD}
    return client.post("/accounts/signup/", data | changes)


def test_a_name_and_a_password_are_enough(client: Client):
    assert sign_up(client).headers["Location"] == "/"
    wilma = User.objects.get()
    assert (wilma.username, wilma.email, wilma.is_staff) == ("wilma", "", False)


def test_names_are_kept_in_small_letters_and_are_taken_in_any_spelling(client: Client):
    sign_up(client, username="Wilma")
    assert User.objects.get().username == "wilma"
    client.logout()
    page = sign_up(client, username="WILMA").content.decode()
    assert "already" in page and User.objects.count() == 1


@pytest.mark.parametrize(
    "name", ["al", "-wilma", "wil ma", "wilma/..", "ж" * 5, "a" * 31, "wil@ma"]
)
def test_names_that_are_no_address_are_refused(client: Client, name: str):
    assert sign_up(client, username=name).status_code == 200
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["short", "password123", "1234567890"])
def test_weak_passwords_are_refused(client: Client, password: str):
    assert sign_up(client, password1=password, password2=password).status_code == 200
    assert not User.objects.exists()


def test_nobody_learns_which_addresses_have_an_account(client: Client):
    make_user(email="ada@example.org")
    known = client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert known.headers["Location"] == unknown.headers["Location"]
    assert "/accounts/password/reset/key/" in mail.outbox[0].body


def test_many_wrong_passwords_are_slowed_down(client: Client):
    make_user("ada")
    for _ in range(12):
        page = client.post("/accounts/login/", {"login": "ada", "password": "guess"})
    assert "Too many failed login attempts" in page.content.decode()
    assert (
        client.post("/accounts/login/", {"login": "ada", "password": PASSWORD}).status_code == 200
    )  # And stays outside.


def test_signing_up_by_the_dozen_is_refused_in_our_own_words(client: Client):
    for _ in range(21):
        answer = sign_up(client, username="not a name")
    assert answer.status_code == 429
    assert "Wait a few minutes" in answer.content.decode()


def test_the_profile_is_changed_and_checked(client: Client):
    ada = make_user("ada", display_name="Ada")
    client.force_login(ada)
    answer = client.post("/me/profile/", {"display_name": "x" * 61, "bio": ""})
    assert answer.status_code == 400 and User.objects.get().display_name == "Ada"
    assert (
        client.post("/me/profile/", {"display_name": "Ada Fern", "bio": "Hi."}).headers["Location"]
        == "/@ada/"
    )
    assert User.objects.get().bio == "Hi."


def test_a_profile_form_cannot_raise_ones_rights(client: Client):
    client.force_login(make_user("ada"))
    client.post(
        "/me/profile/", {"display_name": "Ada", "bio": "", "is_staff": "on", "username": "root"}
    )
    ada = User.objects.get()
    assert not ada.is_staff and ada.username == "ada"


def test_leaving_needs_a_form_so_that_no_link_logs_anybody_out(client: Client):
    client.force_login(make_user())
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/me/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/me/").status_code == 302
