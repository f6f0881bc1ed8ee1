"""Addresses of the pages that explain."""

from django.urls import path

from gallery.core.health import health
from gallery.help import views

urlpatterns = [
    path("credits/", views.credits, name="credits"),
    path("about/", views.about, name="about"),
    path("healthz/", health, name="health"),
    path("help/", views.show, name="help"),
    path("glossary/", views.glossary, name="glossary"),
    path("about/ai-art/", views.about_ai_art, name="about_ai_art"),
]
