"""The pages of taking an account along, of bringing one, and of closing it."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gallery.archive.export import request_export
from gallery.job_runner import run_next
from gallery.models import Artwork, Job, JobKind, JobState, Role, User
from tests.factories import PASSWORD, make_artwork, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client) -> User:
    user = make_user("ada")
    client.force_login(user)
    return user


def packed(client) -> bytes:
    address = client.post("/me/export/", {}).headers["Location"]
    assert run_next()
    answer = client.get(f"{address}result/")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="ada-')
    return b"".join(answer.streaming_content)


def confirm(client) -> None:
    """Type the password once more, as the page before closing asks."""
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def test_an_archive_is_packed_and_downloaded(client, ada, squares_engine):
    make_artwork(ada, title="Moss")
    with zipfile.ZipFile(io.BytesIO(packed(client))) as archive:
        assert (
            "Moss" in archive.read("works.json").decode()
            and "@ada" in archive.read("README.txt").decode()
        )
    page = client.get(f"/job/{Job.objects.get().pk}/").content.decode()
    assert "Kept until" in page and "Print of" not in page
    assert str(Job.objects.get().pk) in client.get("/me/export/").content.decode()


def test_an_archive_is_for_its_person_alone_and_for_a_week(client, ada, squares_engine):
    packed(client)
    job = Job.objects.get()
    Job.objects.update(finished_at=timezone.now() - timedelta(days=8))
    assert client.get(f"/job/{job.pk}/result/").status_code == 400
    Job.objects.update(finished_at=timezone.now())
    for other in (make_user(), make_user(role=Role.ADMINISTRATOR)):
        client.force_login(other)
        assert (
            client.get(f"/job/{job.pk}/result/").status_code
            == client.get(f"/job/{job.pk}/").status_code
            == 404
        )
    client.logout()
    for address in ("/me/export/", "/me/import/", "/me/close/"):
        assert client.get(address).status_code == 302


def test_an_export_can_be_cancelled(client, ada):
    job = request_export(ada, with_files=False, base="")
    client.post(f"/job/{job.pk}/cancel/")
    assert Job.objects.get().state == JobState.CANCELLED and not run_next()


def test_an_archive_is_brought_and_the_report_is_read(client, ada, squares_engine):
    make_artwork(ada, title="Moss")
    data = packed(client)
    Job.objects.all().delete()
    Artwork.objects.all().delete()
    address = client.post("/me/import/", {"archive": SimpleUploadedFile("ada.zip", data)}).headers[
        "Location"
    ]
    while run_next():
        pass
    page = client.get(address).content.decode()
    assert "1 work is imported" in page and Artwork.objects.get(author=ada).title == "Moss"
    again = client.post("/me/import/", {"archive": SimpleUploadedFile("ada.zip", data)}).headers[
        "Location"
    ]
    run_next()
    assert (
        "1 was yours already" in client.get(again).content.decode() and Artwork.objects.count() == 1
    )


@pytest.mark.parametrize("data", [b"no zip", b"", b"PK\x05\x06" + b"\0" * 18])
def test_a_bad_upload_is_told_beside_the_field(client, ada, data):
    answer = client.post("/me/import/", {"archive": SimpleUploadedFile("x.zip", data)})
    assert answer.status_code == 400 and "errorlist" in answer.content.decode()
    assert client.post("/me/import/", {}).status_code == 400
    assert not Job.objects.filter(kind=JobKind.IMPORT).exists()


def test_closing_asks_for_the_password_first(client, ada):
    answer = client.get("/me/close/")
    assert answer.status_code == 302 and "reauthenticate" in answer.headers["Location"]
    assert client.post("/me/close/", {"user_name": "ada"}).status_code == 302
    assert User.objects.get(pk=ada.pk).is_active


def test_an_account_is_closed_by_typing_its_name(client, ada):
    make_artwork(ada)
    confirm(client)
    assert "Your 1 work and its files are deleted" in client.get("/me/close/").content.decode()
    assert client.post("/me/close/", {"user_name": "adah"}).status_code == 400
    answer = client.post("/me/close/", {"user_name": "ada"}, follow=True)
    assert (
        "Your account is closed" in answer.content.decode()
        and not answer.wsgi_request.user.is_authenticated
    )
    assert not client.login(username="ada", password=PASSWORD) and not Artwork.objects.exists()
    assert client.get("/@ada/").status_code == 404


def test_the_last_administrator_is_told_to_find_another(client, ada):
    User.objects.update(role=Role.ADMINISTRATOR)
    confirm(client)
    page = client.get("/me/close/").content.decode()
    assert "only administrator" in page and "Close my account for good" not in page
    assert client.post("/me/close/", {"user_name": "ada"}).status_code == 400
