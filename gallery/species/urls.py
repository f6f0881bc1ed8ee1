"""Addresses of the species."""

from django.urls import path, re_path

from gallery.species import views

urlpatterns = [
    path("species/", views.overview, name="species_overview"),
    path("species/<slug:key>/", views.show, name="species"),
    re_path(
        r"^species/(?P<key>[-\w]+)/(?P<digest>[0-9a-f]{12})/(?P<name>samples\.png|learning\.png)$",
        views.file,
        name="species_file",
    ),
]
