"""Which language somebody reads."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from gallery.models import User
from generation.refusal import Refused


def is_offered(code: str) -> bool:
    """Whether the site is available in this language."""
    return code in dict(settings.LANGUAGES)


def language_of(request: HttpRequest) -> str:
    """The account's language, else the visitor's choice (a cookie), else the browser's."""
    # Without a session nobody is logged in, and reading it would make every page vary by cookie.
    if (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        and request.user.is_authenticated
        and is_offered(request.user.language)
    ):
        return request.user.language
    return translation.get_language_from_request(request)


def language_of_scope(scope: Mapping[str, Any]) -> str:
    """The same for a socket, by its ASGI scope: the language of the page that opened it."""
    user = scope.get("user")
    if user is not None and user.is_authenticated and is_offered(user.language):
        return user.language
    accepted = dict(scope.get("headers", [])).get(b"accept-language", b"").decode("latin-1")
    request = HttpRequest()  # With all that Django reads the language from.
    request.COOKIES = scope.get("cookies", {})
    request.META = {"HTTP_ACCEPT_LANGUAGE": accepted}
    return translation.get_language_from_request(request)


def in_language_of(user: User) -> AbstractContextManager[None]:
    """A context in which texts are in the language of `user`, for emails to them.

    It is the site's language for somebody who has not chosen one.
    """
    return translation.override(
        user.language if is_offered(user.language) else settings.LANGUAGE_CODE
    )


def check_offered(language: str) -> None:
    """Raises Refused for a language that the site does not offer."""
    if not is_offered(language):
        raise Refused(
            "This site isn't available in that language. Choose one at the bottom of the page."
        )


def choose_language(user: User, language: str) -> None:
    """Set the language of a person's pages and emails; "" leaves it to the browser.

    Allowed even while suspended. Raises Refused for a language that the site does not offer.
    """
    if language:
        check_offered(language)
    user.language = language
    user.save(update_fields=["language"])
