"""To the door, and back afterwards."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode


def go_to_login(request: HttpRequest, after: str) -> HttpResponse:
    """Send a visitor to log in, and then to the address `after`; htmx is told to load the page."""
    address = f"{reverse('account_login')}?{urlencode({'next': after})}"
    return (
        HttpResponse(headers={"HX-Redirect": address})
        if request.htmx
        else HttpResponseRedirect(address)
    )
