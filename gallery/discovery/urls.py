"""Addresses of the wall and the ways to look around."""

from django.urls import path

from gallery.discovery import views

urlpatterns = [
    path("", views.home, name="home"),
    path("teaser/<slug:first>/<slug:second>/", views.teaser_sheet, name="teaser_sheet"),
    path("tag/<slug:slug>/", views.tag, name="tag"),
    path("tags/", views.tags, name="tags"),
    path("art/<slug:slug>/similar/", views.similar, name="artwork_similar"),
]
