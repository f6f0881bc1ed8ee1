"""Addresses of collections, exhibitions and what curators show."""

from django.urls import path, re_path

from gallery.views import collecting, collections, curate_shows, exhibitions, invitations

urlpatterns = [
    path("collections/", collections.overview, name="collections"),
    path("collections/new/", collecting.create, name="collection_new"),
    path("collection/<slug:slug>/", collections.show, name="collection"),
    path("collection/<slug:slug>/edit/", collecting.edit, name="collection_edit"),
    path("collection/<slug:slug>/delete/", collecting.delete, name="collection_delete"),
    path("collection/<slug:slug>/arrange/", collecting.arrange, name="collection_arrange"),
    path("collection/<slug:slug>/order/", collecting.order, name="collection_order"),
    path("collection/<slug:slug>/item/<int:pk>/", collecting.change_item, name="collection_item"),
    path("collection/<slug:slug>/people/", invitations.people, name="collection_people"),
    path(
        "collection/<slug:slug>/people/<int:pk>/dismiss/",
        invitations.dismiss,
        name="collection_dismiss",
    ),
    path("collection/<slug:slug>/invitation/", invitations.answer, name="collection_answer"),
    path("collection/<slug:slug>/leave/", invitations.leave, name="collection_leave"),
    path("art/<slug:slug>/collect/", collecting.collect, name="artwork_collect"),
    path("me/collections/", collections.mine, name="my_collections"),
    re_path(
        r"^@(?P<username>[\w-]+)/collections/$", collections.of_person, name="person_collections"
    ),
    path("exhibitions/", exhibitions.overview, name="exhibitions"),
    path("exhibition/<slug:slug>/", exhibitions.show, name="exhibition"),
    path("curate/picks/", curate_shows.picks, name="curate_picks"),
    path("curate/picks/new/", curate_shows.new_pick, name="curate_pick_new"),
    path("curate/picks/<int:pk>/", curate_shows.edit_pick, name="curate_pick"),
    path("curate/picks/<int:pk>/end/", curate_shows.end_pick, name="curate_pick_end"),
    path("curate/exhibitions/", curate_shows.exhibitions, name="curate_exhibitions"),
    path("curate/exhibitions/new/", curate_shows.new_exhibition, name="curate_exhibition_new"),
    path("curate/exhibitions/<slug:slug>/", curate_shows.edit_exhibition, name="curate_exhibition"),
]
