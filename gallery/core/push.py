"""Pushing messages to open pages, and waking job runners."""

import asyncio
import logging
import threading
import uuid
from collections.abc import Sequence
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import BaseChannelLayer, InMemoryChannelLayer, get_channel_layer

logger = logging.getLogger(__name__)
# Set when a job is queued in this process, so that its runner starts at once instead of at its next
# poll.
job_waiting = threading.Event()
_loop: asyncio.AbstractEventLoop | None = None


def use_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Remember the event loop of the sockets; those of jobs and notifications call this."""
    global _loop
    _loop = loop


def notify_job_change(job_id: uuid.UUID) -> None:
    """Push to the pages of a job that its row has changed. Never raises: pages poll as well."""
    send([f"job.{job_id}"], {"type": "job.progress", "id": str(job_id)})


def send(groups: Sequence[str], message: dict[str, Any]) -> None:
    """Send a message to all sockets of these channel groups, from any thread.

    Never raises: pages work without it.
    """
    try:
        layer = get_channel_layer()
        if isinstance(layer, InMemoryChannelLayer):
            # Its queues belong to one event loop and are not thread-safe. Without a loop, no socket
            # is open.
            if _loop is not None and _loop.is_running():
                asyncio.run_coroutine_threadsafe(_send(layer, groups, message), _loop)
        elif layer is not None:
            async_to_sync(_send)(layer, groups, message)
    except Exception:
        logger.warning(
            "A message could not be pushed to %s and %d more groups.",
            groups[0],
            len(groups) - 1,
            exc_info=True,
        )


async def _send(layer: BaseChannelLayer, groups: Sequence[str], message: dict[str, Any]) -> None:
    for group in groups:
        await layer.group_send(group, message)
