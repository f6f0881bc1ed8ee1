"""Authentication and rate limits of the API."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from gallery.accounts.tokens import use_token
from gallery.core.rate_limits import RateLimiter, caller_of
from gallery.types import AnyUser
from generation.refusal import Refused

SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class RateLimitStatus:
    """The state of a caller's rate limit, which every response has in its headers.

    limit: calls per minute. left: calls possible now. seconds: until the next call is possible, or,
    while calls are left, until all of them are available again.
    """

    limit: int
    left: int
    seconds: float


class Caller(AuthBase):
    """Accepts API tokens, session cookies (with a CSRF token for writing), and visitors.

    scope: what a token must be allowed to do; "" lets everybody call.
    """

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = (
        "A token from your page of tokens: `Authorization: Bearer arb_…`. Reading public things"
        " needs none."
    )

    def __init__(self, scope: str = "") -> None:
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> AnyUser:
        header = request.headers.get("Authorization", "")
        if header:
            request.user = self._bearer(header)
        elif request.method not in SAFE and request.user.is_authenticated and check_csrf(request):
            raise HttpError(
                403,
                "The CSRF token is missing. Programs use a token of their own instead of a cookie.",
            )
        if self.scope and not request.user.is_authenticated:
            raise HttpError(401, "This needs a token: send “Authorization: Bearer …”.")
        set_rate_limit(request, count(request))
        return request.user

    def _bearer(self, header: str) -> AnyUser:
        kind, _, secret = header.partition(" ")
        token = use_token(secret.strip()) if kind.lower() == "bearer" else None
        if token is None:
            raise HttpError(
                401,
                "This token is unknown, expired or revoked. Make a new one on your page of tokens.",
            )
        if self.scope and self.scope not in token.scopes:
            raise HttpError(403, f"This token may not {self.scope}. Make one with that scope.")
        # A token without `read` sees what every visitor sees.
        return token.user if self.scope or "read" in token.scopes else AnonymousUser()


def set_rate_limit(request: HttpRequest, status: RateLimitStatus) -> None:
    """Stores the status on the request, from where the response gets its headers."""
    request.rate_limit = status  # type: ignore[attr-defined]  # Ninja passes plain requests.


def count(request: HttpRequest) -> RateLimitStatus:
    """Counts one call of this caller. Raises Refused when none is left in this minute."""
    name = caller_of(request)
    limit = (
        settings.API_CALLS_PER_MINUTE
        if request.user.is_authenticated
        else settings.API_VISITOR_CALLS_PER_MINUTE
    )
    rate_limiter = RateLimiter("api", limit)
    wait = rate_limiter.take(name)
    left = rate_limiter.left(name)
    if wait:
        set_rate_limit(request, RateLimitStatus(limit, 0, wait))
        raise Refused(
            "Too many requests: the limit is {limit} a minute. Wait {seconds} seconds.",
            limit=limit,
            seconds=max(1, round(wait)),
            retry_after=wait,
        )
    return RateLimitStatus(limit, int(left), (limit - left) * 60 / limit)
