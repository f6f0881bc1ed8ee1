"""Addresses of the wall and the ways to look around."""

from django.urls import path

from gallery.discovery import views

urlpatterns = [
    path("", views.home, name="home"),
    path("growing/", views.growing, name="growing"),
    path("teaser/<slug:first>/<slug:second>/", views.teaser_sheet, name="teaser_sheet"),
    path("tag/<tag:slug>/", views.tag, name="tag"),
    path("tags/", views.tags, name="tags"),
    path("tags/complete/", views.complete_tag, name="tags_complete"),
    path("art/<slug:slug>/similar/", views.similar, name="artwork_similar"),
]
