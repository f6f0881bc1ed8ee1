"""The URLs of the site, below the path of its public address if that has one."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from gallery.api import api

pages = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("api/", api.urls),
    path("", include("gallery.urls")),
]
# Not by FORCE_SCRIPT_NAME, which sockets and job runners would know nothing of.
urlpatterns = [path(f"{settings.ROOT_PATH}/".lstrip("/"), include(pages))]
handler404 = "gallery.core.errors.not_found"
handler403 = "gallery.core.errors.forbidden"
handler500 = "gallery.core.errors.server_error"
