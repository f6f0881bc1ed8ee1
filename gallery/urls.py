"""Addresses of the site's pages: each room lists its own in its `urls` module."""

from django.urls import include, path, register_converter

from gallery.core.http import TagConverter

register_converter(TagConverter, "tag")

urlpatterns = [
    path("", include("gallery.discovery.urls")),
    path("", include("gallery.search.urls")),
    path("", include("gallery.artworks.urls")),
    path("", include("gallery.bench.urls")),
    path("", include("gallery.upload.urls")),
    path("", include("gallery.lineage.urls")),
    path("", include("gallery.sharing.urls")),
    path("", include("gallery.comments.urls")),
    path("", include("gallery.collections.urls")),
    path("", include("gallery.people.urls")),
    path("", include("gallery.species.urls")),
    path("", include("gallery.accounts.urls")),
    path("", include("gallery.archive.urls")),
    path("", include("gallery.notifications.urls")),
    path("", include("gallery.jobs.urls")),
    path("", include("gallery.reports.urls")),
    path("", include("gallery.moderation.urls")),
    path("", include("gallery.help.urls")),
    path("", include("gallery.i18n.urls")),
]
