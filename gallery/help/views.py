"""Pages that explain: how to do things, what words mean, and where AI art comes from."""

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gallery.help.credits import BORROWED
from gallery.help.glossary import CHAPTERS
from gallery.lineage.licences import RIGHTS
from gallery.models import Species
from generation.checkpoints import catalogue


@require_safe
def credits(request: HttpRequest) -> HttpResponse:
    """Who and what the garden stands on."""
    return render(
        request,
        "gallery/help/credits.html",
        {"species": Species.objects.all(), "borrowed": BORROWED},
    )


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this is and how it works, in plain words."""
    return render(request, "gallery/help/about.html")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For load balancers: the process answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


MEGABYTE = 1_000_000


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """How to do the commonest things, each with a link."""
    return render(request, "gallery/help/help.html")


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Every house word, with an anchor of its own."""
    return render(request, "gallery/help/glossary.html", {"chapters": CHAPTERS})


@require_safe
def about_ai_art(request: HttpRequest) -> HttpResponse:
    """Authorship, training data, licences, cost and marks. What it lists comes from the cards and
    from gallery.borrowed.
    """
    species = Species.objects.all()
    context = {
        "species": species,
        "borrowed": BORROWED,
        "rights": RIGHTS.values(),
        "largest": largest_net(species),
        "has_untrained": any(not kind.card.get("weights_sha256") for kind in species),
    }
    return render(request, "gallery/help/about_ai_art.html", context)


def largest_net(species: QuerySet[Species]) -> int:
    """The weights of the largest installed net, in whole megabytes, rounded up; 0 where none is
    installed.
    """
    installed = catalogue()
    files = [
        installed[kind.key].folder / "weights.safetensors"
        for kind in species
        if kind.key in installed
    ]
    sizes = [path.stat().st_size for path in files if path.is_file()]
    return -(-max(sizes, default=0) // MEGABYTE)
