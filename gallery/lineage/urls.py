"""URLs of lineage, rights and replay."""

from django.urls import path, re_path

from gallery.lineage import views

urlpatterns = [
    path("art/<slug:slug>/family/", views.family, name="artwork_family"),
    path("art/<slug:slug>/children/", views.children, name="artwork_children"),
    path("art/<slug:slug>/replay/", views.replay, name="artwork_replay"),
    re_path(
        r"^art/(?P<slug>[-\w]+)/step/(?P<position>\d{1,3})\.(?P<ending>jpg|svg)$",
        views.step,
        name="artwork_step",
    ),
    re_path(r"^@(?P<username>[\w-]+)/spread/$", views.spread_of, name="spread"),
    path("rights/", views.rights, name="rights"),
]
