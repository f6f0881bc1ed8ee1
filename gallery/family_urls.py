"""Addresses of lineage and rights."""

from django.urls import path, re_path

from gallery.views import family

urlpatterns = [
    path("art/<slug:slug>/family/", family.family, name="artwork_family"),
    path("art/<slug:slug>/children/", family.children, name="artwork_children"),
    path("art/<slug:slug>/replay/", family.replay, name="artwork_replay"),
    re_path(
        r"^art/(?P<slug>[-\w]+)/step/(?P<position>\d{1,3})\.(?P<ending>jpg|svg)$",
        family.step,
        name="artwork_step",
    ),
    re_path(r"^@(?P<username>[\w-]+)/spread/$", family.spread_of, name="spread"),
    path("rights/", family.rights, name="rights"),
]
