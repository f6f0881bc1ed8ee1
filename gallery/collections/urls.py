"""Addresses of collections and exhibitions."""

from django.urls import path, re_path

from gallery.collections import views, views_edit, views_exhibitions, views_invitations

urlpatterns = [
    path("collections/", views.overview, name="collections"),
    path("collections/new/", views_edit.create, name="collection_new"),
    path("collection/<slug:slug>/", views.show, name="collection"),
    path("collection/<slug:slug>/edit/", views_edit.edit, name="collection_edit"),
    path("collection/<slug:slug>/delete/", views_edit.delete, name="collection_delete"),
    path("collection/<slug:slug>/arrange/", views_edit.arrange, name="collection_arrange"),
    path("collection/<slug:slug>/order/", views_edit.order, name="collection_order"),
    path("collection/<slug:slug>/item/<int:pk>/", views_edit.change_item, name="collection_item"),
    path("collection/<slug:slug>/people/", views_invitations.people, name="collection_people"),
    path(
        "collection/<slug:slug>/people/<int:pk>/dismiss/",
        views_invitations.remove_member,
        name="collection_dismiss",
    ),
    path("collection/<slug:slug>/invitation/", views_invitations.answer, name="collection_answer"),
    path("collection/<slug:slug>/leave/", views_invitations.leave, name="collection_leave"),
    path("art/<slug:slug>/collect/", views_edit.collect, name="artwork_collect"),
    path("me/collections/", views.mine, name="my_collections"),
    re_path(r"^@(?P<username>[\w-]+)/collections/$", views.of_person, name="person_collections"),
    path("exhibitions/", views_exhibitions.overview, name="exhibitions"),
    path("exhibition/<slug:slug>/", views_exhibitions.show, name="exhibition"),
]
