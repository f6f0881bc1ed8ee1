"""A public work on other sites: the page for an <iframe>, and the oEmbed response."""

from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from gallery.core.http import absolute_url
from gallery.lineage.licences import rights
from gallery.models import Artwork
from gallery.sharing import oembed
from gallery.types import Request
from generation.refusal import Refused

FOR_ALL = {"Access-Control-Allow-Origin": "*", "Cache-Control": f"public, max-age={oembed.CACHE_S}"}


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # Its type knows no arguments.
def frame(request: Request, slug: str) -> HttpResponseBase:
    """A public work with its maker, licence and a link: the only page that others may embed."""
    works = Artwork.objects.listed().select_related("author", "species").exclude(master="")
    artwork = works.filter(slug=slug).first()
    context: dict[str, Any] = {"artwork": artwork}
    if artwork is not None:
        picture = "" if artwork.is_music else oembed.page_picture(artwork)[0]
        address = absolute_url(request, artwork.get_absolute_url())
        context |= {"rights": rights(artwork.licence), "picture": picture, "address": address}
    response = render(
        request, "gallery/sharing/embed.html", context, status=200 if artwork else 404
    )
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def answer(request: Request) -> HttpResponse:
    """The oEmbed response to `/oembed/?url=...&format=json`.

    404 for anything but a public work of this site, 501 for other formats than JSON.
    """
    if request.GET.get("format", "json") != "json":
        return HttpResponse(gettext("Only format=json is supported."), "text/plain", 501)
    base = absolute_url(request, "/").rstrip("/")
    hosts = {request.get_host().lower(), base.partition("://")[2].lower()}
    try:
        max_width, max_height = (
            oembed.read_limit(request.GET.get(name, "")) for name in ("maxwidth", "maxheight")
        )
    except Refused as refused:
        return JsonResponse({"error": refused.sentence}, status=400)
    work = oembed.find_work(request.GET.get("url", ""), hosts=hosts)
    if work is None:
        raise Http404(gettext("This is not the address of a public work on this site."))
    return JsonResponse(
        oembed.describe(work, base, max_width=max_width, max_height=max_height), headers=FOR_ALL
    )
