"""Acting by API: tokens and scopes, breeding, publishing, changing, deleting, and how often."""

import base64
import io
import json

import pytest
from django.test import Client
from PIL import Image

from gallery.accounts.tokens import make_token
from gallery.job_runner import run_next
from gallery.models import Artwork, Like, State, Visibility
from generation.genome import Genome
from tests.factories import make_artwork, make_job, make_user

pytestmark = pytest.mark.django_db
STEP = {"parents": [0, 1], "recipe": {"weights": [0.5, 0.5]}}


def call(
    method: str,
    path: str,
    body=None,
    *,
    user=None,
    scopes=("read", "write", "publish"),
    token: str = "",
):
    """Status and JSON of an answer; with a fresh token of the user's."""
    if user:
        _, token = make_token(user, name="test", scopes=scopes)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = Client().generic(
        method, f"/api/{path}", _json(body), content_type="application/json", headers=headers
    )
    return answer.status_code, answer.json()


def _json(body) -> bytes:
    return b"" if body is None else json.dumps(body).encode()


def test_a_child_is_bred_looked_at_and_published_the_same(squares_engine):
    ada = make_user("ada")
    mother, father = make_artwork(), make_artwork()
    way = {"roots": [mother.slug, father.slug], "steps": [STEP]}
    status, child = call("POST", "breed", {**way, "size": 64}, user=ada)
    assert status == 200, child
    assert Image.open(io.BytesIO(base64.b64decode(child["preview"]))).size == (64, 64)
    assert Genome.from_json(child["genome"]).identity == child["identity"]
    assert Artwork.objects.count() == 2
    status, message = call(
        "POST",
        "works",
        {**way, "title": "Moss", "tags": ["green"], "licence": child["licences"][0]},
        user=ada,
    )
    assert status == 201, message
    work = Artwork.objects.get(slug=message["work"]["slug"])
    assert work.genome_identity == child["identity"] and work.author == ada
    assert {edge.parent for edge in work.parent_edges.all()} == {mother, father}
    run_next()
    assert call("GET", f"jobs/{message['job']}", user=ada)[1]["is_over"]
    work.refresh_from_db()
    assert work.state == State.PUBLISHED


def test_without_a_token_nothing_is_written():
    work = make_artwork()
    for method, path, body in (
        ("POST", "works", {"roots": [work.slug], "title": "x"}),
        ("PATCH", f"works/{work.slug}", {"title": "x"}),
        ("DELETE", f"works/{work.slug}", None),
        ("PUT", f"works/{work.slug}/like", None),
        ("GET", "me", None),
        ("POST", "breed", {"roots": [work.slug]}),
    ):
        assert call(method, path, body)[0] == 401
        assert call(method, path, body, token="arb_wrong")[0] == 401
    assert Artwork.objects.get().title == work.title


def test_a_token_does_only_what_its_scopes_say():
    ada = make_user("ada")
    work = make_artwork(ada, visibility=Visibility.PRIVATE)
    assert (
        call("PATCH", f"works/{work.slug}", {"title": "New"}, user=ada, scopes=["read"])[0] == 403
    )
    assert call("DELETE", f"works/{work.slug}", user=ada, scopes=["read", "write"])[0] == 403
    assert call("GET", f"works/{work.slug}", user=ada, scopes=["write"])[0] == 404
    assert call("GET", f"works/{work.slug}", user=ada, scopes=["read"])[0] == 200
    assert Artwork.objects.get().title == work.title


def test_what_is_left_out_stays_as_it_is():
    ada = make_user("ada")
    work = make_artwork(ada, description="Soft.", tags=["green"])
    status, message = call("PATCH", f"works/{work.slug}", {"title": "Moss"}, user=ada)
    assert status == 200 and (message["title"], message["description"], message["tags"]) == (
        "Moss",
        "Soft.",
        ["green"],
    )
    assert call("PATCH", f"works/{work.slug}", {"titel": "x"}, user=ada)[0] == 422
    assert call("PATCH", f"works/{work.slug}", {"title": "  "}, user=ada)[0] == 400


def test_works_of_others_are_not_changed():
    work = make_artwork()
    assert call("PATCH", f"works/{work.slug}", {"title": "Mine"}, user=make_user())[0] == 404
    assert call("DELETE", f"works/{work.slug}", user=make_user())[0] == 404
    assert Artwork.objects.get().title == work.title


def test_one_likes_and_unlikes():
    ada, work = make_user("ada"), make_artwork()
    for _ in range(2):
        assert call("PUT", f"works/{work.slug}/like", user=ada)[0] == 200
    assert Like.objects.count() == 1
    assert call("DELETE", f"works/{work.slug}/like", user=ada)[0] == 200
    assert not Like.objects.exists()


def test_jobs_of_others_do_not_exist():
    job = make_job()
    assert call("GET", f"jobs/{job.pk}", user=make_user())[0] == 404


def test_a_session_cookie_writes_only_with_its_csrf_token():
    ada = make_user("ada")
    work = make_artwork(ada)
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    answer = client.patch(
        f"/api/works/{work.slug}", {"title": "Forged"}, content_type="application/json"
    )
    assert answer.status_code == 403 and Artwork.objects.get().title == work.title


def test_limits_are_told_and_kept(settings):
    settings.API_CALLS_PER_MINUTE = 3
    _, secret = make_token(make_user(), name="busy", scopes=["read"])
    headers = {"Authorization": f"Bearer {secret}"}
    answers = [Client().get("/api/me", headers=headers) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert answers[0]["RateLimit-Limit"] == "3" and int(answers[3]["Retry-After"]) >= 1


@pytest.mark.parametrize(
    "body",
    [
        {"roots": [], "title": "x"},
        {"roots": ["nobody"], "title": "x"},
        {"roots": ["a\0b"], "title": "x"},
        {"roots": ["seed:patterns:1"], "title": "x", "steps": [{"parents": [7], "recipe": {}}]},
        {
            "roots": ["seed:patterns:1"],
            "title": "x",
            "steps": [{"parents": [0], "recipe": {"weights": ["much"]}}],
        },
        {"roots": ["seed:patterns:1"], "title": "x" * 1_000_000},
        {"roots": ["seed:patterns:1"], "title": "x", "licence": "mine"},
    ],
)
def test_bad_children_are_refused_and_nothing_is_written(body):
    status, message = call("POST", "works", body, user=make_user())
    assert status in (400, 413, 422) and message["detail"]
    assert not Artwork.objects.exists()
