"""Addresses of people and whom they follow."""

from django.urls import path, re_path

from gallery.people import views

urlpatterns = [
    path("me/", views.mine, name="mine"),
    path("me/likes/", views.likes, name="likes"),
    re_path(r"^@(?P<username>[\w-]+)/$", views.profile, name="profile"),
    re_path(r"^@(?P<username>[\w-]+)/followers/$", views.followers, name="followers"),
    re_path(r"^@(?P<username>[\w-]+)/following/$", views.following, name="following"),
    re_path(r"^@(?P<username>[\w-]+)/follow/$", views.follow, name="follow"),
    re_path(r"^@(?P<username>[\w-]+)/distance/$", views.change_boundary, name="boundary"),
    path("me/people/", views.boundaries, name="boundaries"),
]
