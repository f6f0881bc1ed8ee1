"""Deleting stored files that nothing refers to."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from gallery.archive.export import prune_exports
from gallery.artworks import developing
from gallery.models import Artwork, Job, JobKind, JobState
from gallery.models.artwork import FILE_FIELDS

GRACE = timedelta(hours=1)  # A file is written shortly before the row that refers to it.
# Folders, and how old files of theirs must be that no row refers to.
FOLDERS = {
    "works": GRACE,
    "prints": GRACE,
    "exports": GRACE,
    "imports": GRACE,
    developing.FOLDER: developing.LIFETIME,
}


def orphaned_files(*, now: datetime | None = None) -> Iterator[str]:
    """Names of stored files that no work and no job refers to, and that are old enough."""
    now = now or timezone.now()
    known: set[str] = set()
    for field in FILE_FIELDS:
        known |= set(Artwork.objects.exclude(**{field: ""}).values_list(field, flat=True))
    known |= set(Job.objects.exclude(result="").values_list("result", flat=True))
    uploads = Job.objects.filter(kind=JobKind.IMPORT, state__in=[JobState.QUEUED, JobState.RUNNING])
    known |= {payload.get("file", "") for payload in uploads.values_list("payload", flat=True)}
    for folder, age in FOLDERS.items():
        for name in _walk(folder):
            if name not in known and default_storage.get_modified_time(name) < now - age:
                yield name


def _walk(folder: str) -> Iterator[str]:
    """Names of all files in a folder of the storage and below it."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in names)
    for inner in folders:
        yield from _walk(f"{folder}/{inner}")


def prune_media(*, is_dry_run: bool = False, now: datetime | None = None) -> list[str]:
    """Delete orphaned files and expired archives of accounts (in a dry run none); their names."""
    names = prune_exports(now=now, is_dry_run=is_dry_run)
    names += [name for name in orphaned_files(now=now) if name not in names]
    if not is_dry_run:
        for name in names:
            default_storage.delete(name)
    return names
