"""URLs of a work: its page, its files, and what its maker may change."""

from django.urls import path, re_path

from gallery.artworks import views, views_bulk, views_restore, views_solid

urlpatterns = [
    path("me/select/", views_bulk.select, name="select"),
    path("me/restore/", views_restore.restore, name="restore"),
    path("art/<slug:slug>/", views.show, name="artwork"),
    path("art/<slug:slug>/preview/", views.preview, name="artwork_preview"),
    path("art/<slug:slug>/edit/", views.edit, name="artwork_edit"),
    path("art/<slug:slug>/delete/", views.delete, name="artwork_delete"),
    path("art/<slug:slug>/like/", views.like, name="artwork_like"),
    path("art/<slug:slug>/print/", views.request_print, name="artwork_print"),
    path("art/<slug:slug>/solid.json", views_solid.numbers, name="artwork_solid"),
    path("art/<slug:slug>/download/<str:kind>/", views.download, name="artwork_download"),
    path("art/<slug:slug>/audio.mp3", views.file, {"variant": "audio.mp3"}, name="artwork_audio"),
    re_path(
        r"^art/(?P<slug>[-\w]+)/(?P<variant>master\.(?:png|flac)|page\.webp|thumbnail\.(?:webp|svg)|notes\.json)$",
        views.file,
        name="artwork_file",
    ),
]
