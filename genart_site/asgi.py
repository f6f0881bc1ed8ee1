"""The ASGI application: HTTP goes to Django, websockets to consumers; starts the job runner."""

import os
import sys
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genart_site.settings")
http = get_asgi_application()  # First, because it loads the apps that the imports below need.

from gallery.core.checks import report_settings  # noqa: E402
from gallery.demo.growing import grow_next  # noqa: E402
from gallery.job_runner import start_runner  # noqa: E402
from gallery.routing import OwnPagesOnly, websocket_urlpatterns  # noqa: E402


class BelowRootPath:
    """Lets the site stand below a path, whether the proxy in front keeps that path or strips it."""

    def __init__(self, inner: Any, root: str) -> None:
        self.inner, self.root = inner, root

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        if path != self.root and not path.startswith(f"{self.root}/"):
            path = self.root + path
        await self.inner({**scope, "path": path, "root_path": ""}, receive, send)


routes: Any = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": OwnPagesOnly(
            # The stubs expect a private subclass of URLPattern.
            AuthMiddlewareStack(URLRouter(websocket_urlpatterns)),  # type: ignore[arg-type]
            settings.ALLOWED_HOSTS,
        ),
    }
)
application = BelowRootPath(routes, settings.ROOT_PATH) if settings.ROOT_PATH else routes
report_settings()
# Sockets and nets share one interpreter. A net needs it a thousand times a second, for an instant
# each; at Python's default of 5 ms it would often wait for a busy socket (measured: 1 ms gives 4 %
# more frames with 32 clients).
sys.setswitchinterval(0.001)
# Daphne has no start-up event. Started here, the runner takes up jobs that a crash left behind
# without waiting for the first request. When no job waits, the demo garden grows.
start_runner(when_idle=grow_next)
