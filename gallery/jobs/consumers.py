"""The socket that tells how far a job is."""

import asyncio
import json
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils import translation
from django.utils.translation import gettext

from gallery.core import push
from gallery.i18n.languages import language_of_scope
from gallery.jobs.progress import news_of

CLOSE_POLICY = 1008  # RFC 6455: the request breaks a rule; here, somebody else's job.


class JobConsumer(AsyncWebsocketConsumer):
    """Tells the owner of a job (and staff) how far it is: now, and at each change."""

    async def connect(self) -> None:
        translation.activate(language_of_scope(self.scope))
        self.job_id = str(self.scope["url_route"]["kwargs"]["id"])
        self.group = f"job.{self.job_id}"
        self.told: dict[str, Any] | None = None
        await self.accept()
        push.use_loop(asyncio.get_running_loop())
        # Joined before the first look, so that no change falls between the two.
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.tell()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Nothing is expected from the browser."""

    async def job_progress(self, event: dict[str, Any]) -> None:
        """A runner reports a change; the row is the truth of it."""
        await self.tell()

    async def tell(self) -> None:
        news = await database_sync_to_async(news_of)(self.scope["user"], self.job_id)
        if news is None:
            await self.send(
                text_data=json.dumps(
                    {"error": gettext("This job doesn't exist, or it isn't yours.")}
                )
            )
            await self.close(CLOSE_POLICY)
        elif news != self.told:
            self.told = news
            await self.send(text_data=json.dumps(news))
