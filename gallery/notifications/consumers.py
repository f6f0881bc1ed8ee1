"""The notifications socket: pushes what is unread to a person's open pages when it changes."""

import asyncio
import json
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.urls import reverse
from django.utils.translation import override

from gallery.core import push
from gallery.i18n.languages import language_of_scope
from gallery.models import User
from gallery.notifications import inbox


class NotificationConsumer(AsyncWebsocketConsumer):
    """Sends the number of unread notifications, on connecting and at each change.

    Server -> browser: {"unread": 3, "label": the label of the notifications button, "news":
    {"sentence", "address"} of the newest or null}. Visitors are refused.
    """

    group = ""  # Of the channel layer; empty for visitors.

    async def connect(self) -> None:
        user = self.scope["user"]
        if user is None or not user.is_authenticated:
            await self.close()  # Before accepting: the browser gets 403.
            return
        self.user_id = user.pk
        self.group = f"notifications-{user.pk}"
        self.language = language_of_scope(self.scope)
        await self.accept()
        push.use_loop(asyncio.get_running_loop())
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.send_unread(None)

    async def disconnect(self, code: int) -> None:
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Ignore messages; nothing is expected from the browser."""

    async def notifications_changed(self, event: dict[str, Any]) -> None:
        """Handle the message that gallery.notifications.actions.push_unread sends to the group."""
        await self.send_unread(event["newest"])

    async def send_unread(self, newest: int | None) -> None:
        payload = await database_sync_to_async(unread_payload)(
            self.user_id, newest, language=self.language
        )
        if payload is None:  # The account was closed meanwhile.
            await self.close(1008)
        else:
            await self.send(text_data=json.dumps(payload))


def unread_payload(user_id: int, newest: int | None, *, language: str) -> dict[str, Any] | None:
    """What the socket sends, or None for a closed account.

    newest: the id of the notification to show, left out if it was read or is hidden by now. The
    account is fetched again, because it may have changed since the socket was opened.
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    unread = inbox.count_unread(user)
    shown = None
    if newest:
        rows = inbox.with_related(inbox.notifications_of(user))
        shown = rows.filter(pk=newest, read_at__isnull=True).first()
    with override(language):
        news = None
        if shown:
            address = reverse("notification", args=[shown.pk])
            news = {"sentence": inbox.describe(shown), "address": address}
        return {"unread": unread, "label": inbox.unread_label(unread), "news": news}
