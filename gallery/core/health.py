"""Whether this process is well, for load balancers and containers."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@require_safe
def health(request: HttpRequest) -> HttpResponseBase:
    """The process answers and reaches its database; 503 if it does not reach it."""
    status, code = "ok", 200
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        logger.exception("The database cannot be reached.")
        status, code = "no database", 503
    return JsonResponse({"status": status}, status=code, headers={"Cache-Control": "no-store"})


class HealthMiddleware:
    """Answers /healthz/ before anything looks at the host, the protocol or the session.

    Whoever asks stands behind the proxy and calls by address, without https.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._path = f"{settings.ROOT_PATH}/healthz/"

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return health(request) if request.path_info == self._path else self.get_response(request)
