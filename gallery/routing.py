"""Addresses of the sockets, and the check of which pages may open them."""

from urllib.parse import ParseResult

from channels.consumer import AsyncConsumer
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.urls import URLPattern, path

from gallery.bench.consumers import BenchConsumer
from gallery.jobs.consumers import JobConsumer
from gallery.notifications.consumers import NotificationConsumer


def socket_path(route: str, consumer: type[AsyncConsumer]) -> URLPattern:
    """A route to a consumer, below the path of the site.

    Django's stubs know only views, but Channels routes any ASGI app.
    """
    below = f"{settings.ROOT_PATH}/{route}".lstrip("/")
    return path(below, consumer.as_asgi())  # type: ignore[arg-type]


websocket_urlpatterns = [
    socket_path("ws/bench/", BenchConsumer),
    socket_path("ws/job/<uuid:id>/", JobConsumer),
    socket_path("ws/bell/", NotificationConsumer),
]


class OwnPagesOnly(OriginValidator):
    """Rejects sockets from pages of other sites, which would carry our visitors' cookies.

    A browser always sends the origin of the page. A request without one comes from another program,
    which has nobody's cookies, and is accepted.
    """

    def valid_origin(self, parsed_origin: ParseResult | None) -> bool:
        return parsed_origin is None or super().valid_origin(parsed_origin)
