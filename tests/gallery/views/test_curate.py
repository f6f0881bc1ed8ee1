"""The curators' house: who gets in, and what its pages cost."""

import pytest
from django.test import Client

from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("role", "status"), [("member", 403), ("curator", 200), ("moderator", 200), ("administrator", 200)])
def test_the_desk_is_for_curators_and_above(client: Client, role: str, status: int):
    client.force_login(make_user(role=role))
    assert client.get("/curate/").status_code == status


def test_visitors_are_sent_to_log_in(client: Client):
    assert client.get("/curate/").headers["Location"].startswith("/accounts/login/")
