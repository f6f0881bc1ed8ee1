"""Addresses of the curators' house and of reports."""

from django.urls import path

from gallery.views import curate, curate_lists, curate_people, curate_reports, report

urlpatterns = [
    path("curate/", curate.home, name="curate"),
    path("curate/reports/", curate_reports.queue, name="curate_reports"),
    path("curate/reports/<int:pk>/", curate_reports.case, name="curate_report"),
    path("curate/reports/<int:pk>/claim/", curate_reports.take, name="curate_report_claim"),
    path("curate/reports/<int:pk>/decide/", curate_reports.close, name="curate_report_decide"),
    path("curate/quarantine/", curate_lists.quarantine, name="curate_quarantine"),
    path("curate/work/<slug:slug>/", curate_lists.work, name="curate_work"),
    path("curate/collection/<slug:slug>/", curate_lists.collection, name="curate_collection"),
    path("curate/people/", curate_people.people, name="curate_people"),
    path("curate/people/<slug:username>/", curate_people.person, name="curate_person"),
    path(
        "curate/people/<slug:username>/suspend/",
        curate_people.suspend,
        name="curate_person_suspend",
    ),
    path("curate/people/<slug:username>/role/", curate_people.role, name="curate_person_role"),
    path("curate/people/<slug:username>/lock/", curate_people.lock, name="curate_person_lock"),
    path("curate/words/", curate_lists.words, name="curate_words"),
    path("curate/words/<int:pk>/unblock/", curate_lists.unblock_word, name="curate_word_unblock"),
    path("curate/pictures/", curate_lists.pictures, name="curate_pictures"),
    path(
        "curate/pictures/<int:pk>/unblock/",
        curate_lists.unblock_picture,
        name="curate_picture_unblock",
    ),
    path("curate/log/", curate_lists.log, name="curate_log"),
    path("report/work/<slug:slug>/", report.work, name="report_work"),
    path("report/comment/<int:pk>/", report.comment, name="report_comment"),
    path("report/person/<slug:username>/", report.person, name="report_person"),
    path("report/collection/<slug:slug>/", report.collection, name="report_collection"),
    path("report/answer/<slug:slug>/", report.takedown, name="takedown"),
    path(
        "report/answer/collection/<slug:slug>/",
        report.collection_takedown,
        name="collection_takedown",
    ),
]
