"""“Engine and jobs”: what the studio is doing, for operators. Its addresses hang in the admin,
behind the staff login.
"""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from gallery import studio
from gallery.models import Job, JobState, Species
from gallery.species.actions import reload_species

SHOWN_JOBS = 20
# The lines in which pictures wait for the engine, by their names in the engine's figures.
LINES = {"live": gettext_lazy("sliders"), "job": gettext_lazy("prints")}


@require_safe
def engine(request: HttpRequest) -> HttpResponse:
    """Lines, batches, times, jobs by state, leases, species; htmx asks for the figures alone every
    few seconds.
    """
    figures = (
        engine_figures() | job_figures() | {"species": Species.objects.defer("card", "description")}
    )
    if request.htmx:
        return render(request, "admin/_engine_figures.html", figures)
    context = {**admin.site.each_context(request), "title": gettext("Engine and jobs"), **figures}
    return render(request, "admin/engine.html", context)


@require_POST
def read_species(request: HttpRequest) -> HttpResponse:
    """Read the checkpoint folders again."""
    found = reload_species(request.user)
    broken = [species.name for species in found if not species.is_available]
    sentence = ngettext("{n} species read.", "{n} species read.", len(found)).format(n=len(found))
    if broken:
        sentence = gettext("{read} Unavailable: {names}.").format(
            read=sentence, names=", ".join(broken)
        )
    messages.add_message(request, messages.WARNING if broken else messages.SUCCESS, sentence)
    return redirect("admin:gallery_engine")


def engine_figures() -> dict[str, Any]:
    """The engine's own counts, of this web process since its start."""
    stats = studio.stats()
    most = max(stats.batches.values(), default=1)
    bars = [
        {"size": size, "count": count, "width": round(100 * count / most, 1)}
        for size, count in stats.batches.items()
    ]
    waiting = [(LINES.get(name, name), count) for name, count in stats.waiting.items()]
    latency = [(LINES.get(name, name), times) for name, times in stats.latency_ms.items()]
    return {
        "stats": stats,
        "waiting": waiting,
        "bars": bars,
        "render": stats.render_ms.items(),
        "latency": latency,
    }


def job_figures() -> dict[str, Any]:
    """Jobs by state, the running ones with their leases, the last failures."""
    counts = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    jobs = Job.objects.select_related("owner", "artwork").only(
        "kind",
        "state",
        "progress",
        "note",
        "error",
        "attempts",
        "lease_until",
        "created_at",
        "finished_at",
        "payload",
        "owner__username",
        "owner__display_name",
        "artwork__title",
        "artwork__slug",
    )
    return {
        "states": [(label, counts.get(value, 0)) for value, label in JobState.choices],
        "running": jobs.filter(state=JobState.RUNNING).order_by("lease_until")[:SHOWN_JOBS],
        "failed": jobs.filter(state=JobState.FAILED).order_by("-finished_at")[:SHOWN_JOBS],
        "oldest": (
            Job.objects.filter(state=JobState.QUEUED).aggregate(Min("created_at"))[
                "created_at__min"
            ]
        ),
        "now": timezone.now(),
    }
