"""The URLs of the site."""

from django.contrib import admin
from django.urls import include, path

from gallery.api import api

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("api/", api.urls),
    path("", include("gallery.urls")),
]
handler404 = "gallery.core.errors.not_found"
handler403 = "gallery.core.errors.forbidden"
handler500 = "gallery.core.errors.server_error"
