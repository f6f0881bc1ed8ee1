"""Addresses of the breeding bench."""

from django.urls import path

from gallery.bench import views, views_borrow, views_listen, views_publish

urlpatterns = [
    path("bench/", views.show, name="bench"),
    path("bench/choose/", views.choose, name="bench_choose"),
    path("bench/graft/", views.graft, name="bench_graft"),
    path("bench/pair/", views.pair, name="bench_pair"),
    path("bench/borrow/", views_borrow.borrow, name="bench_borrow"),
    path("bench/hear/", views_listen.listen, name="bench_hear"),
    path("bench/publish/", views_publish.publish, name="bench_publish"),
]
