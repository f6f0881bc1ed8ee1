"""Addresses of what people do with each other: comments, following, keeping away, news."""

from django.urls import path, re_path

from gallery.views import comments, notifications, people

urlpatterns = [
    path("art/<slug:slug>/comments/", comments.under_work, name="artwork_comments"),
    path("comment/<int:id>/", comments.show, name="comment"),
    path("comment/<int:id>/answer/", comments.answer, name="comment_answer"),
    path("comment/<int:id>/edit/", comments.edit, name="comment_edit"),
    path("comment/<int:id>/remove/", comments.remove, name="comment_remove"),
    path("comment/<int:id>/hide/", comments.hide, name="comment_hide"),
    re_path(r"^@(?P<username>[\w-]+)/$", people.profile, name="profile"),
    re_path(r"^@(?P<username>[\w-]+)/followers/$", people.followers, name="followers"),
    re_path(r"^@(?P<username>[\w-]+)/following/$", people.following, name="following"),
    re_path(r"^@(?P<username>[\w-]+)/follow/$", people.follow, name="follow"),
    re_path(r"^@(?P<username>[\w-]+)/distance/$", people.keep_distance, name="keep_distance"),
    path("me/people/", people.kept_away, name="kept_away"),
    path("me/notifications/", notifications.overview, name="notifications"),
    path("me/notifications/read/", notifications.read_all, name="notifications_read"),
    path("me/notifications/settings/", notifications.choose, name="notification_settings"),
    path("me/notifications/<int:id>/", notifications.open_one, name="notification"),
    path("letters/stop/<str:token>/", notifications.stop_letters, name="stop_letters"),
]
