"""The door: HTTP to Django, websockets to the consumers, and the job runner of this process."""

import os
import sys

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genart_site.settings")
http = get_asgi_application()  # First of all: it loads the apps that the imports below need.

from gallery.job_runner import start_runner  # noqa: E402
from gallery.routing import OwnPagesOnly, websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": OwnPagesOnly(
            AuthMiddlewareStack(URLRouter(websocket_urlpatterns)), settings.ALLOWED_HOSTS
        ),
    }
)
# Sockets and nets share one interpreter. The net asks for it a thousand times a second, for an
# instant each; at Python's usual 5 ms a busy socket would make it wait almost as often (measured: 4
# % more frames at 32 clients).
sys.setswitchinterval(0.001)
# Daphne has no start-up event; without this, jobs that a crash left waiting would wait for the
# first visitor too.
start_runner()
