"""Whole addresses, for what is read outside of our pages: other sites, feeds, codes, letters."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from gallery.models import Artwork


def absolute_url(request: HttpRequest, path: str) -> str:
    """The path with the site's address before it: ARBORETUM_ORIGIN where it is set, else the one
    that was asked.
    """
    return (
        settings.ORIGIN.rstrip("/") + path if settings.ORIGIN else request.build_absolute_uri(path)
    )


def redirect_to_login(request: HttpRequest, after: str) -> HttpResponse:
    """Send a visitor to log in, and then to the address `after`; htmx is told to load the page."""
    address = f"{reverse('account_login')}?{urlencode({'next': after})}"
    return (
        HttpResponse(headers={"HX-Redirect": address})
        if request.htmx
        else HttpResponseRedirect(address)
    )


def find_work(request: HttpRequest, slug: str) -> Artwork:
    """The work, if this person may open it; else 404, as if it did not exist."""
    works = Artwork.objects.visible_to(request.user).select_related("author", "species")
    try:
        return works.get(slug=slug)
    except Artwork.DoesNotExist:
        raise Http404(gettext("This work doesn't exist, or its maker keeps it private.")) from None


def hx_redirect(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect; htmx would follow an ordinary one inside its fragment."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)
