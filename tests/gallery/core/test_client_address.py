"""Whose address counts behind proxies: what our outermost proxy saw, never a made-up one."""

import pytest
from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.test import Client, RequestFactory

from gallery.core.client_address import address_of, address_of_scope
from tests.factories import make_user

PEER = "10.0.0.1"


def both(*headers: str, peer: str = PEER) -> tuple[str, str, str]:
    """The address that pages, sockets and allauth see."""
    request = RequestFactory().get("/", REMOTE_ADDR=peer)
    if headers:
        request.META["HTTP_X_FORWARDED_FOR"] = ",".join(headers)
    scope = {
        "client": [peer, 1234],
        "headers": [(b"x-forwarded-for", header.encode()) for header in headers],
    }
    return address_of(request), address_of_scope(scope), get_adapter(request).get_client_ip(request)


@pytest.mark.parametrize(
    ("proxies", "headers", "address"),
    [
        (0, ("203.0.113.9",), PEER),
        (0, (), PEER),
        (1, ("203.0.113.9",), "203.0.113.9"),
        (1, ("198.51.100.1, 203.0.113.9",), "203.0.113.9"),
        (1, ("198.51.100.1", "203.0.113.9"), "203.0.113.9"),
        (1, (), PEER),
        (1, ("unknown",), PEER),
        (1, ("203.0.113.9:4711",), "203.0.113.9"),
        (1, ("[2001:db8::7]:4711",), "2001:db8::7"),
        (1, ("2001:DB8::7",), "2001:db8::7"),
        (2, ("198.51.100.1, 203.0.113.9, 10.0.0.2",), "203.0.113.9"),
        (2, ("203.0.113.9",), PEER),
    ],
)
def test_all_limits_count_by_one_address(settings, proxies, headers, address):
    settings.PROXIES = proxies
    assert both(*headers) == (address,) * 3


def test_a_server_behind_a_socket_file_counts_everybody_together():
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="")) == "unknown"
    assert address_of_scope({"client": None}) == "unknown"


@pytest.mark.django_db
@pytest.mark.parametrize("proxies", [0, 1])
def test_wrong_passwords_are_limited_whatever_the_header_says(client: Client, settings, proxies):
    settings.PROXIES = proxies
    make_user("ada", password="a-long-enough-passphrase")
    cache.clear()
    answers = []
    for number in range(40):
        forged = f"198.51.100.{number}, 203.0.113.9"
        response = client.post(
            "/accounts/login/",
            {"login": f"ada{number}", "password": "wrong"},
            headers={"X-Forwarded-For": forged},
        )
        answers.append(response.status_code)
    assert answers[0] == 200 and answers[-1] == 429
    if proxies:
        other = client.post(
            "/accounts/login/",
            {"login": "ada", "password": "wrong"},
            headers={"X-Forwarded-For": "203.0.113.10"},
        )
        assert other.status_code == 200


@pytest.mark.django_db
def test_the_api_counts_visitors_by_the_same_address(client: Client, settings):
    settings.PROXIES, settings.API_VISITOR_CALLS_PER_MINUTE = 1, 2
    answers = [
        client.get(
            "/api/tags", headers={"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"}
        ).status_code
        for number in range(3)
    ]
    assert answers == [200, 200, 429]
    assert client.get("/api/tags", headers={"X-Forwarded-For": "203.0.113.8"}).status_code == 200
