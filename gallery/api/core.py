"""The API object: its page, its error responses, and its rate limit headers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from ninja import Field, NinjaAPI, Schema
from ninja.errors import ValidationError
from ninja.openapi.docs import DocsBase

from gallery.api.callers import Caller
from generation.refusal import Refused


class Problem(Schema):
    """Why the request was refused, in a sentence."""

    detail: str


class Mistakes(Schema):
    """What in the request is not as the schema asks; `loc` is the place and `msg` the reason."""

    detail: list[dict[str, Any]]


READ_ERRORS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 422: Mistakes, 429: Problem}
WRITE_ERRORS = {**READ_ERRORS, 409: Problem, 503: Problem}


class ApiPage(DocsBase):
    """A page of our own, because the stock one loads scripts from another host."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **path: Any) -> HttpResponse:
        schema = api.get_openapi_schema()
        operations = [
            {
                "path": path,
                "method": method.upper(),
                "body": body_of(operation, schema),
                **operation,
            }
            for path, methods in schema["paths"].items()
            for method, operation in methods.items()
        ]
        rooms: dict[str, list[dict[str, Any]]] = {}
        for operation in operations:
            rooms.setdefault(operation["tags"][0], []).append(operation)
        return render(
            request,
            "gallery/api/api.html",
            {"rooms": rooms.items(), "schema": reverse("api-1:openapi-json")},
        )


def body_of(operation: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of an operation's JSON body, for the page."""
    content = (
        operation.get("requestBody", {})
        .get("content", {})
        .get("application/json", {})
        .get("schema", {})
    )
    named = schema["components"]["schemas"].get(content.get("$ref", "").rpartition("/")[2], {})
    required = named.get("required", [])
    return [
        {
            "name": name,
            "is_required": name in required,
            "type": field.get("type", "object"),
            "what": field.get("description", ""),
        }
        for name, field in named.get("properties", {}).items()
    ]


class GardenAPI(NinjaAPI):
    """Adds the caller's rate limit to every response."""

    def create_response(self, request: HttpRequest, data: Any, **options: Any) -> HttpResponse:
        return add_rate_limit_headers(request, super().create_response(request, data, **options))


def add_rate_limit_headers(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Adds the caller's rate limit to a response.

    The headers are those of the IETF draft “RateLimit header fields for HTTP”.
    """
    status = getattr(request, "rate_limit", None)
    if status:
        response["RateLimit-Limit"] = str(status.limit)
        response["RateLimit-Remaining"] = str(status.left)
        response["RateLimit-Reset"] = str(max(0, round(status.seconds)))
    return response


api = GardenAPI(
    title="Arboretum",
    version="2",
    urls_namespace="api-1",
    docs=ApiPage(),
    docs_url="/",
    auth=Caller(),
    description=(
        "What you may see and do on the site, for programs. Reading public things needs no token."
    ),
)


@api.exception_handler(Refused)
def refuse(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The refusal as JSON: 429 with Retry-After where waiting helps, else 400."""
    response = api.create_response(
        request, {"detail": refused.sentence}, status=429 if refused.retry_after else 400
    )
    if refused.retry_after:
        response["Retry-After"] = str(max(1, round(refused.retry_after)))
    return response


@api.exception_handler(ValidationError)
def refuse_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The mistakes in a request as JSON.

    The values are left out: they may be long, or not be JSON at all (NaN).
    """
    mistakes = [{name: each[name] for name in ("type", "loc", "msg")} for each in error.errors]
    return api.create_response(request, {"detail": mistakes}, status=422)


class Done(Schema):
    """It is done."""

    done: bool = Field(True, description="Always true.")
