"""Every operation of the API and every socket, tried by everybody, with a work in every state; see
test_doors.py.
"""

import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.conf import settings as site
from django.db import transaction
from django.test import Client

from gallery.accounts.tokens import make_token
from gallery.api import api
from gallery.routing import websocket_urlpatterns
from tests.gallery.doors import PEOPLE, STATES, Garden, make_garden

OPEN, MEMBERS = " ".join(["200"] * 7), "401 200 200 200 200 200 200"
WORK = {
    "public": OPEN,
    "unlisted": OPEN,
    "private": "404 200 404 404 404 200 200",
    "quarantined": "404 404 404 404 404 200 200",
}
OWN = "401 200 404 404 404 200 200"
CHANGE = {**dict.fromkeys(STATES, OWN), "quarantined": "401 404 404 404 404 200 200"}
LIKE = {
    "public": "401 400 200 400 200 200 200",
    "unlisted": "401 400 200 400 200 200 200",
    "private": "401 400 404 404 404 200 200",
    "quarantined": "401 404 404 404 404 200 200",
}
UNLIKE = {
    "public": MEMBERS,
    "unlisted": MEMBERS,
    "private": "401 200 404 404 404 200 200",
    "quarantined": "401 404 404 404 404 200 200",
}
# The collection of a work in quarantine is hidden: moderators see it, and do not change it.
SHOWN = {
    **dict.fromkeys(STATES, "404 200 404 404 404 404 404"),
    "public": OPEN,
    "quarantined": "404 200 404 404 404 200 200",
}
KEPT = {
    **dict.fromkeys(STATES, "401 200 404 404 404 404 404"),
    "public": "401 200 400 400 400 400 400",
    "quarantined": "401 200 404 404 404 400 400",
}
BREED = {
    "public": "401 200 200 400 200 200 200",
    "unlisted": "401 200 200 400 200 200 200",
    "private": "401 200 400 400 400 400 400",
    "quarantined": "401 400 400 400 400 400 400",
}
# Taking a work out that one may not even see does nothing at all.
TAKE = {**KEPT, "quarantined": "401 404 404 404 404 400 400"}
WAY = {
    "roots": ["{work}", "seed:patterns:1"],
    "steps": [{"parents": [0, 1], "recipe": {"weights": [0.5, 0.5]}}],
}

OPERATIONS: dict[str, tuple[Any, Any]] = {
    "GET /works": (None, OPEN),
    "GET /works/search?q=work": (None, OPEN),
    "GET /works/{work}": (None, WORK),
    "GET /works/{work}/genome": (None, WORK),
    "GET /works/{work}/lineage": (None, WORK),
    "GET /works/{work}/download/png": (None, WORK),
    "GET /generators": (None, OPEN),
    "GET /tags": (None, OPEN),
    "POST /breed": ({**WAY, "is_drawn": False}, BREED),
    "POST /works": (
        {**WAY, "title": "Moss"},
        {state: row.replace("200", "201") for state, row in BREED.items()},
    ),
    "PATCH /works/{work}": ({"title": "Moss"}, CHANGE),
    "DELETE /works/{work}": (None, CHANGE),
    "PUT /works/{work}/like": (None, LIKE),
    "DELETE /works/{work}/like": (None, UNLIKE),
    "GET /jobs/{job}": (None, OWN),
    "GET /me": (None, MEMBERS),
    "GET /collections": (None, OPEN),
    "GET /collections/mine": (None, MEMBERS),
    "GET /collections/{collection}": (None, SHOWN),
    "POST /collections": ({"title": "Moss"}, MEMBERS.replace("200", "201")),
    "PATCH /collections/{collection}": ({"title": "Moss"}, KEPT),
    "DELETE /collections/{collection}": (None, KEPT),
    "PUT /collections/{collection}/works": (
        {"works": ["foreign"]},
        {
            **dict.fromkeys(STATES, "401 400 404 404 404 404 404"),
            "public": "401 400 400 400 400 400 400",
            "quarantined": "401 400 404 404 404 400 400",
        },
    ),
    "PUT /collections/{collection}/works/{work}": (None, TAKE),
    "DELETE /collections/{collection}/works/{work}": (None, TAKE),
}


@pytest.fixture
def garden(settings, squares_engine) -> Garden:
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 10**6)
    settings.API_CALLS_PER_MINUTE = settings.API_VISITOR_CALLS_PER_MINUTE = 10**9
    return make_garden()


def test_every_operation_has_a_row():
    def shape(method: str, path: str) -> tuple[str, ...]:
        named = path.partition("?")[0].replace("download/png", "download/{kind}")
        return method.upper(), *(
            "{}" if part.startswith("{") else part for part in named.strip("/").split("/")
        )

    paths = api.get_openapi_schema()["paths"]
    message = {
        shape(method, path.removeprefix("/api"))
        for path, methods in paths.items()
        for method in methods
    }
    assert message == {shape(*operation.split(" ", 1)) for operation in OPERATIONS}


@pytest.mark.django_db
@pytest.mark.parametrize("operation", OPERATIONS)
def test_programs_get_no_further_than_their_people(operation: str, garden: Garden):
    method, _, path = operation.partition(" ")
    body, row = OPERATIONS[operation]
    tokens = {
        name: make_token(garden.people[name], name="test", scopes=["read", "write", "publish"])[1]
        for name in PEOPLE[1:]
    }
    for state in STATES if isinstance(row, dict) else STATES[:1]:
        things = {name: str(value) for name, value in garden.arguments(state).items()}
        data = json.dumps(body).replace("{work}", things["work"]) if body else ""
        answers = []
        for name in PEOPLE:
            headers = {"Authorization": f"Bearer {tokens[name]}"} if name in tokens else {}
            with transaction.atomic():
                address = f"/api{path.format(**things)}"
                answer = Client().generic(
                    method, address, data, content_type="application/json", headers=headers
                )
                answers.append(str(answer.status_code))
                transaction.set_rollback(True)
        assert " ".join(answers) == (row[state] if isinstance(row, dict) else row), (
            f"{operation} ({state})"
        )


SOCKETS = {
    "/ws/job/{job}/": "no yes no no no yes yes",
    "/ws/bell/": "no yes yes yes yes yes yes",
    "/ws/bench/": {
        "public": "yes yes yes no yes yes yes",
        "unlisted": "yes yes yes no yes yes yes",
        "private": "no yes no no no no no",
        "quarantined": "no no no no no no no",
    },
}


def test_every_socket_has_a_row():
    shapes = {
        "/" + str(pattern.pattern).replace("<uuid:id>", "{job}")
        for pattern in websocket_urlpatterns
    }
    assert shapes == set(SOCKETS)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", SOCKETS)
def test_sockets_open_to_whom_they_may(address: str, garden: Garden):
    row = SOCKETS[address]
    for state in STATES if isinstance(row, dict) else STATES[:1]:
        things = {name: str(value) for name, value in garden.arguments(state).items()}
        answers = []
        for name in PEOPLE:
            client = Client()
            if name != "visitor":
                client.force_login(garden.people[name])
            cookie = client.cookies.get(site.SESSION_COOKIE_NAME)
            answers.append(
                async_to_sync(try_socket)(
                    address.format(**things), cookie.value if cookie else "", things["work"]
                )
            )
        assert " ".join(answers) == (row[state] if isinstance(row, dict) else row), (
            f"{address} ({state})"
        )


async def try_socket(address: str, session: str, work: str) -> str:
    """Whether it tells anything but a refusal; on the bench, about a work that shall lie on it."""
    headers = [(b"cookie", f"{site.SESSION_COOKIE_NAME}={session}".encode())] if session else []
    socket = WebsocketCommunicator(
        AuthMiddlewareStack(URLRouter(websocket_urlpatterns)), address, headers=headers
    )
    is_open, _ = await socket.connect(timeout=5)
    try:
        if not is_open:
            return "no"
        if "bench" in address:
            await socket.send_json_to({"id": 1, "parents": {"roots": [work], "steps": []}})
        answer = await socket.receive_output(timeout=5)
        return "no" if "error" in json.loads(answer.get("text") or "{}") else "yes"
    finally:
        await socket.disconnect()
