"""URLs of an account's profile, tokens and closing."""

from django.urls import path

from gallery.accounts import views

urlpatterns = [
    path("me/tokens/", views.tokens, name="tokens"),
    path("me/tokens/<int:id>/revoke/", views.revoke, name="token_revoke"),
    path("me/profile/", views.profile, name="profile_edit"),
    path("art/<slug:slug>/portrait/", views.portrait, name="artwork_portrait"),
    path("me/close/", views.close, name="account_close"),
]
