"""Importing an account from another site.

The works get the same genomes and lineage and are printed again here. Collections of them are made,
and likes and follows are taken over where the work or the person is on this site, too
(`gallery.archive.format` says why comments are not).

The import is planned as a whole first (`gallery.archive.plan`) and then written in chunks. Each
chunk is a short transaction that is complete in itself, so that nobody else waits long for the
database. An interrupted import is finished by importing again: what was written is recognized.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from gallery.archive.format import ArchivedCollection, ArchivedTies, ArchivedWork
from gallery.archive.plan import Told, plan_import
from gallery.archive.reading import read_archive, read_collections, read_ties
from gallery.archive.ties import import_collection, import_follows, import_likes, import_links
from gallery.archive.writing import write_works
from gallery.core import push
from gallery.core.files import delete_files
from gallery.core.permissions import check_may_act
from gallery.jobs import leases
from gallery.jobs.leases import OnProgress
from gallery.models import Job, JobKind, JobState, User
from generation.refusal import Refused

MAX_ZIP = 20_000_000  # Bytes of an upload; `manage.py import_account` takes larger ones.
FOLDER = "imports"
MAX_PROBLEMS = 500  # How many problems a stored report lists.
MAX_NAMED = 100  # How many titles and user names of missing works and people it lists.
CHUNK = 100  # Rows of one transaction.
# Seconds between two chunks. SQLite has no queue for its lock; other writers, who try again at
# least so often, get it in the pause.
PAUSE = 0.1
Row = TypeVar("Row")


@dataclass
class ImportReport:
    """The result of an import.

    imported, known: how many works were imported, and how many the person had already. likes,
    follows: how many are new; unliked, unfollowed: titles of works and names of people that are not
    on this site. problems: title of a work or collection, and the refusal's template and values, so
    that it can be shown in any language later. changed: the same of works that were imported under
    another licence.
    """

    imported: int = 0
    known: int = 0
    collections: int = 0
    likes: int = 0
    follows: int = 0
    unliked: list[str] = field(default_factory=list)
    unfollowed: list[str] = field(default_factory=list)
    problems: list[Told] = field(default_factory=list)
    changed: list[Told] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The report as it is stored in the job's payload."""
        return {
            "planted": self.imported,
            "known": self.known,
            "collections": self.collections,
            "refused": len(self.problems),
            "likes": self.likes,
            "unliked": len(self.unliked),
            "unliked_titles": self.unliked[:MAX_NAMED],
            "follows": self.follows,
            "unfollowed": len(self.unfollowed),
            "unfollowed_names": self.unfollowed[:MAX_NAMED],
            "problems": _stored(self.problems),
            "changed": _stored(self.changed),
        }


def _stored(told: Sequence[Told]) -> list[list[Any]]:
    return [[title, template, _plain(values)] for title, template, values in told[:MAX_PROBLEMS]]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a refusal as plain JSON."""
    return {
        name: value if isinstance(value, int | float) else str(value)
        for name, value in values.items()
    }


def request_import(user: User, data: bytes) -> Job:
    """Check an uploaded archive, store it, and queue its import.

    Raises Refused for an archive that is not valid or too large, and while another import of the
    person is queued or running.
    """
    check_may_act(user)
    if len(data) > MAX_ZIP:
        raise Refused(
            "This file is larger than {most} MB. Export the account without its files, or ask"
            " the site's operator to run `manage.py import_account`.",
            most=MAX_ZIP // 10**6,
        )
    read_archive(data)
    read_collections(data)
    read_ties(data)
    with transaction.atomic():
        owner = User.objects.select_for_update().get(pk=user.pk)
        open_jobs = Job.objects.filter(
            owner=owner, kind=JobKind.IMPORT, state__in=[JobState.QUEUED, JobState.RUNNING]
        )
        if open_jobs.exists():
            raise Refused("Another import of yours is still running. Wait until it is done.")
        name = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}.zip", ContentFile(data))
        job = Job.objects.create(kind=JobKind.IMPORT, owner=owner, payload={"file": name})
    transaction.on_commit(push.job_waiting.set)
    return job


def make_import(job: Job, *, on_progress: OnProgress) -> ImportReport | None:
    """Import the job's archive and store the report in the job's payload.

    None when on_progress returned False or the job is no longer this runner's. Raises Refused when
    the archive is gone.
    """
    name = job.payload.get("file", "")
    try:
        with default_storage.open(name, "rb") as stored:
            data = stored.read()
    except FileNotFoundError as error:
        raise Refused("The uploaded file is gone. Upload it again.") from error
    works, collections, ties = read_archive(data), read_collections(data), read_ties(data)

    def holds_lease() -> bool:
        return leases.leased(job).select_for_update().exists()

    report = import_account(
        job.owner, works, collections, ties, holds_lease=holds_lease, on_progress=on_progress
    )
    if report is None:
        return None
    with transaction.atomic():
        if not holds_lease():
            return None
        Job.objects.filter(pk=job.pk).update(payload={"report": report.to_json()})
    delete_files([name])
    return report


def complete_import(job: Job, report: ImportReport) -> bool:
    """Record a finished import; False when the lease is lost."""
    is_ours = leases.finish(job)
    if is_ours:
        push.notify_job_change(job.pk)
    return is_ours


def import_works(user: User, works: Sequence[ArchivedWork]) -> ImportReport:
    """Import the works of an archive and nothing else of it."""
    return import_account(user, works) or ImportReport()


def import_account(
    user: User,
    works: Sequence[ArchivedWork],
    collections: Sequence[ArchivedCollection] = (),
    ties: ArchivedTies | None = None,
    *,
    holds_lease: Callable[[], bool] = lambda: True,
    on_progress: OnProgress = lambda progress: True,
) -> ImportReport | None:
    """Import an archive into this person's account; each work gets a queued print.

    What the person has already is only counted, so importing twice doubles nothing. What cannot be
    imported (its species is missing, a word or a licence is not allowed) is listed in the report,
    and the rest is imported without it. holds_lease is called in each transaction, on_progress
    before each chunk of works; when one returns False, the import stops and None is returned.
    """
    check_may_act(user)
    plan = plan_import(user, works)
    report = ImportReport(known=plan.known, problems=plan.problems, changed=plan.changed)
    for start in range(0, len(plan.planned), CHUNK):
        if not on_progress(start / len(plan.planned)):
            return None
        if start:
            time.sleep(PAUSE)
        chunk = plan.planned[start : start + CHUNK]
        with transaction.atomic():
            if not holds_lease():
                return None
            written = write_works(_lock(user), chunk, plan)
            transaction.on_commit(push.job_waiting.set)
        report.imported += written
        report.known += len(chunk) - written
    for archived in collections:
        try:
            with transaction.atomic():
                if not holds_lease():
                    return None
                report.collections += import_collection(_lock(user), archived, plan.rows)
        except Refused as refused:
            report.problems.append((archived.title, refused.template, refused.values))
    return report if _import_ties(user, ties or ArchivedTies(), report, holds_lease) else None


def _import_ties(
    user: User, ties: ArchivedTies, report: ImportReport, holds_lease: Callable[[], bool]
) -> bool:
    """Import links, and likes and follows into the report; False when the lease is lost."""
    likes = _import_in_chunks(user, ties.likes, import_likes, holds_lease)
    if likes is None:
        return False
    report.likes, report.unliked = likes
    follows = _import_in_chunks(user, ties.follows, import_follows, holds_lease)
    if follows is None:
        return False
    report.follows, report.unfollowed = follows
    with transaction.atomic():
        if not holds_lease():
            return False
        import_links(_lock(user), ties.links)
    return True


def _import_in_chunks(
    user: User,
    rows: Sequence[Row],
    import_chunk: Callable[[User, Sequence[Row]], tuple[int, list[str]]],
    holds_lease: Callable[[], bool],
) -> tuple[int, list[str]] | None:
    """Import rows, each chunk in a transaction; the sum of what import_chunk returns.

    None when the lease is lost.
    """
    count, missing = 0, list[str]()
    for start in range(0, len(rows), CHUNK):
        if start:
            time.sleep(PAUSE)
        with transaction.atomic():
            if not holds_lease():
                return None
            new, absent = import_chunk(_lock(user), rows[start : start + CHUNK])
        count += new
        missing += absent
    return count, missing


def _lock(user: User) -> User:
    """The person's row, locked until the transaction ends: imports at once go chunk by chunk."""
    owner = User.objects.select_for_update().get(pk=user.pk)
    check_may_act(owner)
    return owner
