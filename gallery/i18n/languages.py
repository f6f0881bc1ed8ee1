"""Which language somebody reads, and the studio's English words in that language."""

from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from gallery.models import User
from generation.refusal import Refused


def is_offered(code: str) -> bool:
    """Whether the site speaks this language."""
    return code in dict(settings.LANGUAGES)


def language_of(request: HttpRequest) -> str:
    """The account's language, else the visitor's choice (a cookie), else what the browser asks
    for.
    """
    # Without a session nobody is logged in, and asking would make every page depend on cookies.
    if (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        and request.user.is_authenticated
        and is_offered(request.user.language)
    ):
        return request.user.language
    return translation.get_language_from_request(request)


def language_of_scope(scope: dict[str, Any]) -> str:
    """The same for a socket: the page that opened it was told in this language."""
    user = scope.get("user")
    if user is not None and user.is_authenticated and is_offered(user.language):
        return user.language
    accepted = dict(scope.get("headers", [])).get(b"accept-language", b"").decode("latin-1")
    request = SimpleNamespace(
        COOKIES=scope.get("cookies", {}), META={"HTTP_ACCEPT_LANGUAGE": accepted}
    )
    return translation.get_language_from_request(request)


def in_language_of(user: User) -> AbstractContextManager:
    """Within it, sentences come in the language of `user`: for letters. Who has chosen none is
    written to in ours.
    """
    return translation.override(
        user.language if is_offered(user.language) else settings.LANGUAGE_CODE
    )


def choose_language(user: User, language: str) -> None:
    """From now on pages and letters come in this language; "" leaves it to the browser. Also while
    suspended or closed.
    """
    if language and not is_offered(language):
        raise Refused(
            "This site isn't available in that language. Choose one at the bottom of the page."
        )
    user.language = language
    user.save(update_fields=["language"])
