"""Changes of jobs reach the sockets of this process from any thread, and telling never fails."""

import asyncio
import uuid

import pytest
from channels.layers import get_channel_layer

from gallery.core import push


@pytest.fixture(autouse=True)
def no_loop(monkeypatch):
    monkeypatch.setattr(push, "_loop", None)


async def test_a_change_told_in_another_thread_wakes_who_listens():
    job, layer = uuid.uuid4(), get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(f"job.{job}", channel)
    push.use_loop(asyncio.get_running_loop())
    listening = asyncio.create_task(layer.receive(channel))
    await asyncio.sleep(
        0
    )  # The listener waits before the bell rings, which is the case that needs waking.
    await asyncio.to_thread(push.notify_job_change, job)
    assert await asyncio.wait_for(listening, 5) == {"type": "job.progress", "id": str(job)}


def test_telling_without_listeners_or_a_layer_is_no_mistake(settings, caplog):
    push.notify_job_change(uuid.uuid4())
    settings.CHANNEL_LAYERS = {}
    push.notify_job_change(uuid.uuid4())
    assert not caplog.records


def test_a_layer_that_is_away_is_logged_and_passed_over(settings, caplog):
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "no.such.Layer"}}
    push.notify_job_change(uuid.uuid4())
    assert "could not be pushed" in caplog.text
