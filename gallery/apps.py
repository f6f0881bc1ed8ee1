"""Registers the website with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from gallery.i18n.stored_sentences import translated
from generation.refusal import set_translator


class GalleryConfig(AppConfig):
    name = "gallery"
    verbose_name = gettext_lazy("Gallery")

    def ready(self) -> None:
        # The studio knows no Django; its sentences learn the visitor's language here.
        set_translator(translated)
