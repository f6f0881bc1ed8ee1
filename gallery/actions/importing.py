"""Bringing the works of an account from another garden: the same genomes and lineage, printed anew here.

A parent that is not in the archive is looked for here by its genome; else an empty place stands for it, as for a work that
its maker removed, in the name of one closed account for all gardens elsewhere.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from gallery import job_bell
from gallery.account_archive import ArchivedParent, ArchivedWork, read_archive
from gallery.actions.printing import Print, delete_files
from gallery.actions.standing import check_may_act
from gallery.actions.tagging import read_tags, set_tags
from gallery.actions.tending import recount_children
from gallery.actions.wording import check_words
from gallery.licences import Bond, bonds_of_parents, check_terms
from gallery.models import Artwork, Generator, Job, JobKind, JobState, Licence, LineageEdge, State, User, Visibility
from gallery.search import index_words
from generation.checkpoints import find
from generation.frames import MIN_SIZE
from generation.refusal import Refused

LARGEST_ZIP = 20_000_000  # Bytes of an upload; larger ones come by `manage.py import_account`.
ELSEWHERE = "A gardener of another garden"
FOREIGN = "A work of another garden"
FOLDER = "imports"
MAX_TOLD = 500


@dataclass
class Report:
    """What came of an import. problems: title of a work, the refusal's template and its values, told in any language later."""

    planted: int = 0
    known: int = 0
    problems: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """What a job keeps of it."""
        return {
            "planted": self.planted, "known": self.known, "refused": len(self.problems),
            "problems": [[title, template, _plain(values)] for title, template, values in self.problems[:MAX_TOLD]],
        }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | float) else str(value) for name, value in values.items()}


def request_import(user, data: bytes) -> Job:
    """Check an archive as it was uploaded, keep it, and put its import in line.

    Raises Refused for what is no whole archive, is too large, and while another import of the person waits.
    """
    check_may_act(user)
    if len(data) > LARGEST_ZIP:
        raise Refused(
            "This file is larger than {most} MB. Export the account without its files, or ask an operator to run "
            "`manage.py import_account`.", most=LARGEST_ZIP // 10**6,
        )
    read_archive(data)
    with transaction.atomic():
        owner = User.objects.select_for_update().get(pk=user.pk)
        open_jobs = Job.objects.filter(owner=owner, kind=JobKind.IMPORT, state__in=[JobState.QUEUED, JobState.RUNNING])
        if open_jobs.exists():
            raise Refused("Another import of yours is still running. Wait until it is done.")
        name = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}.zip", ContentFile(data))
        job = Job.objects.create(kind=JobKind.IMPORT, owner=owner, payload={"file": name})
    transaction.on_commit(job_bell.work_waits.set)
    return job


def make_import(job: Job, *, keep: Callable[[float], bool]) -> Print | None:
    """Plant the works of the job's archive. The report lies in the job's payload afterwards; None when it was stopped."""
    name = job.payload.get("file", "")
    try:
        with default_storage.open(name, "rb") as stored:
            works = read_archive(stored.read())
    except FileNotFoundError as error:
        raise Refused("The uploaded file is gone. Upload it again.") from error
    if not keep(0.3):
        return None
    with transaction.atomic():
        # Behind the fence of the lease: a runner that was given up for dead plants nothing.
        mine = Job.objects.select_for_update().filter(pk=job.pk, token=job.token, state=JobState.RUNNING).first()
        if mine is None:
            return None
        report = import_works(job.owner, works)
        mine.payload = {"report": report.to_json()}
        mine.save(update_fields=["payload"])
    delete_files([name])
    return Print("")


def import_works(user, works: Sequence[ArchivedWork]) -> Report:
    """Plant the works of an archive as this person's, in one transaction, each with a print in line.

    A work that the person has already is only counted, so importing twice doubles nothing; one that cannot be planted here
    (its species is missing, a word or a licence is not allowed) is told in the report, and the others come without it.
    """
    check_may_act(user)
    with transaction.atomic():
        owner = User.objects.select_for_update().get(pk=user.pk)
        planting = _Planting(owner, works)
        for work in works:
            planting.plant(work)
        recount_children(planting.parents.values())
    transaction.on_commit(job_bell.work_waits.set)
    return planting.report


class _Planting:
    """One import on its way: which works of the archive stand here under which row."""

    def __init__(self, owner: User, works: Sequence[ArchivedWork]) -> None:
        self.owner = owner
        self.report = Report()
        self.rows: dict[str, Artwork] = {}  # By the address in the other garden.
        self.parents: dict[int, Artwork] = {}
        self._stubs: dict[str, Artwork] = {}
        self._elsewhere: User | None = None
        wanted = {work.genome.identity for work in works}
        wanted |= {parent.identity for work in works for parent in work.parents if parent.identity}
        self._mine, self._others = _known(owner, wanted)
        self._available = set(Generator.objects.filter(is_available=True).values_list("key", flat=True))

    def plant(self, work: ArchivedWork) -> None:
        """Plant one work, count it as known, or tell why not."""
        if known := self._mine.get(work.genome.identity):
            self.rows[work.slug] = known
            self.report.known += 1
            return
        before = dict(self._stubs), self._elsewhere
        try:
            with transaction.atomic():  # A refused work takes the empty places of its parents with it.
                self._check(work)
                parents = [(self._parent(parent), parent) for parent in work.parents]
                self._check_terms(work, parents)
                self._write(work, parents)
        except Refused as refused:
            self._stubs, self._elsewhere = before
            self.report.problems.append((work.title, refused.template, refused.values))

    def _check(self, work: ArchivedWork) -> None:
        if work.genome.generator not in self._available:
            raise Refused("The species “{key}” is not available in this garden.", key=work.genome.generator[:60])
        find(work.genome.generator, digest=work.genome.digest)
        check_words(work.title, work.description, work.alt_text, *work.tags)
        read_tags(work.tags)

    def _check_terms(self, work: ArchivedWork, parents: Sequence[tuple[Artwork, ArchivedParent]]) -> None:
        """The licences of the parents bind the child here as they did there.

        Of a parent that stands here its own licence counts, whatever the archive says of it.
        """
        here = [row for row, _ in parents if row.state != State.REMOVED]
        elsewhere = [
            Bond(told.title, told.maker, frozenset({Licence(told.licence or Licence.RESERVED)}))
            for row, told in parents if row.state == State.REMOVED
        ]
        check_terms(
            [*bonds_of_parents(here, author=self.owner), *elsewhere], licence=work.licence, visibility=work.visibility
        )

    def _parent(self, told: ArchivedParent) -> Artwork:
        if row := self.rows.get(told.ref) or self._mine.get(told.identity) or self._others.get(told.identity):
            return row
        key = told.identity or told.ref
        if key not in self._stubs or not told.identity:
            self._stubs[key] = self._make_stub(told)
        return self._stubs[key]

    def _make_stub(self, told: ArchivedParent) -> Artwork:
        """The empty place of a parent elsewhere. Who made it stays known with it, as attribution asks for."""
        if told.identity and (known := Artwork.objects.filter(
            state=State.REMOVED, title=FOREIGN, genome_identity=told.identity, author__display_name=ELSEWHERE
        ).first()):
            return known
        self._elsewhere = self._elsewhere or _gardener_elsewhere()
        return Artwork.objects.create(
            author=self._elsewhere, generator_id=next(iter(sorted(self._available))), title=FOREIGN, state=State.REMOVED,
            licence=told.licence or Licence.RESERVED, may_be_bred=False, may_train=False,
            # One that was public there earns its maker, whom nobody knows here, their part of the credit.
            visibility=Visibility.PUBLIC if told.title else Visibility.PRIVATE, genome={}, genome_identity=told.identity[:64],
            pedigree={"elsewhere": {"title": told.title, "maker": told.maker, "address": told.address}},
        )

    def _write(self, work: ArchivedWork, parents: Sequence[tuple[Artwork, ArchivedParent]]) -> None:
        now = timezone.now()
        deepest = max((row.depth + 1 for row, _ in parents), default=0)
        row = Artwork.objects.create(
            author=self.owner, generator_id=work.genome.generator, title=work.title, description=work.description,
            alt_text=work.alt_text, licence=work.licence, visibility=work.visibility, may_be_bred=work.may_be_bred,
            may_train=work.may_train, genome=work.genome.to_json(), genome_identity=work.genome.identity,
            pedigree=self._renamed(work.pedigree, parents), novelty=work.novelty, depth=max(work.depth, deepest),
            published_at=min(work.published_at, now) if work.published_at else None,
        )
        shares: dict[int, tuple[float, str]] = {}
        for parent, told in parents:  # Two parents may be one and the same work here.
            is_told = parent.state == State.REMOVED or parent.author_id == self.owner.pk
            licence = told.licence if is_told and told.licence else parent.licence
            shares[parent.pk] = (shares.get(parent.pk, (0.0, ""))[0] + told.share, licence)
            self.parents[parent.pk] = parent
        LineageEdge.objects.bulk_create(
            LineageEdge(parent_id=pk, child=row, share=share, licence=licence) for pk, (share, licence) in shares.items()
        )
        set_tags(row, work.tags)
        index_words(row)
        payload: dict[str, Any] = {"purpose": "master", "imported": True}
        if not row.is_music:
            payload["size"] = min(work.edge, settings.MAX_PRINT_SIZE) if work.edge >= MIN_SIZE else settings.PRINT_SIZE
        Job.objects.create(kind=JobKind.PRINT, owner=self.owner, artwork=row, payload=payload)
        self.rows[work.slug] = self._mine[work.genome.identity] = row
        self.report.planted += 1

    def _renamed(self, pedigree: dict[str, Any], parents: Sequence[tuple[Artwork, ArchivedParent]]) -> dict[str, Any]:
        """The pedigree with the addresses that its roots have here."""
        if "roots" not in pedigree:
            return pedigree
        names = {told.ref: row.slug for row, told in parents} | {slug: row.slug for slug, row in self.rows.items()}
        return pedigree | {"roots": [names.get(root, root) for root in pedigree["roots"]]}


def _known(owner: User, identities: set[str]) -> tuple[dict[str, Artwork], dict[str, Artwork]]:
    """The person's own works of these genomes, and other people's on walls, by identity; of several the oldest."""
    mine: dict[str, Artwork] = {}
    others: dict[str, Artwork] = {}
    wanted = sorted(identities)
    for start in range(0, len(wanted), 500):  # SQLite binds a limited number of values.
        piece = Artwork.objects.filter(genome_identity__in=wanted[start : start + 500]).order_by("-pk")
        piece = piece.select_related("generator")
        for work in piece.filter(author=owner).exclude(state=State.REMOVED):
            mine[work.genome_identity] = work
        for work in piece.filter(pk__in=Artwork.objects.listed().values("pk")).exclude(author=owner):
            others[work.genome_identity] = work
    return mine, others


def _gardener_elsewhere() -> User:
    """The closed account in whose name empty places of other gardens stand; made once."""
    found = User.objects.filter(display_name=ELSEWHERE, is_active=False, closed_at__isnull=False).order_by("pk").first()
    if found is None:
        found = User(
            username=f"elsewhere-{secrets.token_hex(6)}", display_name=ELSEWHERE, is_active=False, closed_at=timezone.now()
        )
        found.set_unusable_password()
        found.save()
    return found
