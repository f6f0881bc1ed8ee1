"""/healthz/ answers whoever asks from inside: without https, by any host name."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

pytestmark = pytest.mark.django_db


def test_health_is_told_before_the_host_and_https_are_checked(client: Client, settings):
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["garden.example"]
    answer = Client(headers={"Host": "10.0.0.7:8000"}).get("/healthz/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"] and not answer.cookies
    assert client.get("/", headers={"Host": "10.0.0.7"}).status_code in (301, 400)


def test_a_site_without_its_database_is_not_well(client: Client):
    def fail(*_: Any) -> None:
        raise OperationalError("The server closed the connection.")

    with connection.execute_wrapper(fail):
        answer = client.get("/healthz/")
    assert (answer.status_code, answer.json()) == (503, {"status": "no database"})
