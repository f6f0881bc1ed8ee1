"""Each request is answered in its visitor's language, and a refusal anywhere in a page becomes a
page with its sentence.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from gallery.i18n.languages import language_of
from generation.refusal import Refused


class LanguageMiddleware(LocaleMiddleware):
    """Django's, which also knows the language that an account has chosen. It stands behind the
    authentication.
    """

    def process_request(self, request: HttpRequest) -> None:
        translation.activate(language_of(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Files have no language: only pages depend on what the browser asked for."""
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
            response.headers.setdefault("Content-Language", translation.get_language())
        return response


class RefusalMiddleware:
    """Turns `Refused` into status 400, or 429 with Retry-After where waiting helps."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        template = (
            "gallery/core/_notice.html"
            if getattr(request, "htmx", False)
            else "gallery/core/refused.html"
        )
        status = 429 if exception.retry_after else 400
        response = render(
            request, template, {"sentence": exception.sentence, "kind": "error"}, status=status
        )
        if exception.retry_after:
            response["Retry-After"] = str(max(1, round(exception.retry_after)))
        return response
