"""Pages that explain: how to do things, what words mean, and where AI art comes from."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gallery.help.credits import THIRD_PARTY
from gallery.help.glossary import CHAPTERS
from gallery.lineage.licences import RIGHTS
from gallery.models import Species
from gallery.types import Request
from generation.card import files_of
from generation.checkpoints import catalogue

MEGABYTE = 1_000_000


@require_safe
def credits(request: Request) -> HttpResponse:
    """Whose data, weights and sounds the site uses."""
    return render(
        request,
        "gallery/help/credits.html",
        {"species": Species.objects.all(), "borrowed": THIRD_PARTY},
    )


@require_safe
def about(request: Request) -> HttpResponse:
    """What this is and how it works, in plain words."""
    return render(request, "gallery/help/about.html")


@require_safe
def show(request: Request) -> HttpResponse:
    """How to do the most common things, each with a link."""
    return render(request, "gallery/help/help.html")


@require_safe
def glossary(request: Request) -> HttpResponse:
    """Every word of the glossary, each with its own anchor."""
    return render(request, "gallery/help/glossary.html", {"chapters": CHAPTERS})


@require_safe
def about_ai_art(request: Request) -> HttpResponse:
    """Authorship, training data, licences, cost and watermarks.

    What it lists comes from the species' cards and from `gallery.help.credits`.
    """
    species = Species.objects.all()
    context = {
        "species": species,
        "borrowed": THIRD_PARTY,
        "rights": RIGHTS.values(),
        "largest": largest_net(species),
        "has_untrained": any(not files_of(one.card) for one in species),
    }
    return render(request, "gallery/help/about_ai_art.html", context)


def largest_net(species: QuerySet[Species]) -> int:
    """The size of the largest installed net in megabytes, rounded up; 0 without any."""
    installed = catalogue()
    sizes = [sum(installed[one.key].sizes.values()) for one in species if one.key in installed]
    return -(-max(sizes, default=0) // MEGABYTE)
