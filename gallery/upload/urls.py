"""URLs of uploading a tune or a picture."""

from django.urls import path

from gallery.upload import views, views_hear, views_picture

urlpatterns = [
    path("bench/upload/", views.upload, name="upload"),
    path("bench/upload/picture/", views_picture.upload, name="upload_picture"),
    path("bench/upload/sketch/", views_hear.sketch, name="upload_sketch"),
    path("bench/upload/listen/", views_hear.listen, name="upload_listen"),
]
