"""Addresses of the curators' house and of reports."""

from django.urls import path

from gallery.views import curate

urlpatterns = [
    path("curate/", curate.home, name="curate"),
]
