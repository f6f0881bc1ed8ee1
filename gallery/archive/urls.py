"""Addresses of exporting and importing an account."""

from django.urls import path

from gallery.archive import views

urlpatterns = [
    path("me/export/", views.export, name="account_export"),
    path("me/import/", views.import_account, name="account_import"),
]
