"""Registers the website with Django."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy

from gallery.core import checks  # noqa: F401 - registers them
from gallery.i18n.stored_sentences import translated
from generation import digests
from generation.refusal import set_translator


class GalleryConfig(AppConfig):
    name = "gallery"
    verbose_name = gettext_lazy("Gallery")

    def ready(self) -> None:
        # The package generation does not know Django: this lets its messages be translated, and
        # tells it where to write.
        set_translator(translated)
        digests.remember_in(settings.DATA_DIR)
