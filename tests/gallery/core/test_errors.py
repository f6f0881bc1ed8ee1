"""What a person sees when something is not there, is closed, or broke."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client
from django.urls import path

from gallery.core.errors import server_error
from genart_site.urls import urlpatterns as site_urls
from generation.refusal import Refused

pytestmark = pytest.mark.django_db


def fail(request, kind: str):
    raise {
        "broken": RuntimeError("the reason, for the log alone"),
        "forbidden": PermissionDenied("Only keepers <may> do this."),
        "suspicious": SuspiciousOperation("a forged thing"),
        "refused": Refused("Take out <two> parents."),
        "limit": Refused("Wait a little.", retry_after=12.4),
    }[kind]


urlpatterns = [path("fail/<str:kind>/", fail), *site_urls]
handler403, handler404 = "gallery.core.errors.forbidden", "gallery.core.errors.not_found"
handler500 = "gallery.core.errors.server_error"


@pytest.fixture
def client(settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("broken", 500, "Something broke on our side"),
        ("forbidden", 403, "Only keepers &lt;may&gt; do this."),
        ("suspicious", 400, "could not be understood"),
        ("refused", 400, "Take out &lt;two&gt; parents."),
        ("limit", 429, "Wait a little."),
    ],
)
def test_every_failure_is_a_page_with_words_and_a_way_back(
    client: Client, kind: str, status: int, words: str
):
    response = client.get(f"/fail/{kind}/")
    page = response.content.decode()
    assert response.status_code == status and words in page and 'href="/"' in page
    assert "the reason, for the log alone" not in page and "a forged thing" not in page


def test_a_refusal_reaches_htmx_as_a_fragment_and_tells_when_to_come_back(client: Client):
    response = client.get("/fail/limit/", headers={"HX-Request": "true"})
    assert response["Retry-After"] == "12"
    assert "<html" not in response.content.decode() and 'role="alert"' in response.content.decode()


def test_an_expired_form_gets_a_page_of_ours():
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "ada"})
    assert response.status_code == 403 and "The form has expired" in response.content.decode()


def test_a_missing_page_does_not_repeat_what_django_says_to_programmers(client: Client):
    page = client.get("/tag/unknown/").content.decode()
    assert "matches the given query" not in page and "Page not found" in page


def test_a_site_without_its_static_files_still_says_that_it_broke(settings, tmp_path, rf):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "genart_site.staticfiles.HashedModulesStorage"}
    }
    answer = server_error(rf.get("/"))
    assert answer.status_code == 500
    assert answer.content == b"Something broke on our side. Please try again in a minute."
