"""Developing a brood of a slow species: starting it, how far it is, and its pictures."""

import json
import uuid
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from gallery.artworks.developing import (
    Bed,
    developed_children,
    enqueue_development,
    read_developed,
)
from gallery.bench.protocol import MAX_TEXT
from gallery.core.permissions import check_may_act
from gallery.jobs.progress import find_job, progress_payload
from gallery.models import Job, JobKind
from gallery.types import Request
from generation.genome import MAX_PARENTS
from generation.refusal import Refused


@require_POST
def start(request: Request) -> JsonResponse:
    """Queue a brood. The form holds `bed`: JSON of {"parents", "chosen", "recipe"}.

    A refusal comes as {"error"} with status 400, or 429 where waiting helps.
    """
    try:
        person = check_may_act(request.user)
        job = enqueue_development(person, _read_bed(request.POST.get("bed", "")))
    except Refused as refused:
        status = 429 if refused.retry_after else 400
        return JsonResponse({"error": refused.sentence}, status=status)
    return JsonResponse(_payload(job))


def _read_bed(text: str) -> Bed:
    wrong = Refused("The form did not say what to develop. Go back to the bench and try again.")
    try:
        data = json.loads(text[:MAX_TEXT])
        chosen = data["chosen"]
        is_sound = isinstance(chosen, list) and 1 <= len(chosen) <= MAX_PARENTS
        if not is_sound or not all(type(position) is int for position in chosen):
            raise wrong
        bed = Bed.from_json(data)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise wrong from None
    positions = len(bed.pedigree.roots) + len(bed.pedigree.steps)
    if not all(0 <= position < positions for position in chosen):
        raise wrong
    return bed


@require_GET
def show(request: Request, id: uuid.UUID) -> JsonResponse:
    """How far a brood is: the payload of a job, and its children."""
    return JsonResponse(_payload(_find(request, id)))


@require_GET
def picture(request: Request, id: uuid.UUID, number: int) -> HttpResponse:
    """The small picture of a developed child."""
    try:
        content = read_developed(_find(request, id), number)
    except LookupError:
        raise Http404(gettext("This picture is no longer kept. Develop the brood again.")) from None
    response = HttpResponse(content, content_type="image/webp")
    response["Cache-Control"] = "private, max-age=86400"
    return response


def _find(request: Request, id: uuid.UUID) -> Job:
    job = find_job(request.user, id)
    if job is None or job.kind != JobKind.DEVELOP:
        raise Http404(gettext("This job doesn't exist, or it isn't yours."))
    return job


def _payload(job: Job) -> dict[str, Any]:
    """id, what `progress_payload` says, recipes, and for each child {"url", "why"} once painted."""
    pictures = [
        {
            "url": reverse("bench_developed", args=[job.pk, number]) if child.is_shown else "",
            "why": child.why,
        }
        for number, child in enumerate(developed_children(job))
        if child.is_done
    ]
    return progress_payload(job) | {
        "id": str(job.pk),
        "children": [child.to_json() for child in Bed.from_json(job.payload).children()],
        "pictures": pictures,
        "cancel": reverse("job_cancel", args=[job.pk]),
    }
