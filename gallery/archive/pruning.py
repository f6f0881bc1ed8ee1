"""Clearing the media folder of files that belong to nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from gallery.archive.export import prune_exports
from gallery.models import Artwork, Job, JobKind, JobState
from gallery.models.artwork import FILE_FIELDS

FOLDERS = ("works", "prints", "exports", "imports")
GRACE = timedelta(hours=1)  # A print is written a moment before the row that names it.


def orphaned_files(*, now: datetime | None = None) -> Iterator[str]:
    """Names of stored prints that no work and no job names, and that are older than an hour."""
    now = now or timezone.now()
    known: set[str] = set()
    for field in FILE_FIELDS:
        known |= set(Artwork.objects.exclude(**{field: ""}).values_list(field, flat=True))
    known |= set(Job.objects.exclude(result="").values_list("result", flat=True))
    uploads = Job.objects.filter(kind=JobKind.IMPORT, state__in=[JobState.QUEUED, JobState.RUNNING])
    known |= {payload.get("file", "") for payload in uploads.values_list("payload", flat=True)}
    for folder in FOLDERS:
        for name in _walk(folder):
            if name not in known and default_storage.get_modified_time(name) < now - GRACE:
                yield name


def _walk(folder: str) -> Iterator[str]:
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in names)
    for inner in folders:
        yield from _walk(f"{folder}/{inner}")


def prune_media(*, is_trial: bool = False, now: datetime | None = None) -> list[str]:
    """Delete the orphaned files and archives of accounts that are a week old (or, in a trial,
    none), and return their names.
    """
    names = prune_exports(now=now, is_trial=is_trial)
    names += [name for name in orphaned_files(now=now) if name not in names]
    if not is_trial:
        for name in names:
            default_storage.delete(name)
    return names
