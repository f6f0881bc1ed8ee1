"""The socket that reports a job's progress."""

import asyncio
import json
from typing import Any, cast

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils import translation
from django.utils.translation import gettext

from gallery.core import push
from gallery.i18n.languages import language_of_scope
from gallery.jobs.progress import find_progress
from gallery.types import AnyUser

CLOSE_POLICY = 1008  # RFC 6455: the request breaks a rule; here, somebody else's job.


class JobConsumer(AsyncWebsocketConsumer):
    """Sends a job's progress to its owner and staff: on connecting, then at each change."""

    job_id: str
    group: str
    last_payload: dict[str, Any] | None

    async def connect(self) -> None:
        translation.activate(language_of_scope(dict(self.scope)))
        self.job_id = str(self.scope["url_route"]["kwargs"]["id"])
        self.group = f"job.{self.job_id}"
        self.last_payload = None
        await self.accept()
        push.use_loop(asyncio.get_running_loop())
        # Joined before the first query, so that no change falls between the two.
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.send_progress()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Ignore whatever the browser sends; nothing is expected from it."""

    async def job_progress(self, event: dict[str, Any]) -> None:
        """A runner reports a change; what changed is read from the row."""
        await self.send_progress()

    async def send_progress(self) -> None:
        """Send the job's progress if it differs from what was sent last."""
        user = cast(AnyUser, self.scope["user"])  # The authentication middleware always sets it.
        payload = await database_sync_to_async(find_progress)(user, self.job_id)
        if payload is None:
            error = gettext("This job doesn't exist, or it isn't yours.")
            await self.send(text_data=json.dumps({"error": error}))
            await self.close(CLOSE_POLICY)
        elif payload != self.last_payload:
            self.last_payload = payload
            await self.send(text_data=json.dumps(payload))
