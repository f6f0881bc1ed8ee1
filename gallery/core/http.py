"""Small helpers of views: absolute addresses, redirects that work with htmx, finding a work."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.urls.converters import StringConverter
from django.utils.http import urlencode
from django.utils.translation import gettext

from gallery.models import Artwork
from gallery.types import Request


class TagConverter(StringConverter):
    """`<tag:slug>` in an address: a word of people in any script, with + and #, without slashes.

    Such characters are percent-encoded in links, as Django and browsers do by themselves.
    """

    regex = "[^/]{1,200}"


def absolute_url(request: HttpRequest, path: str) -> str:
    """The absolute address of a path: under ORIGIN if it is set, else under the request's host."""
    return (
        settings.ORIGIN.rstrip("/") + path if settings.ORIGIN else request.build_absolute_uri(path)
    )


def redirect_to_login(request: Request, after: str) -> HttpResponse:
    """Redirect a visitor to the login page, and afterwards to the address `after`."""
    address = f"{reverse('account_login')}?{urlencode({'next': after})}"
    return (
        HttpResponse(headers={"HX-Redirect": address})
        if request.htmx
        else HttpResponseRedirect(address)
    )


def find_work(request: HttpRequest, slug: str) -> Artwork:
    """The work, if this person may open it; otherwise 404, as if it did not exist."""
    works = Artwork.objects.visible_to(request.user).select_related("author", "species")
    try:
        return works.get(slug=slug)
    except Artwork.DoesNotExist:
        raise Http404(gettext("This work doesn't exist, or its maker keeps it private.")) from None


def hx_redirect(request: Request, address: str) -> HttpResponse:
    """A redirect that also works for htmx, which would load an ordinary one into its fragment."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)
