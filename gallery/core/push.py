"""Telling open pages that something has changed, and runners that there is work."""

import asyncio
import logging
import threading
import uuid
from collections.abc import Sequence
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import BaseChannelLayer, InMemoryChannelLayer, get_channel_layer

logger = logging.getLogger(__name__)
job_waiting = (
    threading.Event()
)  # Set after an enqueue in this process, so that its runner need not wait for its next look.
_loop: asyncio.AbstractEventLoop | None = None


def use_loop(loop: asyncio.AbstractEventLoop) -> None:
    """The event loop of this process's sockets. A socket that listens for jobs tells its loop
    here.
    """
    global _loop
    _loop = loop


def notify_job_change(job_id: uuid.UUID) -> None:
    """Tell whoever looks at a job that its row has changed. Never fails: pages poll as well."""
    send([f"job.{job_id}"], {"type": "job.progress", "id": str(job_id)})


def send(groups: Sequence[str], message: dict[str, Any]) -> None:
    """Send a message to every open socket of these channel groups, from any thread. Never fails:
    pages live without it.
    """
    try:
        layer = get_channel_layer()
        if isinstance(layer, InMemoryChannelLayer):
            # Its queues belong to one loop and are not safe between threads; without an open socket
            # nobody listens anyway.
            if _loop is not None and _loop.is_running():
                asyncio.run_coroutine_threadsafe(_send(layer, groups, message), _loop)
        elif layer is not None:
            async_to_sync(_send)(layer, groups, message)
    except Exception:
        logger.warning(
            "Open pages could not be told (%s and %d more groups).",
            groups[0],
            len(groups) - 1,
            exc_info=True,
        )


async def _send(layer: BaseChannelLayer, groups: Sequence[str], message: dict[str, Any]) -> None:
    for group in groups:
        await layer.group_send(group, message)
