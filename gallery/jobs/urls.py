"""Addresses of a job's progress and result."""

from django.urls import path

from gallery.jobs import views

urlpatterns = [
    path("job/<uuid:id>/", views.show, name="job"),
    path("job/<uuid:id>/cancel/", views.cancel, name="job_cancel"),
    path("job/<uuid:id>/result/", views.result, name="job_result"),
]
