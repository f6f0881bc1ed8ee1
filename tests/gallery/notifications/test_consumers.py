"""The bell's socket tells open pages of a person, and nobody else, what is new."""

import json

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from gallery.core import push
from gallery.notifications.actions import mark_read, notify
from gallery.notifications.consumers import NotificationConsumer
from gallery.people.actions import set_follow
from tests.factories import make_notification, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_loop(monkeypatch):
    monkeypatch.setattr(push, "_loop", None)


async def ring_at(user) -> tuple[WebsocketCommunicator, dict]:
    """An open bell, and what it said at first."""
    client = WebsocketCommunicator(NotificationConsumer.as_asgi(), "/ws/bell/")
    client.scope["user"] = user
    assert (await client.connect())[0]
    return client, await client.receive_json_from()


async def test_visitors_are_turned_away():
    client = WebsocketCommunicator(NotificationConsumer.as_asgi(), "/ws/bell/")
    client.scope["user"] = AnonymousUser()
    assert not (await client.connect())[0]


async def test_a_deed_rings_at_once_with_its_sentence_and_address():
    ada, bo = (
        await sync_to_async(make_user)("ada"),
        await sync_to_async(make_user)("bo", display_name="Bo"),
    )
    client, first = await ring_at(ada)
    assert first == {"unread": 0, "label": "Notifications", "news": None}
    await sync_to_async(set_follow)(bo, ada, True)
    answer = await client.receive_json_from()
    assert answer["unread"] == 1 and answer["news"]["sentence"] == "Bo follows you."
    assert answer["news"]["address"].startswith("/me/notifications/")
    await sync_to_async(mark_read)(ada)
    assert (await client.receive_json_from())["unread"] == 0
    await client.disconnect()


async def test_it_tells_of_nobody_elses_news_and_never_of_what_was_undone():
    ada, bo = await sync_to_async(make_user)(), await sync_to_async(make_user)()
    client, _ = await ring_at(ada)

    def undo() -> None:
        with transaction.atomic():
            notify("follow", to=ada, actor=bo)
            transaction.set_rollback(True)

    await sync_to_async(undo)()
    await sync_to_async(notify)("follow", to=bo, actor=ada)
    assert await client.receive_nothing(0.2)
    await client.disconnect()


async def test_what_the_browser_says_is_passed_over():
    ada = await sync_to_async(make_user)()
    client, _ = await ring_at(ada)
    for text in ("{}", json.dumps({"type": "notifications.changed", "newest": 1}), "x" * 20_000):
        await client.send_to(text_data=text)
    await sync_to_async(make_notification)(ada)
    assert await client.receive_nothing(0.2)
    await client.disconnect()


async def test_a_closed_account_is_hung_up_on():
    ada = await sync_to_async(make_user)()
    client, _ = await ring_at(ada)
    ada.is_active = False
    await sync_to_async(ada.save)()
    push.send([f"notifications-{ada.pk}"], {"type": "notifications.changed", "newest": None})
    assert (await client.receive_output())["code"] == 1008
