"""Telling open pages that a job has changed, and runners that there is work."""

import asyncio
import logging
import threading
import uuid

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer

logger = logging.getLogger(__name__)
work_waits = threading.Event()  # Set after an enqueue in this process, so that its runner need not wait for its next look.
_loop: asyncio.AbstractEventLoop | None = None


def use_loop(loop: asyncio.AbstractEventLoop) -> None:
    """The event loop of this process's sockets. A socket that listens for jobs tells its loop here."""
    global _loop
    _loop = loop


def tell_change(job_id: uuid.UUID) -> None:
    """Tell whoever looks at a job that its row has changed. Never fails: pages poll as well."""
    message = {"type": "job.progress", "id": str(job_id)}
    try:
        layer = get_channel_layer()
        if isinstance(layer, InMemoryChannelLayer):
            # Its queues belong to one loop and are not safe between threads; without an open socket nobody listens anyway.
            if _loop is not None and _loop.is_running():
                asyncio.run_coroutine_threadsafe(layer.group_send(f"job.{job_id}", message), _loop)
        elif layer is not None:
            async_to_sync(layer.group_send)(f"job.{job_id}", message)
    except Exception:
        logger.warning("The change of job %s could not be told.", job_id, exc_info=True)
