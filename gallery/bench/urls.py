"""Addresses of the breeding bench."""

from django.urls import path

from gallery.bench import views, views_borrow, views_develop, views_listen, views_publish

urlpatterns = [
    path("bench/", views.show, name="bench"),
    path("bench/choose/", views.choose, name="bench_choose"),
    path("bench/graft/", views.graft, name="bench_graft"),
    path("bench/pair/", views.pair, name="bench_pair"),
    path("bench/founder/", views.founder, name="bench_founder"),
    path("bench/founders/<slug:key>/", views.founders, name="bench_founders"),
    path("bench/borrow/", views_borrow.borrow, name="bench_borrow"),
    path("bench/hear/", views_listen.listen, name="bench_hear"),
    path("bench/develop/", views_develop.start, name="bench_develop"),
    path("bench/develop/<uuid:id>/", views_develop.show, name="bench_development"),
    path(
        "bench/develop/<uuid:id>/<int:number>.webp", views_develop.picture, name="bench_developed"
    ),
    path("bench/publish/", views_publish.publish, name="bench_publish"),
]
