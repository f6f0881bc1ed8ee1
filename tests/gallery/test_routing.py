"""Who may open a socket: our own pages and programs, never the pages of other sites."""

import pytest
from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from gallery.routing import OwnPagesOnly, websocket_urlpatterns

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [
        (None, True),
        (b"http://garden.example", True),
        (b"https://garden.example:8443", True),
        (b"https://evil.example", False),
        (b"null", False),
        (b"http://garden.example.evil.example", False),
        (b"\xff\xfe", False),
        (b"", False),
    ],
)
async def test_only_our_own_pages_and_programs_are_let_in(squares_engine, origin, is_let_in):
    door = OwnPagesOnly(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)), ["garden.example"])
    headers = [] if origin is None else [(b"origin", origin)]
    client = WebsocketCommunicator(door, "/ws/bench/", headers=headers)
    is_open, _ = await client.connect()
    assert is_open is is_let_in
    await client.disconnect()
