"""The template context of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from gallery.i18n.views import words_version


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's path, name and languages, and the version of the translations for its scripts.

    words_version: "" where pages are in the site's own language, which needs no translations.
    """
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "root_path": settings.ROOT_PATH,
        "garden_name": settings.GARDEN_NAME,
        "language": language,
        "languages": settings.LANGUAGES,
        "words_version": "" if language == settings.LANGUAGE_CODE else words_version(language),
    }
