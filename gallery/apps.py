"""Registers the website with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext, gettext_lazy

from generation.refusal import speak_by


class GalleryConfig(AppConfig):
    name = "gallery"
    verbose_name = gettext_lazy("Gallery")

    def ready(self) -> None:
        # The package generation does not know Django; this lets its messages be translated.
        speak_by(gettext)
