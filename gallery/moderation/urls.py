"""The addresses of the staff's desk."""

from django.urls import path

from gallery.moderation import views_cases, views_curation, views_desk, views_lists, views_people

urlpatterns = [
    path("curate/picks/", views_curation.picks, name="curate_picks"),
    path("curate/picks/new/", views_curation.new_pick, name="curate_pick_new"),
    path("curate/picks/<int:pk>/", views_curation.edit_pick, name="curate_pick"),
    path("curate/picks/<int:pk>/end/", views_curation.end_pick, name="curate_pick_end"),
    path("curate/exhibitions/", views_curation.exhibitions, name="curate_exhibitions"),
    path("curate/exhibitions/new/", views_curation.new_exhibition, name="curate_exhibition_new"),
    path(
        "curate/exhibitions/<slug:slug>/", views_curation.edit_exhibition, name="curate_exhibition"
    ),
    path("curate/", views_desk.home, name="curate"),
    path("curate/reports/", views_cases.queue, name="curate_reports"),
    path("curate/reports/<int:pk>/", views_cases.case, name="curate_report"),
    path("curate/reports/<int:pk>/claim/", views_cases.claim_case, name="curate_report_claim"),
    path("curate/reports/<int:pk>/decide/", views_cases.decide_case, name="curate_report_decide"),
    path("curate/quarantine/", views_lists.quarantine, name="curate_quarantine"),
    path("curate/work/<slug:slug>/", views_lists.work, name="curate_work"),
    path("curate/collection/<slug:slug>/", views_lists.collection, name="curate_collection"),
    path("curate/people/", views_people.people, name="curate_people"),
    path("curate/people/<slug:username>/", views_people.person, name="curate_person"),
    path(
        "curate/people/<slug:username>/suspend/",
        views_people.suspend,
        name="curate_person_suspend",
    ),
    path("curate/people/<slug:username>/role/", views_people.role, name="curate_person_role"),
    path("curate/people/<slug:username>/lock/", views_people.lock, name="curate_person_lock"),
    path("curate/words/", views_lists.words, name="curate_words"),
    path("curate/words/<int:pk>/unblock/", views_lists.unblock_word, name="curate_word_unblock"),
    path("curate/pictures/", views_lists.pictures, name="curate_pictures"),
    path(
        "curate/pictures/<int:pk>/unblock/",
        views_lists.unblock_picture,
        name="curate_picture_unblock",
    ),
    path("curate/log/", views_lists.log, name="curate_log"),
]
