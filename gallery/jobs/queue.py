"""The queue of jobs: cancelling a job, and its position."""

from django.db import transaction
from django.utils import timezone

from gallery.core import push
from gallery.core.audit import record
from gallery.jobs import leases
from gallery.models import Job, JobState
from gallery.types import AnyUser
from generation.refusal import Refused

MAX_POSITION = 5_000  # Jobs beyond it are not sorted; each is shown as one place behind it.


def cancel(user: AnyUser, job: Job) -> None:
    """Take a job out of the queue, or stop it; only its owner and moderators may.

    A work that this job was to publish is marked as not printed; it can be printed again. Raises
    Refused for everybody else.
    """
    with transaction.atomic():
        found = Job.objects.select_for_update().filter(pk=job.pk).first()
        if (
            found is None
            or not user.is_authenticated
            or not (user.is_moderator or found.owner_id == user.pk)
        ):
            raise Refused("This job doesn't exist, or it isn't yours.")
        if found.is_over:
            return
        if found.owner_id != user.pk:
            record(user, "cancel job", found, owner=found.owner.username)
        found.give_up("", timezone.now(), state=JobState.CANCELLED)
    push.notify_job_change(job.pk)


def queue_position(job: Job) -> int:
    """How many turns until this job is claimed: 1 is next; 0 for a job that is not queued."""
    if job.state != JobState.QUEUED:
        return 0
    queued = Job.objects.filter(state=JobState.QUEUED).order_by(*leases.QUEUE_ORDER)
    rows = list(queued.values_list("owner_id", "created_at", "pk")[:MAX_POSITION])
    load = leases.owner_loads(list({owner for owner, _, _ in rows}), timezone.now())
    turns = {}
    for owner, created_at, pk in rows:
        # Each job that goes before adds one to its owner's load.
        turns[pk] = (load.get(owner, 0), created_at, pk)
        load[owner] = load.get(owner, 0) + 1
    mine = turns.get(job.pk)
    return 1 + (sum(turn < mine for turn in turns.values()) if mine else MAX_POSITION)
