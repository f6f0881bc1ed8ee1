"""The pages of the species: all of them, one with what it learnt and how well, and the sheets that
come with it.
"""

import secrets
from functools import reduce
from operator import or_

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gallery.core.file_response import WEEK
from gallery.discovery.views import show_wall
from gallery.models import Artwork, Medium, Species
from gallery.species.figures import tell_figures
from gallery.species.sheets import find_file, read_sheet, stages
from generation.checkpoints import catalogue, versions

NEWEST = 4


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every species, each with a strip of fresh seeds and a few of its newest works."""
    species = sorted(
        Species.objects.all(),
        key=lambda kind: (not kind.is_available, kind.medium != Medium.PICTURE),
    )
    newest = [
        Artwork.objects.listed().filter(species=kind).values("pk")[:NEWEST] for kind in species
    ]
    chosen = reduce(or_, (Q(pk__in=pks) for pks in newest), Q(pk__in=[]))
    works = list(Artwork.objects.listed().filter(chosen).for_cards())
    for kind in species:
        kind.newest = [work for work in works if work.species_id == kind.pk]
        kind.sheet = read_sheet(catalogue().get(kind.key), "samples.png")
    return render(request, "gallery/species/overview.html", {"species": species})


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One species: what it is, what it learnt from and how, its measured figures, and its works."""
    species = get_object_or_404(Species, key=key)
    checkpoint = catalogue().get(key)
    learning = read_sheet(checkpoint, "learning.png")
    context = {
        "species": species,
        "seeds": [f"seed:{species.key}:{secrets.randbelow(10**6)}" for _ in range(2)],
        "samples": read_sheet(checkpoint, "samples.png"),
        "learning": learning,
        "stages": stages(learning, species.card) if learning else [],
        "figures": tell_figures(species.card),
        "versions": versions(key),
    }
    return show_wall(
        request,
        "gallery/species/species.html",
        Artwork.objects.listed().filter(species=species),
        context,
    )


@require_safe
def file(request: HttpRequest, key: str, mark: str, name: str) -> HttpResponse:
    """A sheet of a species, to be kept for good; an address with the mark of an older one leads to
    the one there is now.
    """
    checkpoint = catalogue().get(key)
    sheet = read_sheet(checkpoint, name)
    if sheet is None:
        raise Http404(gettext("This species has no such sheet."))
    if sheet.url != request.path:
        return redirect(sheet.url)
    response = HttpResponse(find_file(checkpoint, name).read_bytes(), content_type="image/png")
    response["Cache-Control"] = f"public, max-age={WEEK}, immutable"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
