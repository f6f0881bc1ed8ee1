"""Exporting an account: what the archive holds, and how long it is stored."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from gallery.archive.export import prune_exports, request_export, write_archive
from gallery.archive.importing import request_import
from gallery.job_runner import run_next
from gallery.lineage.credit import credits
from gallery.models import Artwork, Job, State, Suspension
from generation.refusal import Refused
from tests.factories import make_artwork, make_user
from tests.gallery.archive.accounts import exported, grow_account

pytestmark = pytest.mark.django_db


def test_an_export_holds_the_account_and_nothing_of_others(squares_engine):
    ada = grow_account(6)
    make_artwork(ada, state=State.QUARANTINED, title="Evidence")
    with zipfile.ZipFile(io.BytesIO(exported(ada))) as archive:
        names = set(archive.namelist())
        works, about = (json.loads(archive.read(name)) for name in ("works.json", "account.json"))
        everything = b"".join(archive.read(name) for name in names).decode()
    assert names == {
        "README.txt",
        "account.json",
        "works.json",
        "collections.json",
        "comments.json",
        "likes.json",
        "follows.json",
    }
    assert about["person"]["email"] == "ada@example.org" and len(works) == 6
    assert not any(
        word in everything
        for word in ("Secret", "Evidence", Artwork.objects.get(title="Secret").slug)
    )
    assert {"Foreign"} <= {
        parent["title"] for work in works for parent in work["parents"] if "title" in parent
    }


def test_an_export_credits_as_the_pages_do(squares_engine):
    ada = grow_account(20)
    for number, work in enumerate(Artwork.objects.filter(author=ada)):
        Artwork.objects.filter(pk=work.pk).update(novelty=0.1 * (number % 4))
    with zipfile.ZipFile(io.BytesIO(exported(ada))) as archive:
        works = json.loads(archive.read("works.json"))
    for row in works:
        shown = credits(Artwork.objects.get(slug=row["slug"]), ada)
        as_rows = {
            (credit.author.name if credit.author else None, credit.is_new): credit.share
            for credit in shown
        }
        assert as_rows == pytest.approx(
            {(row["name"], row["is_new"]): row["share"] for row in row["credit"]}
        )
        assert sum(row["share"] for row in row["credit"]) == pytest.approx(1)


def test_an_export_holds_the_files_if_requested(squares_engine):
    work = make_artwork(has_files=True)
    with zipfile.ZipFile(io.BytesIO(exported(work.author, with_files=True))) as archive:
        files = json.loads(archive.read("works.json"))[0]["files"]
        assert len(files) == 2 and all(archive.read(name) for name in files)


def test_an_export_is_stored_for_a_week_and_requested_once(squares_engine):
    user = make_user()
    assert request_export(user, with_files=True, base="") == request_export(
        user, with_files=True, base=""
    )
    run_next()
    job = Job.objects.get()
    assert prune_exports() == [] and job.result
    name = job.result.name
    assert prune_exports(now=timezone.now() + timedelta(days=8)) == [name]
    assert not Job.objects.get().result


def test_suspended_people_export_but_do_not_import(squares_engine):
    user = grow_account(2)
    Suspension.objects.create(user=user, reason="Spam.")
    data = exported(user)
    with pytest.raises(Refused, match="suspended"):
        request_import(user, data)


def test_long_lists_are_written_row_by_row():
    buffer = io.BytesIO()
    documents = [("a.json", iter([{"n": 1}, {"n": 2}])), ("b.json", iter(())), ("c.txt", "Ü")]
    write_archive(buffer, documents, [("f/x", io.BytesIO(b"1"))])
    with zipfile.ZipFile(buffer) as archive:
        assert (
            json.loads(archive.read("a.json")) == [{"n": 1}, {"n": 2}]
            and json.loads(archive.read("b.json")) == []
        )
        assert archive.read("c.txt").decode() == "Ü" and archive.read("f/x") == b"1"
