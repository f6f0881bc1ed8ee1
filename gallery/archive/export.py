"""Exporting a whole account: requested as a job, written by the job runner, stored for a week."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import IO, Any, BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from gallery.archive.records import Files, documents, exported_works, files
from gallery.core import push
from gallery.core.files import delete_files
from gallery.core.permissions import require_user
from gallery.jobs import leases
from gallery.jobs.leases import OnProgress
from gallery.jobs.progress import EXPORT_LIFETIME
from gallery.models import Job, JobKind, JobState, User
from gallery.types import AnyUser

FOLDER = "exports"
DOCUMENTS_SHARE = 0.6  # The part of the progress that the documents take; files follow.


class Stopped(Exception):
    """The job was cancelled, or another runner has claimed it."""


def request_export(user: AnyUser, *, with_files: bool, base: str) -> Job:
    """Queue an export; returns the job that is queued or running already, if there is one.

    base: the address of this site, for the archive. Suspended people may export, too. Raises
    Refused for visitors.
    """
    member = require_user(user)
    with transaction.atomic():
        owner = User.objects.select_for_update().get(pk=member.pk)
        waiting = Job.objects.filter(
            owner=owner,
            kind=JobKind.EXPORT,
            state__in=[JobState.QUEUED, JobState.RUNNING],
            payload__with_files=with_files,
        )
        if known := waiting.first():
            return known
        old = Job.objects.filter(
            owner=owner, kind=JobKind.EXPORT, payload__with_files=with_files
        ).exclude(result="")
        _delete_results(old)  # The new archive replaces them.
        job = Job.objects.create(
            kind=JobKind.EXPORT, owner=owner, payload={"with_files": with_files, "base": base[:200]}
        )
    transaction.on_commit(push.job_waiting.set)
    return job


def prune_exports(*, now: datetime | None = None, is_dry_run: bool = False) -> list[str]:
    """Delete the files of expired exports (in a dry run none); returns their names."""
    old = Job.objects.filter(
        kind=JobKind.EXPORT, finished_at__lt=(now or timezone.now()) - EXPORT_LIFETIME
    ).exclude(result="")
    return list(old.values_list("result", flat=True)) if is_dry_run else _delete_results(old)


def _delete_results(jobs: QuerySet[Job]) -> list[str]:
    """Delete the result files of these jobs once the transaction is committed; their names."""
    names = list(jobs.values_list("result", flat=True))
    jobs.update(result="")
    transaction.on_commit(lambda: delete_files(names))
    return names


def make_export(job: Job, *, on_progress: OnProgress) -> str | None:
    """Write the archive of the job's owner; returns the name of the stored file.

    None when on_progress returned False.
    """
    user, with_files = job.owner, bool(job.payload.get("with_files"))
    total = max(1, exported_works(user).count())
    documents_share = DOCUMENTS_SHARE if with_files else 1.0

    def report(progress: float) -> None:
        if not on_progress(min(1.0, progress)):
            raise Stopped

    contents = documents(
        user,
        base=job.payload.get("base", ""),
        with_files=with_files,
        on_count=lambda count: report(documents_share * count / total),
    )
    with tempfile.TemporaryFile() as file:
        try:
            stored = _report_files(files(user), total, report) if with_files else ()
            write_archive(file, contents, stored)
            report(1.0)
        except Stopped:
            return None
        file.seek(0)
        assert job.token is not None  # A claimed job has one.
        return default_storage.save(f"{FOLDER}/{job.token.hex}.zip", File(file))


def complete_export(job: Job, name: str) -> bool:
    """Record a finished export; False, with the file deleted, when the lease is lost."""
    is_ours = leases.finish(job, result=name)
    if is_ours:
        push.notify_job_change(job.pk)
    else:
        delete_files([name])
    return is_ours


def _report_files(stored: Files, total: int, report: Callable[[float], None]) -> Files:
    """The files of `total` works, reporting the progress as each is reached.

    A work has two files or three, so the progress stays just below 1 for what is beyond two.
    """
    for number, item in enumerate(stored):
        report(min(0.99, DOCUMENTS_SHARE + (1 - DOCUMENTS_SHARE) * number / (2 * total)))
        yield item


def write_archive(
    file: BinaryIO,
    documents: Iterable[tuple[str, Any]],
    files: "Iterable[tuple[str, File[bytes] | BinaryIO]]",
) -> None:
    """Write an archive. documents: (name, a text, a JSON value, or the rows of a long list).

    Rows are written one by one, so that an account of any size needs little memory. files: (name,
    open file), which is closed afterwards.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in documents:
            with archive.open(name, "w", force_zip64=True) as out:
                if isinstance(value, str):
                    out.write(value.encode())
                elif isinstance(value, dict | list):
                    out.write(_json(value))
                else:
                    _write_rows(out, value)
        for name, stored in files:
            entry = zipfile.ZipInfo(name, date_time=datetime.now().timetuple()[:6])
            entry.compress_type = zipfile.ZIP_STORED  # Pictures and sound are compressed already.
            with stored, archive.open(entry, "w", force_zip64=True) as out:
                while piece := stored.read(2**20):
                    out.write(piece)


def _write_rows(out: IO[bytes], rows: Iterable[Any]) -> None:
    separator = b"[\n"
    for row in rows:
        out.write(separator + _json(row))
        separator = b",\n"
    out.write(b"[]\n" if separator == b"[\n" else b"\n]\n")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False).encode()
