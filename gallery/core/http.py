"""Whole addresses, for what is read outside of our pages: other sites, feeds, codes, letters."""

from django.conf import settings
from django.http import HttpRequest


def whole(request: HttpRequest, path: str) -> str:
    """The path with the site's address before it: ARBORETUM_ORIGIN where it is set, else the one
    that was asked.
    """
    return (
        settings.ORIGIN.rstrip("/") + path if settings.ORIGIN else request.build_absolute_uri(path)
    )
