"""The bell's socket: tells the open pages of a person what is new, the moment it happens."""

import asyncio
import json
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.urls import reverse
from django.utils.translation import override

from gallery.core import push
from gallery.i18n.languages import language_of_scope
from gallery.models import Notification, User
from gallery.notifications import news as bell


class BellConsumer(AsyncWebsocketConsumer):
    """Says how many news are not read, at first and at each change, with the newest line in words.
    Nothing for visitors.

    Server -> browser: {"unread": 3, "label": words for the bell, "news": {"sentence", "address"} or
    null}.
    """

    async def connect(self) -> None:
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close()  # Before accepting: the browser gets 403.
            return
        self.group = f"bell-{user.pk}"
        self.language = language_of_scope(self.scope)
        await self.accept()
        push.use_loop(asyncio.get_running_loop())
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.tell(None)

    async def disconnect(self, code: int) -> None:
        if self.scope["user"].is_authenticated:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Nothing is expected from the browser."""

    async def bell_rings(self, event: dict[str, Any]) -> None:
        """Something changed under this person's bell; the rows are the truth of it."""
        await self.tell(event["news"])

    async def tell(self, news: int | None) -> None:
        told = await database_sync_to_async(look)(
            self.scope["user"].pk, news, language=self.language
        )
        if told is None:  # The account was closed meanwhile.
            await self.close(1008)
        else:
            await self.send(text_data=json.dumps(told))


def look(user_id: int, news: int | None, *, language: str) -> dict[str, Any] | None:
    """What the socket says; None for a closed account. The account is read anew: it may have
    changed meanwhile.
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    unread = bell.count_unread(user)
    line: Notification | None = None
    if news:
        line = bell.with_words(bell.news_of(user)).filter(pk=news, read_at__isnull=True).first()
    with override(language):
        told = (
            {"sentence": bell.sentence(line), "address": reverse("notification", args=[line.pk])}
            if line
            else None
        )
        return {"unread": unread, "label": bell.unread_words(unread), "news": told}
