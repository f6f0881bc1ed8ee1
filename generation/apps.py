"""Registers the studio with Django, for its management commands only; it has no models."""

from django.apps import AppConfig


class GenerationConfig(AppConfig):
    name = "generation"
    verbose_name = "Studio"
