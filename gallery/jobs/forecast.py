"""How long a print will still take, from its own progress and from the last prints of its kind."""

from datetime import timedelta

from django.core.cache import cache
from django.db.models import Avg, F
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from gallery.jobs.queue import queue_position
from gallery.models import Artwork, Job, JobKind, JobState

SAMPLE = 8  # Prints that the usual time is the mean of.
KEPT_S = 60  # How long that mean is kept, because every page that waits asks for it.
SURE = 0.15  # From this progress on, the print's own pace says more than those before it.
STEP_S = 5


def usual_seconds(artwork: Artwork, *, size: int = 0, is_solid: bool = False) -> float | None:
    """How long prints of this species and size, or 3D models, took lately; None without any."""
    key = f"print-seconds:{artwork.species_id}:{'solid' if is_solid else size}"
    found = cache.get(key)
    if found is None:
        found = _mean_seconds(artwork.species_id, size, is_solid) or 0.0
        cache.set(key, found, timeout=KEPT_S)
    return found or None


def _mean_seconds(species: str, size: int, is_solid: bool) -> float | None:
    done = Job.objects.filter(
        kind=JobKind.PRINT,
        state=JobState.DONE,
        artwork__species=species,
        started_at__isnull=False,
        finished_at__isnull=False,
    )
    if size:
        done = done.filter(payload__size=size)
    if is_solid:
        done = done.filter(payload__purpose="solid")
    last = done.order_by("-finished_at").values("pk")[:SAMPLE]
    took = Job.objects.filter(pk__in=list(last.values_list("pk", flat=True))).aggregate(
        mean=Avg(F("finished_at") - F("started_at"))
    )["mean"]
    return took.total_seconds() if isinstance(took, timedelta) else None


def seconds_left(job: Job) -> float | None:
    """How long until a print is done; None where nothing is known yet, and for what is over.

    Those that wait before it are taken to need as long as this one.
    """
    if job.is_over or job.artwork is None:
        return None
    is_running = job.state == JobState.RUNNING and job.started_at is not None
    elapsed = (timezone.now() - job.started_at).total_seconds() if job.started_at else 0.0
    if is_running and job.progress >= SURE:
        return elapsed * (1 - job.progress) / job.progress
    size = job.payload.get("size", 0)
    usual = usual_seconds(job.artwork, size=size, is_solid=job.is_for_solid)
    if usual is None:
        return None
    if is_running:
        return max(1.0, usual - elapsed)
    return usual * max(1, queue_position(job))


def about(seconds: float) -> str:
    """A duration in round words: "about 20 s", "about 3 min"."""
    if seconds < 60 - STEP_S / 2:
        whole = max(STEP_S, STEP_S * round(seconds / STEP_S))
        return gettext("about {n} s").format(n=whole)
    minutes = max(1, round(seconds / 60))
    return ngettext("about {n} min", "about {n} min", minutes).format(n=minutes)


def time_left(job: Job) -> str:
    """How long a print will still take, in round words; "" where nothing is known yet."""
    left = seconds_left(job)
    return "" if left is None else gettext("{duration} left").format(duration=about(left))
