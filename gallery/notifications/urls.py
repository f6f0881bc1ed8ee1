"""Addresses of notifications."""

from django.urls import path

from gallery.notifications import views

urlpatterns = [
    path("me/notifications/", views.overview, name="notifications"),
    path("me/notifications/read/", views.read_all, name="notifications_read"),
    path("me/notifications/settings/", views.choose, name="notification_settings"),
    path("me/notifications/<int:id>/", views.open_one, name="notification"),
    path("letters/stop/<str:token>/", views.stop_emails, name="stop_emails"),
]
