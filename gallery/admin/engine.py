"""Admin pages of the studio: jobs, species, scheduled tasks, and the page “Engine and jobs”."""

import os
from pathlib import Path
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from gallery import studio
from gallery.admin.base import HEAVY, ReadOnlyAdmin, staff_of
from gallery.jobs import queue
from gallery.models import Job, JobState, Medium, Planting, ScheduledTask, Species
from gallery.species.actions import reload_species
from gallery.types import MemberRequest
from generation import safety

SHOWN_JOBS = 20
# Labels of the engine's queues, by their names in its statistics.
QUEUES = {"live": gettext_lazy("sliders"), "job": gettext_lazy("prints")}


@require_safe
def engine(request: MemberRequest) -> HttpResponse:
    """The page “Engine and jobs”; htmx asks for its figures alone every few seconds."""
    figures = (
        engine_figures() | job_figures() | {"species": Species.objects.defer("card", "description")}
    )
    if request.htmx:
        return render(request, "admin/_engine_figures.html", figures)
    context = {**admin.site.each_context(request), "title": gettext("Engine and jobs"), **figures}
    return render(request, "admin/engine.html", context)


@require_POST
def read_species(request: MemberRequest) -> HttpResponse:
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
    """The engine's statistics in this web process since its start: queues, batches, times."""
    stats = studio.stats()
    most = max(stats.batches.values(), default=1)
    bars = [
        {"size": size, "count": count, "width": round(100 * count / most, 1)}
        for size, count in stats.batches.items()
    ]
    waiting = [(QUEUES.get(name, name), count) for name, count in stats.waiting.items()]
    latency = [(QUEUES.get(name, name), times) for name, times in stats.latency_ms.items()]
    residents = stats.residents
    nets = sorted(residents.nets.items(), key=lambda each: -each[1])
    processes = [(gettext("website"), memory_of(os.getpid()))]
    if stats.worker_pid:
        processes.append((gettext("worker"), memory_of(stats.worker_pid)))
    unscored = Species.objects.filter(has_age_gate=True, medium=Medium.PICTURE)
    return {
        "unscored": [] if safety.is_installed() else list(unscored.values_list("name", flat=True)),
        "scorer": safety.PACKAGE,
        "stats": stats,
        "nets": nets,
        "processes": processes,
        "waiting": waiting,
        "bars": bars,
        "render": stats.render_ms.items(),
        "latency": latency,
    }


def memory_of(pid: int) -> int | None:
    """Bytes of memory that a process holds; None where the system does not tell (not Linux)."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def job_figures() -> dict[str, Any]:
    """The numbers of jobs by state, the running ones, the last failures, the oldest queued."""
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


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Jobs; the page “Engine and jobs” shows them live."""

    list_display = [
        "kind",
        "artwork",
        "owner",
        "state",
        "percent",
        "note",
        "attempts",
        "created_at",
        "finished_at",
    ]
    list_filter = ["state", "kind"]
    list_select_related = ["artwork", "owner"]
    search_fields = ["id__exact", "owner__username__exact", "artwork__slug__exact"]
    ordering = ["-created_at"]
    actions = ["cancel"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return super().get_queryset(request).defer(*(f"artwork__{name}" for name in HEAVY))

    def get_urls(self) -> list[URLPattern]:
        page = path("engine/", self.admin_site.admin_view(engine), name="gallery_engine")
        species = path(
            "engine/species/",
            self.admin_site.admin_view(read_species),
            name="gallery_read_species",
        )
        return [page, species, *super().get_urls()]

    @admin.display(description=gettext_lazy("Progress"))
    def percent(self, job: Job) -> str:
        return f"{job.progress:.0%}"

    @admin.action(description=gettext_lazy("Cancel"), permissions=["curate"])
    def cancel(self, request: HttpRequest, chosen: QuerySet[Job]) -> None:
        open_jobs = [job for job in chosen if job.state in (JobState.QUEUED, JobState.RUNNING)]
        for job in open_jobs:
            queue.cancel(staff_of(request), job)
        done = gettext("{cancelled} of {chosen} jobs cancelled; the others had already finished.")
        self.message_user(
            request, done.format(cancelled=len(open_jobs), chosen=len(chosen)), messages.SUCCESS
        )


@admin.register(Species)
class SpeciesAdmin(ReadOnlyAdmin):
    """Species, as their checkpoint folders say; “Engine and jobs” has a button to reload them."""

    list_display = ["name", "key", "medium", "version", "licence", "is_available", "problem"]
    list_filter = ["medium", "is_available"]


@admin.register(Planting)
class PlantingAdmin(ReadOnlyAdmin):
    """The demo gardens, and how far each has grown."""

    list_display = ["seed", "planted", "total", "started_at", "finished_at"]


@admin.register(ScheduledTask)
class ScheduledTaskAdmin(ReadOnlyAdmin):
    """What the site does by itself every few minutes, and when it is due again."""

    list_display = ["__str__"]
