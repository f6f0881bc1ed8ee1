"""What a browser needs to turn a work that is a body."""

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gallery.core.http import find_work
from gallery.core.permissions import check_of_age
from gallery.sharing import downloads
from gallery.types import Request
from generation.genespaces.sculptures.uniforms import uniforms_of

DIGITS = 8  # A float32 has no more.


@require_safe
def numbers(request: Request, slug: str) -> HttpResponse:
    """The numbers of a sculpture, from which a shader draws it from any side.

    They tell as much as the genome does, so they are for whoever may download the work: with all
    rights reserved, its maker and moderators.
    """
    artwork = find_work(request, slug)
    if artwork.is_for_adults:
        check_of_age(request.user, artwork.title)
    if not downloads.has_solid(artwork) or not downloads.may_download(artwork, request.user):
        raise Http404(gettext("There is no 3D model of this work."))
    found = uniforms_of(artwork.read_genome().genes)
    response = JsonResponse({"numbers": [float(f"{value:.{DIGITS}g}") for value in found]})
    response["Cache-Control"] = "private, no-cache"
    return response
