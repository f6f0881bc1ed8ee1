"""Middleware: the language of each response, and refusals as responses."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from gallery.i18n.languages import language_of
from generation.refusal import Refused


class LanguageMiddleware(LocaleMiddleware):
    """Django's, which also knows the language that an account has chosen.

    It must come after the authentication middleware.
    """

    def process_request(self, request: HttpRequest) -> None:
        translation.activate(language_of(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Set the language headers of pages; files have no language."""
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
            response.headers.setdefault("Content-Language", translation.get_language())
        return response


class RefusalMiddleware:
    """Turns `Refused` into a page with its sentence, as 400 or, if waiting helps, 429."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a refusal; other exceptions are left to Django."""
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
