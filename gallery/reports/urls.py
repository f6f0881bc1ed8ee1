"""URLs of reports and of appeals against takedowns."""

from django.urls import path

from gallery.reports import views

urlpatterns = [
    path("report/work/<slug:slug>/", views.work, name="report_work"),
    path("report/comment/<int:pk>/", views.comment, name="report_comment"),
    path("report/person/<slug:username>/", views.person, name="report_person"),
    path("report/collection/<slug:slug>/", views.collection, name="report_collection"),
    path("report/answer/<slug:slug>/", views.takedown, name="takedown"),
    path(
        "report/answer/collection/<slug:slug>/",
        views.collection_takedown,
        name="collection_takedown",
    ),
]
