"""What `manage.py check`, and every start of the site, say about its settings.

A value that cannot be read at all ends the process earlier, in genart_site/variables.py.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register, run_checks
from django.utils.module_loading import import_string

TAG = "arboretum"
CONSOLE = "django.core.mail.backends.console.EmailBackend"
HTTPS_ALONE = (
    "ARBORETUM_HTTPS is on, but ARBORETUM_PROXIES is 0, so every page redirects to itself for ever:"
    " the site speaks http alone, and learns from a proxy's X-Forwarded-Proto that a visitor uses"
    " https. Set ARBORETUM_PROXIES to the number of proxies in front, usually 1."
)
HTTPS_ORIGIN = (
    "ARBORETUM_HTTPS is on, but ARBORETUM_ORIGIN begins with http://, so links in emails and feeds"
    " lead to the wrong address. Write https:// there."
)
HTTP_ORIGIN = (
    "ARBORETUM_ORIGIN begins with https://, but ARBORETUM_HTTPS is off, so cookies may travel"
    " unencrypted, and logging in fails behind most proxies. Set ARBORETUM_HTTPS=1."
)
PUBLIC_DEBUG = (
    "ARBORETUM_DEBUG is on at a public address: error pages show the site's insides to everybody."
    " Leave it off."
)
NO_EMAILS = (
    "ARBORETUM_REQUIRE_EMAIL is on, but without ARBORETUM_EMAIL_URL emails are printed to the"
    " console, so nobody can confirm an address and sign up."
)
NO_CHECKPOINTS = "ARBORETUM_CHECKPOINTS names no folder ({path}), so the species in it are missing."
NO_SOUNDFONT = "ARBORETUM_SOUNDFONT names no file ({path}), so no tune can be played."
NO_STORAGE = (
    "ARBORETUM_MEDIA_STORAGE must be the dotted path of a storage class, not “{name}”: {error}."
)


@register(TAG)
def check_settings(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    """Unknown variables, and combinations that cannot work."""
    is_public = bool(settings.ORIGIN) and not settings.ORIGIN.startswith(
        ("http://localhost", "http://127.", "http://[::1]")
    )
    found = [
        *settings.UNKNOWN_VARIABLES,
        *([HTTPS_ALONE] if settings.HTTPS and not settings.PROXIES else []),
        *([HTTPS_ORIGIN] if settings.HTTPS and settings.ORIGIN.startswith("http:") else []),
        *([HTTP_ORIGIN] if not settings.HTTPS and settings.ORIGIN.startswith("https:") else []),
        *([PUBLIC_DEBUG] if settings.DEBUG and is_public else []),
        *([NO_EMAILS] if settings.REQUIRE_EMAIL and settings.EMAIL_BACKEND == CONSOLE else []),
        *_missing(),
    ]
    messages: list[CheckMessage] = [Warning(text, id=f"{TAG}.W001") for text in found]
    name = settings.STORAGES["default"]["BACKEND"]
    try:
        import_string(name)
    except ImportError as error:
        messages.append(Error(NO_STORAGE.format(name=name, error=error), id=f"{TAG}.E001"))
    return messages


def _missing() -> list[str]:
    found = []
    if settings.CHECKPOINTS and not Path(settings.CHECKPOINTS).is_dir():
        found.append(NO_CHECKPOINTS.format(path=settings.CHECKPOINTS))
    if settings.SOUNDFONT and not Path(settings.SOUNDFONT).is_file():
        found.append(NO_SOUNDFONT.format(path=settings.SOUNDFONT))
    return found


_is_reported = False


def report_settings() -> None:
    """Print warnings about the settings, as the site does at its start; once a process.

    Raises SystemExit, with the sentence, for what it cannot start with.
    """
    global _is_reported
    if _is_reported:
        return
    _is_reported = True
    for message in run_checks(tags=[TAG]):
        if message.is_serious():
            raise SystemExit(str(message.msg))
        print(f"Warning: {message.msg}", file=sys.stderr, flush=True)
