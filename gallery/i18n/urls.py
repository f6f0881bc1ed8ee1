"""URLs of the choice of language."""

from django.urls import path

from gallery.i18n import views

urlpatterns = [
    path("language/", views.choose, name="language"),
    path("words/<slug:language>/<slug:version>.js", views.script, name="words"),
]
