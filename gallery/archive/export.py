"""Exporting a whole account: asked for as a job, written by its runner, kept for a week."""

import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from gallery.archive.format import write_archive
from gallery.archive.records import documents, exported_works, files
from gallery.core import push
from gallery.core.storage import delete_files
from gallery.jobs import leases
from gallery.jobs.progress import KEPT
from gallery.models import Job, JobKind, JobState, User
from generation.refusal import Refused

Files = Iterator[tuple[str, BinaryIO]]
FOLDER = "exports"
SHARE_OF_WORDS = 0.6  # How much of the progress the lists take; files follow.


class Stopped(Exception):
    """The job was cancelled, or another runner took it over."""


def request_export(user, *, with_files: bool, base: str) -> Job:
    """Put an export in line; one that waits already is given back. base: the address of this
    garden, for the archive.

    Suspended people may export too. Raises Refused for visitors.
    """
    if not user.is_authenticated or not user.is_active:
        raise Refused("Log in first.")
    with transaction.atomic():
        owner = User.objects.select_for_update().get(pk=user.pk)
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
        _forget(old)  # The new one says all that the old one said.
        job = Job.objects.create(
            kind=JobKind.EXPORT, owner=owner, payload={"with_files": with_files, "base": base[:200]}
        )
    transaction.on_commit(push.job_waiting.set)
    return job


def prune_exports(*, now: datetime | None = None, is_trial: bool = False) -> list[str]:
    """Delete the files of exports that are older than a week (in a trial none); their names."""
    old = Job.objects.filter(
        kind=JobKind.EXPORT, finished_at__lt=(now or timezone.now()) - KEPT
    ).exclude(result="")
    return list(old.values_list("result", flat=True)) if is_trial else _forget(old)


def _forget(jobs) -> list[str]:
    names = list(jobs.values_list("result", flat=True))
    jobs.update(result="")
    transaction.on_commit(lambda: delete_files(names))
    return names


def make_export(job: Job, *, keep: Callable[[float], bool]) -> str | None:
    """Write the archive of the job's owner; the name of the stored file. keep: told the progress;
    False stops it, and None is the answer then.
    """
    user, with_files = job.owner, bool(job.payload.get("with_files"))
    total = max(1, exported_works(user).count())
    words = SHARE_OF_WORDS if with_files else 1.0

    def tell(share: float) -> None:
        if not keep(min(1.0, share)):
            raise Stopped

    told = documents(
        user,
        base=job.payload.get("base", ""),
        with_files=with_files,
        tell=lambda count: tell(words * count / total),
    )
    with tempfile.TemporaryFile() as file:
        try:
            write_archive(file, told, _counted(files(user), total, tell) if with_files else ())
            tell(1.0)
        except Stopped:
            return None
        file.seek(0)
        return default_storage.save(f"{FOLDER}/{job.token.hex}.zip", File(file))


def complete_export(job: Job, name: str) -> bool:
    """Record a finished export. False, with its file deleted, when the job is not this runner's any
    more.
    """
    is_held = leases.finish(job, result=name)
    if is_held:
        push.notify_job_change(job.pk)
    else:
        delete_files([name])
    return is_held


def _counted(stored: Files, total: int, tell: Callable[[float], None]) -> Files:
    """The files as they come, with the progress: works have two files or three."""
    for number, item in enumerate(stored):
        tell(min(0.99, SHARE_OF_WORDS + (1 - SHARE_OF_WORDS) * number / (2 * total)))
        yield item
