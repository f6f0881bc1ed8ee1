"""Choosing a language, and the translations for the ES modules."""

import hashlib
from functools import lru_cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import JavaScriptCatalog

from gallery.i18n.catalogues import LOCALE_DIR
from gallery.i18n.languages import check_offered, choose_language, is_offered

SCRIPT_AGE_S = 31_536_000  # The address changes with the words.


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Save the language, in the account and in a cookie, and go back to the page."""
    language = request.POST.get("language", "")
    check_offered(language)
    if request.user.is_authenticated:
        choose_language(request.user, language)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    ):
        back = reverse("home")
    response = HttpResponseRedirect(back)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response


@require_safe
@cache_control(max_age=SCRIPT_AGE_S, public=True, immutable=True)
def script(request: HttpRequest, language: str, version: str) -> HttpResponseBase:
    """The translations for static/js/core/words.js, as a script.

    version: makes the address change with the translations, so that browsers may cache them.
    """
    if not is_offered(language):
        raise Http404(gettext("This site isn't available in that language."))
    with translation.override(language):
        return JavaScriptCatalog.as_view(packages=["gallery"], domain="djangojs")(request)


@lru_cache
def words_version(language: str) -> str:
    """A short digest of the translations for the ES modules.

    Cached, because translations change only with the code and hence with a new process.
    """
    path = LOCALE_DIR / translation.to_locale(language) / "LC_MESSAGES" / "djangojs.po"
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.exists() else "none"
