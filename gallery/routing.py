"""Addresses of the sockets."""

from django.urls import path

from gallery.consumers import BenchConsumer, JobConsumer

websocket_urlpatterns = [
    path("ws/bench/", BenchConsumer.as_asgi()),
    path("ws/job/<uuid:id>/", JobConsumer.as_asgi()),
]
