"""Addresses of the pages that explain."""

from django.urls import path

from gallery.views import help

urlpatterns = [
    path("help/", help.show, name="help"),
    path("glossary/", help.glossary, name="glossary"),
    path("about/ai-art/", help.about_ai_art, name="about_ai_art"),
]
