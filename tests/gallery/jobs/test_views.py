"""The page of a job and its socket: progress for its owner, nothing for others."""

import uuid

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.core.files.base import ContentFile

from gallery.jobs.consumers import JobConsumer
from gallery.jobs.queue import cancel
from gallery.models import Job, JobState
from tests.factories import make_job, make_user

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.mark.django_db
def test_the_owner_sees_the_progress_and_the_fragment_polls_until_the_end(client):
    job = make_job(state=JobState.RUNNING, progress=0.4, note="Printing strip 4 of 10")
    client.force_login(job.owner)
    page = client.get(f"/job/{job.pk}/").content.decode()
    assert "Printing strip 4 of 10" in page and "every 2s" in page and 'value="0.400"' in page
    assert client.get(f"/job/{job.pk}/", **HTMX).status_code == 200
    Job.objects.update(state=JobState.FAILED, error="The disk is full.")
    over = client.get(f"/job/{job.pk}/", **HTMX)
    assert (
        over.status_code == 286
        and "The disk is full." in over.content.decode()
        and "every 2s" not in over.content.decode()
    )


@pytest.mark.django_db
def test_a_queued_job_shows_its_position(client):
    first = make_job()
    second = make_job(owner=first.owner)
    client.force_login(first.owner)
    assert "number 1 in line" in client.get(f"/job/{first.pk}/").content.decode()
    assert "number 2 in line" in client.get(f"/job/{second.pk}/").content.decode()


@pytest.mark.django_db
def test_to_others_the_job_does_not_exist(client):
    job = make_job()
    for user in (None, make_user()):
        if user:
            client.force_login(user)
        for address in (f"/job/{job.pk}/", f"/job/{job.pk}/result/", f"/job/{uuid.uuid4()}/"):
            assert client.get(address).status_code == 404
        assert client.post(f"/job/{job.pk}/cancel/").status_code == 404
    assert Job.objects.get().state == JobState.QUEUED


@pytest.mark.django_db
def test_the_owner_cancels_it(client):
    job = make_job()
    client.force_login(job.owner)
    assert client.post(f"/job/{job.pk}/cancel/")["Location"] == f"/job/{job.pk}/"
    assert Job.objects.get().state == JobState.CANCELLED


@pytest.mark.django_db
def test_the_result_is_a_download_with_a_descriptive_name(client):
    job = make_job(state=JobState.DONE, payload={"size": 128, "purpose": "copy"})
    client.force_login(job.owner)
    assert client.get(f"/job/{job.pk}/result/").status_code == 400
    job.result.save("print.png", ContentFile(b"png"))
    answer = client.get(f"/job/{job.pk}/result/")
    assert b"".join(answer.streaming_content) == b"png"
    named = answer["Content-Disposition"]
    assert named.startswith('attachment; filename="work-') and named.endswith('-128.png"')


@pytest.mark.django_db
def test_the_strip_of_a_works_page_stays_when_its_print_is_done_and_reloads_the_page_if_not(client):
    job = make_job(payload={"size": 64, "purpose": "master"})
    client.force_login(job.owner)
    address = f"/job/{job.pk}/?as=strip"
    waiting = client.get(address, HTTP_HX_REQUEST="true")
    assert waiting.status_code == 200 and f'hx-get="{address}"' in waiting.content.decode()
    Job.objects.update(state=JobState.DONE)
    done = client.get(address, HTTP_HX_REQUEST="true")
    assert done.status_code == 286 and "HX-Refresh" not in done.headers
    assert "Printed at 64 px." in done.content.decode()
    Job.objects.update(state=JobState.FAILED)
    assert client.get(address, HTTP_HX_REQUEST="true")["HX-Refresh"] == "true"


async def socket(job: Job, user) -> WebsocketCommunicator:
    client = WebsocketCommunicator(JobConsumer.as_asgi(), f"/ws/job/{job.pk}/")
    client.scope |= {"user": user, "url_route": {"kwargs": {"id": job.pk}}}
    assert (await client.connect())[0]
    return client


@pytest.mark.django_db(transaction=True)
async def test_the_socket_sends_the_state_at_once_and_each_change():
    job = await sync_to_async(make_job)()
    client = await socket(job, job.owner)
    assert await client.receive_json_from() == {
        "state": "queued",
        "progress": 0.0,
        "note": "",
        "place": 1,
        "left": "",
        "is_over": False,
    }
    await Job.objects.aupdate(state=JobState.RUNNING, progress=0.5, note="Printing")
    await get_channel_layer().group_send(f"job.{job.pk}", {"type": "job.progress"})
    assert await client.receive_json_from() == {
        "state": "running",
        "progress": 0.5,
        "note": "Printing",
        "place": 0,
        "left": "",
        "is_over": False,
    }
    await get_channel_layer().group_send(f"job.{job.pk}", {"type": "job.progress"})
    assert await client.receive_nothing()  # Nothing changed.
    await client.disconnect()


@pytest.mark.django_db(transaction=True)
async def test_an_action_in_another_thread_reaches_the_socket():
    job = await sync_to_async(make_job)()
    client = await socket(job, job.owner)
    await client.receive_json_from()
    await sync_to_async(cancel)(job.owner, job)
    assert (await client.receive_json_from(timeout=5))["state"] == "cancelled"
    await client.disconnect()


@pytest.mark.django_db(transaction=True)
async def test_the_socket_of_somebody_elses_job_closes():
    job, other = await sync_to_async(make_job)(), await sync_to_async(make_user)()
    client = await socket(job, other)
    assert "doesn't exist" in (await client.receive_json_from())["error"]
    assert (await client.receive_output())["code"] == 1008
    await client.disconnect()
