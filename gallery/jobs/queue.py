"""Durable work in line: taking a job out of it, and how many go before."""

from django.db import transaction
from django.utils import timezone

from gallery.core import push
from gallery.core.audit import record
from gallery.jobs import leases
from gallery.models import Job, JobState
from generation.refusal import Refused

MAX_LINE = 5_000  # Beyond this, a place in line is told as just that.


def cancel(user, job: Job) -> None:
    """Take a job out of line, or stop it. The work of a first print is marked as not printed; it
    can be printed again.
    """
    with transaction.atomic():
        found = Job.objects.select_for_update().filter(pk=job.pk).first()
        if found is None or not (
            user.is_authenticated and (user.is_moderator or found.owner_id == user.pk)
        ):
            raise Refused("This job doesn't exist, or it isn't yours.")
        if found.is_over:
            return
        if found.owner_id != user.pk:
            record(user, "cancel job", found, owner=found.owner.username)
        found.give_up("", timezone.now(), state=JobState.CANCELLED)
    push.notify_job_change(job.pk)


def place_in_line(job: Job) -> int:
    """How many turns until this job is taken: 1 is next; 0 for a job that is not in line."""
    if job.state != JobState.QUEUED:
        return 0
    queued = Job.objects.filter(state=JobState.QUEUED).order_by(*leases.IN_LINE)
    rows = list(queued.values_list("owner_id", "created_at", "pk")[:MAX_LINE])
    level = leases.busyness(list({owner for owner, _, _ in rows}), timezone.now())
    turns = {}
    for owner, created_at, pk in rows:
        # Each job that goes before makes its owner one busier.
        turns[pk] = (level.get(owner, 0), created_at, pk)
        level[owner] = level.get(owner, 0) + 1
    mine = turns.get(job.pk)
    return 1 + (sum(turn < mine for turn in turns.values()) if mine else MAX_LINE)
