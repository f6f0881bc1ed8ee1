"""URLs of uploading a tune."""

from django.urls import path

from gallery.upload import views

urlpatterns = [
    path("bench/upload/", views.upload, name="upload"),
]
