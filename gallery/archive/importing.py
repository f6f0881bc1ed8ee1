"""Bringing an account from another garden: the same genomes and lineage, printed anew here, the
collections of its works, and likes and follows of what is here as well
(`gallery.archive.ties` says why no comments).

All is worked out first (`gallery.archive.plan`), then planted in pieces, each a short transaction
that is whole in itself, so that nobody else waits long for the database. An import that was
interrupted is finished by importing again: what stands is known then.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from gallery.archive.format import (
    ArchivedCollection,
    ArchivedTies,
    ArchivedWork,
    read_archive,
    read_collections,
    read_ties,
)
from gallery.archive.plan import ELSEWHERE, Parents, Plan, Planned, plan_import
from gallery.archive.ties import bring_collection, bring_follows, bring_likes
from gallery.core import push
from gallery.core.permissions import check_may_act
from gallery.core.storage import delete_files
from gallery.discovery.search import index_all
from gallery.discovery.tags import tag_new_works
from gallery.jobs import leases
from gallery.models import Artwork, Job, JobKind, JobState, LineageEdge, State, User
from generation.engine.frames import MIN_SIZE
from generation.refusal import Refused

LARGEST_ZIP = 20_000_000  # Bytes of an upload; larger ones come by `manage.py import_account`.
FOLDER = "imports"
MAX_TOLD = 500
MAX_NAMED = 100  # Titles of works that are not here, and names of people who are not.
PIECE = 100  # Works of one transaction.
# Seconds between two pieces: whoever waits for SQLite looks again at least so often, as there is no
# queue for its lock.
PAUSE = 0.1


@dataclass
class Report:
    """What came of an import. problems: title of a work, the refusal's template and its values,
    told in any language later.

    likes, follows: how many are new; unliked, unfollowed: titles of works and names of people that
    are not here.
    """

    planted: int = 0
    known: int = 0
    collections: int = 0
    likes: int = 0
    follows: int = 0
    unliked: list[str] = field(default_factory=list)
    unfollowed: list[str] = field(default_factory=list)
    problems: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """What a job keeps of it."""
        return {
            "planted": self.planted,
            "known": self.known,
            "collections": self.collections,
            "refused": len(self.problems),
            "likes": self.likes,
            "unliked": len(self.unliked),
            "unliked_titles": self.unliked[:MAX_NAMED],
            "follows": self.follows,
            "unfollowed": len(self.unfollowed),
            "unfollowed_names": self.unfollowed[:MAX_NAMED],
            "problems": [
                [title, template, _plain(values)]
                for title, template, values in self.problems[:MAX_TOLD]
            ],
        }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | float) else str(value)
        for name, value in values.items()
    }


def request_import(user, data: bytes) -> Job:
    """Check an archive as it was uploaded, keep it, and put its import in line.

    Raises Refused for what is no whole archive, is too large, and while another import of the
    person waits.
    """
    check_may_act(user)
    if len(data) > LARGEST_ZIP:
        raise Refused(
            "This file is larger than {most} MB. Export the account without its files, or ask"
            " the site's operator to run `manage.py import_account`.",
            most=LARGEST_ZIP // 10**6,
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


def make_import(job: Job, *, keep: Callable[[float], bool]) -> Report | None:
    """Plant what is in the job's archive. The report lies in the job's payload afterwards; None
    when it was stopped.
    """
    name = job.payload.get("file", "")
    try:
        with default_storage.open(name, "rb") as stored:
            data = stored.read()
    except FileNotFoundError as error:
        raise Refused("The uploaded file is gone. Upload it again.") from error
    works, collections, ties = read_archive(data), read_collections(data), read_ties(data)

    def is_mine() -> bool:
        """Under the lease: a runner that was given up for dead plants nothing."""
        return leases.held(job).select_for_update().exists()

    report = import_account(job.owner, works, collections, ties, is_mine=is_mine, keep=keep)
    if report is None:
        return None
    with transaction.atomic():
        if not is_mine():
            return None
        Job.objects.filter(pk=job.pk).update(payload={"report": report.to_json()})
    delete_files([name])
    return report


def complete_import(job: Job, report: Report) -> bool:
    """Record a finished import. False when the job is not this runner's any more."""
    is_held = leases.finish(job)
    if is_held:
        push.notify_job_change(job.pk)
    return is_held


def import_works(user, works: Sequence[ArchivedWork]) -> Report:
    """Plant the works of an archive and nothing else of it."""
    return import_account(user, works) or Report()


def import_account(
    user,
    works: Sequence[ArchivedWork],
    collections: Sequence[ArchivedCollection] = (),
    ties: ArchivedTies | None = None,
    *,
    is_mine: Callable[[], bool] = lambda: True,
    keep: Callable[[float], bool] = lambda progress: True,
) -> Report | None:
    """Plant the works of an archive as this person's, each with a print in line, make the
    collections of them, and like and follow what the person liked and whom they followed there,
    where that is here.

    What the person has already is only counted, so importing twice doubles nothing; what cannot be
    planted here (its species is missing, a word or a licence is not allowed) is told in the report,
    and the others come without it. Asked between pieces: is_mine, in each transaction, and keep,
    with the progress in [0, 1]; where one says no, None is returned.
    """
    check_may_act(user)
    plan = plan_import(user, works)
    report = Report(known=plan.known, problems=plan.problems)
    for start in range(0, len(plan.planned), PIECE):
        if not keep(start / len(plan.planned)):
            return None
        if start:
            time.sleep(PAUSE)
        piece = plan.planned[start : start + PIECE]
        with transaction.atomic():
            if not is_mine():
                return None
            planted = _plant(_lock(user), piece, plan)
            transaction.on_commit(push.job_waiting.set)
        report.planted += planted
        report.known += len(piece) - planted
    for archived in collections:
        try:
            with transaction.atomic():
                if not is_mine():
                    return None
                report.collections += bring_collection(_lock(user), archived, plan.rows)
        except Refused as refused:
            report.problems.append((archived.title, refused.template, refused.values))
    return report if _bring_ties(user, ties or ArchivedTies(), report, is_mine=is_mine) else None


def _bring_ties(user, ties: ArchivedTies, report: Report, *, is_mine: Callable[[], bool]) -> bool:
    """Likes and follows, a piece at a time, into the report; False when the runner was given up for
    dead.
    """
    for bring, things, done, missing in (
        (bring_likes, ties.likes, "likes", report.unliked),
        (bring_follows, ties.follows, "follows", report.unfollowed),
    ):
        for start in range(0, len(things), PIECE):
            if start:
                time.sleep(PAUSE)
            with transaction.atomic():
                if not is_mine():
                    return False
                count, left = bring(_lock(user), things[start : start + PIECE])
            setattr(report, done, getattr(report, done) + count)
            missing.extend(left)
    return True


def _lock(user) -> User:
    """The person, held until the transaction ends, so that two imports at once go piece by piece
    after each other.
    """
    owner = User.objects.select_for_update().get(pk=user.pk)
    check_may_act(owner)
    return owner


def _plant(owner: User, piece: Sequence[Planned], plan: Plan) -> int:
    """Write the rows of some planned works; how many. Those that another import has planted
    meanwhile are taken as they are.
    """
    here = _standing(owner, piece)
    fresh = []
    for planned in piece:
        if known := here.get(planned.work.genome.identity):
            planned.row.pk, planned.row.slug = known
        else:
            fresh.append(planned)
    _write_empty_places(fresh)
    now = timezone.now()
    for planned in fresh:
        row = planned.row
        row.genome, row.pedigree = planned.work.genome.to_json(), _renamed(planned, plan)
        row.published_at = min(row.published_at, now) if row.published_at else None
    Artwork.objects.bulk_create([planned.row for planned in fresh])
    LineageEdge.objects.bulk_create(
        edge for planned in fresh for edge in _edges(owner, planned.row, planned.parents)
    )
    tag_new_works([(planned.row, planned.tags) for planned in fresh])
    index_all(Artwork.objects.filter(pk__in=[planned.row.pk for planned in fresh]))
    Job.objects.bulk_create(
        Job(kind=JobKind.PRINT, owner=owner, artwork=planned.row, payload=_print_of(planned))
        for planned in fresh
    )
    for planned in fresh:
        planned.row.genome = {}  # Large, and written.
    return len(fresh)


def _standing(owner: User, piece: Sequence[Planned]) -> dict[str, tuple[int, str]]:
    identities = [planned.work.genome.identity for planned in piece]
    rows = Artwork.objects.filter(author=owner, genome_identity__in=identities).exclude(
        state=State.REMOVED
    )
    return {
        identity: (pk, slug)
        for identity, pk, slug in rows.values_list("genome_identity", "pk", "slug")
    }


def _write_empty_places(piece: Sequence[Planned]) -> None:
    stubs = {
        parent.slug: parent
        for planned in piece
        for parent, _ in planned.parents
        if parent.pk is None
    }
    missing = [parent for parent in stubs.values() if parent.state == State.REMOVED]
    if missing:
        elsewhere = _gardener_elsewhere()
        for stub in missing:
            stub.author = elsewhere
        Artwork.objects.bulk_create(missing)


def _edges(owner: User, row: Artwork, parents: Parents) -> list[LineageEdge]:
    shares: dict[int, tuple[float, str]] = {}
    for parent, told in parents:  # Two parents may be one and the same work here.
        is_told = parent.state == State.REMOVED or parent.author_id == owner.pk
        licence = told.licence if is_told and told.licence else parent.licence
        shares[parent.pk] = (shares.get(parent.pk, (0.0, ""))[0] + told.share, licence)
    return [
        LineageEdge(parent_id=pk, child=row, share=share, licence=licence)
        for pk, (share, licence) in shares.items()
    ]


def _renamed(planned: Planned, plan: Plan) -> dict[str, Any]:
    """The pedigree with the addresses that its roots have here."""
    pedigree = planned.work.pedigree
    if "roots" not in pedigree:
        return pedigree
    parents = {told.ref: row for row, told in planned.parents}
    rows = [parents.get(root) or plan.rows.get(root) for root in pedigree["roots"]]
    return pedigree | {
        "roots": [
            row.slug if row else root for row, root in zip(rows, pedigree["roots"], strict=True)
        ]
    }


def _print_of(planned: Planned) -> dict[str, Any]:
    """How a work is printed: as large as it was there, where that is possible here."""
    payload: dict[str, Any] = {"purpose": "master", "imported": True}
    if not planned.row.is_music:
        edge = planned.work.edge
        payload["size"] = (
            min(edge, settings.MAX_PRINT_SIZE) if edge >= MIN_SIZE else settings.PRINT_SIZE
        )
    return payload


def _gardener_elsewhere() -> User:
    """The closed account in whose name empty places of other gardens stand; made once."""
    found = (
        User.objects.filter(display_name=ELSEWHERE, is_active=False, closed_at__isnull=False)
        .order_by("pk")
        .first()
    )
    if found is None:
        found = User(
            username=f"elsewhere-{secrets.token_hex(6)}",
            display_name=ELSEWHERE,
            is_active=False,
            closed_at=timezone.now(),
        )
        found.set_unusable_password()
        found.save()
    return found
