"""The pages of the species: all of them, one of them, and the sheets of a learnt one."""

from functools import reduce
from operator import or_

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gallery.core.files import WEEK
from gallery.discovery.views import show_wall
from gallery.models import Artwork, Medium, Species
from gallery.species.figures import describe_figures
from gallery.species.sheets import find_file, learning_stages, read_sheet
from gallery.species.worded import words_form
from gallery.types import Request
from generation.card import terms_of
from generation.checkpoints import current, versions
from generation.genespaces.pictures import STORED

NEWEST = 4


@require_safe
def overview(request: Request) -> HttpResponse:
    """Every species, each with a strip of new founders and a few of its newest works."""
    species = sorted(
        Species.objects.all(), key=lambda one: (not one.is_available, one.medium != Medium.PICTURE)
    )
    newest = [Artwork.objects.listed().filter(species=one).values("pk")[:NEWEST] for one in species]
    chosen = reduce(or_, (Q(pk__in=pks) for pks in newest), Q(pk__in=[]))
    works = list(Artwork.objects.listed().filter(chosen).for_cards())
    for one in species:
        one.newest = [work for work in works if work.species_id == one.pk]
        one.sheet = read_sheet(current(one.key), "samples.png")
    return render(request, "gallery/species/overview.html", {"species": species})


@require_safe
def show(request: Request, key: str) -> HttpResponse:
    """One species: what it is, what it learnt from and how, its measured figures, and its works."""
    species = get_object_or_404(Species, key=key)
    checkpoint = current(key)
    learning = read_sheet(checkpoint, "learning.png")
    sizes = checkpoint.sizes if checkpoint else {}
    context = {
        "species": species,
        "words": words_form(species.key),
        "has_genes": species.card.get("architecture") not in STORED,
        "samples": read_sheet(checkpoint, "samples.png"),
        "learning": learning,
        "stages": learning_stages(learning, species.card) if learning else [],
        "figures": describe_figures(species.card),
        "versions": versions(key),
        "terms": terms_of(species.card),
        "files": sorted(sizes.items()),
        "total_size": sum(sizes.values()),
    }
    return show_wall(
        request,
        "gallery/species/species.html",
        Artwork.objects.listed().filter(species=species),
        context,
    )


@require_safe
def file(request: Request, key: str, digest: str, name: str) -> HttpResponse:
    """A sheet of a species, to be cached forever; an old digest redirects to the present one."""
    checkpoint = current(key)
    sheet, path = read_sheet(checkpoint, name), find_file(checkpoint, name)
    if sheet is None or path is None:
        raise Http404(gettext("This species has no such sheet."))
    if sheet.url != request.path:
        return redirect(sheet.url)
    response = HttpResponse(path.read_bytes(), content_type="image/png")
    response["Cache-Control"] = f"public, max-age={WEEK}, immutable"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
