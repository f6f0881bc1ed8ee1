"""Addresses of the sockets, and which pages may open them."""

from urllib.parse import ParseResult

from channels.security.websocket import OriginValidator
from django.urls import path

from gallery.bench.consumers import BenchConsumer
from gallery.jobs.consumers import JobConsumer
from gallery.notifications.consumers import NotificationConsumer

websocket_urlpatterns = [
    path("ws/bench/", BenchConsumer.as_asgi()),
    path("ws/job/<uuid:id>/", JobConsumer.as_asgi()),
    path("ws/bell/", NotificationConsumer.as_asgi()),
]


class OwnPagesOnly(OriginValidator):
    """Turns away pages of other sites, which would come with our visitor's cookies.

    A browser always names the page's origin; a program that names none brings no cookies of
    anybody, and may come in.
    """

    def valid_origin(self, parsed_origin: ParseResult | None) -> bool:
        return parsed_origin is None or super().valid_origin(parsed_origin)
