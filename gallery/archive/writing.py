"""Writing planned works into the database: rows, lineage, tags, search, and queued prints."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone

from gallery.archive.plan import EXTERNAL_AUTHOR, Parents, Plan, PlannedWork
from gallery.discovery.search import index_all
from gallery.discovery.tags import tag_new_works
from gallery.lineage.references import rename_work
from gallery.models import Artwork, Descent, Job, JobKind, LineageEdge, State, User
from gallery.models.terms import GONE
from generation.engine.frames import MIN_SIZE


def write_works(owner: User, chunk: Sequence[PlannedWork], plan: Plan) -> int:
    """Write the rows of some planned works and queue their prints; how many were written.

    Works that another import has written since the plan was made are used as they are.
    """
    existing = _existing_works(owner, chunk)
    fresh = []
    for planned in chunk:
        if known := existing.get(planned.work.genome.identity):
            planned.row.pk, planned.row.slug = known
        else:
            fresh.append(planned)
    _write_placeholders(fresh)
    now = timezone.now()
    for planned in fresh:
        row = planned.row
        row.genome, row.pedigree = planned.work.genome.to_json(), _local_pedigree(planned, plan)
        # Walls, feeds and rankings go by when a work came to this site, whatever the archive says.
        row.published_at = now
        row.made_elsewhere_at = min(row.made_elsewhere_at, now) if row.made_elsewhere_at else None
    Artwork.objects.bulk_create([planned.row for planned in fresh])
    LineageEdge.objects.bulk_create(
        edge for planned in fresh for edge in _edges(owner, planned.row, planned.parents)
    )
    tag_new_works([(planned.row, planned.tags) for planned in fresh])
    index_all(Artwork.objects.filter(pk__in=[planned.row.pk for planned in fresh]))
    Job.objects.bulk_create(
        Job(kind=JobKind.PRINT, owner=owner, artwork=planned.row, payload=_print_payload(planned))
        for planned in fresh
    )
    for planned in fresh:
        planned.row.genome = {}  # It is written; this frees the memory.
    return len(fresh)


def _existing_works(owner: User, chunk: Sequence[PlannedWork]) -> dict[str, tuple[int, str]]:
    """Identity of a genome -> id and slug of the person's work with it."""
    identities = [planned.work.genome.identity for planned in chunk]
    rows = Artwork.objects.filter(author=owner, genome_identity__in=identities).exclude(
        state__in=GONE
    )
    return {
        identity: (pk, slug)
        for identity, pk, slug in rows.values_list("genome_identity", "pk", "slug")
    }


def _write_placeholders(chunk: Sequence[PlannedWork]) -> None:
    """Write the placeholders of parents from other sites that these works need."""
    missing = {
        parent.slug: parent
        for planned in chunk
        for parent, _ in planned.parents
        if parent.state == State.REMOVED and parent._state.adding
    }
    if missing:
        author = _external_author()
        for placeholder in missing.values():
            placeholder.author = author
        Artwork.objects.bulk_create(missing.values())


def _edges(owner: User, row: Artwork, parents: Parents) -> list[LineageEdge]:
    """The edges from a work to its parents, not saved yet.

    The licence in the archive counts for placeholders and for one's own works; other works here
    have their own.
    """
    edges: dict[int, LineageEdge] = {}
    for parent, archived in parents:  # Two parents may be the same work on this site.
        is_archived = parent.state == State.REMOVED or parent.author_id == owner.pk
        edge = edges.setdefault(
            parent.pk, LineageEdge(parent_id=parent.pk, child=row, share=0.0, kind=archived.kind)
        )
        edge.share += archived.share
        edge.licence = archived.licence if is_archived and archived.licence else parent.licence
        if archived.kind == Descent.BRED:
            edge.kind = Descent.BRED
    return list(edges.values())


def _local_pedigree(planned: PlannedWork, plan: Plan) -> dict[str, Any]:
    """The pedigree with the slugs that its roots have on this site."""
    pedigree = planned.work.pedigree
    if "roots" not in pedigree:
        return pedigree
    rows = plan.rows | {archived.ref: row for row, archived in planned.parents}
    names = {ref: row.slug for ref, row in rows.items()}
    return pedigree | {"roots": [rename_work(root, names) or root for root in pedigree["roots"]]}


def _print_payload(planned: PlannedWork) -> dict[str, Any]:
    """The payload of a work's print job: the size it had there, within this site's limits."""
    payload: dict[str, Any] = {"purpose": "master", "imported": True}
    if not planned.row.is_music:
        edge = planned.work.edge
        payload["size"] = (
            min(edge, settings.MAX_PRINT_SIZE) if edge >= MIN_SIZE else settings.PRINT_SIZE
        )
    return payload


def _external_author() -> User:
    """The closed account that placeholders of works on other sites belong to; created once."""
    found = (
        User.objects.filter(display_name=EXTERNAL_AUTHOR, is_active=False, closed_at__isnull=False)
        .order_by("pk")
        .first()
    )
    if found is None:
        found = User(
            username=f"elsewhere-{secrets.token_hex(6)}",
            display_name=EXTERNAL_AUTHOR,
            is_active=False,
            closed_at=timezone.now(),
        )
        found.set_unusable_password()
        found.save()
    return found
