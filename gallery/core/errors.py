"""The error pages: not found, forbidden, and an error of ours."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext

logger = logging.getLogger(__name__)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404. Shows the reason only if a view of ours gave one; Django's own are for programmers."""
    words = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    sentence = (
        "" if words.startswith("No ") and words.endswith("matches the given query.") else words
    )
    return render(request, "gallery/core/not_found.html", {"sentence": sentence}, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the reason."""
    return render(request, "gallery/core/forbidden.html", {"sentence": str(exception)}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. The template uses no request, database or session, since any of them may be broken.

    If the page cannot be rendered either (static files never collected, say), plain text is sent.
    """
    try:
        page = render_to_string("500.html", {"garden_name": settings.GARDEN_NAME})
    except Exception:
        logger.exception("The page of error 500 could not be drawn; run `manage.py collectstatic`.")
        return HttpResponse(
            gettext("Something broke on our side. Please try again in a minute."), "text/plain", 500
        )
    return HttpResponse(page, status=500)
