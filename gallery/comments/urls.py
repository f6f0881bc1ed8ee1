"""Addresses of comments."""

from django.urls import path

from gallery.comments import views

urlpatterns = [
    path("art/<slug:slug>/comments/", views.of_artwork, name="artwork_comments"),
    path("comment/<int:id>/", views.show, name="comment"),
    path("comment/<int:id>/answer/", views.answer, name="comment_answer"),
    path("comment/<int:id>/edit/", views.edit, name="comment_edit"),
    path("comment/<int:id>/remove/", views.remove, name="comment_remove"),
    path("comment/<int:id>/hide/", views.hide, name="comment_hide"),
]
