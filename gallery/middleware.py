"""A refusal anywhere in a page becomes a page (or an htmx fragment) with its sentence."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from generation.refusal import Refused


def refusals(get_response: Callable[[HttpRequest], HttpResponse]) -> "RefusalMiddleware":
    """The middleware factory named in the settings."""
    return RefusalMiddleware(get_response)


class RefusalMiddleware:
    """Turns `Refused` into status 400, or 429 with Retry-After where waiting helps."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        template = "gallery/_notice.html" if getattr(request, "htmx", False) else "gallery/refused.html"
        status = 429 if exception.retry_after else 400
        response = render(request, template, {"sentence": exception.sentence, "kind": "error"}, status=status)
        if exception.retry_after:
            response["Retry-After"] = str(max(1, round(exception.retry_after)))
        return response
