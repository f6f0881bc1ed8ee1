"""`manage.py serve`, behind `make run`: prepare what is missing, then become the server.

Prepared are translations, tables, static files, species and the demo garden.
"""

import errno
import hashlib
import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gallery.i18n.catalogues import compile_stale
from gallery.models import Artwork
from gallery.species.actions import sync_species

APPLICATION = "genart_site.asgi:application"


class Command(BaseCommand):
    help = "Prepare what is missing, then open the site."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--host",
            default=os.environ.get("HOST") or "127.0.0.1",
            help="address to listen on (HOST)",
        )
        parser.add_argument(
            "--port", default=os.environ.get("PORT") or "8000", help="port to listen on (PORT)"
        )
        parser.add_argument(
            "--prepare-only", action="store_true", help="stop before the server starts"
        )

    def handle(self, *, host: str, port: str, prepare_only: bool, **options: Any) -> None:
        number = read_port(port)
        if not prepare_only:
            check_address(host, number)
        self.prepare()
        if prepare_only:
            return
        shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
        self.stdout.write(
            f"\n{settings.GARDEN_NAME} is open at http://{shown}:{number}/   (Ctrl+C closes it)"
        )
        if host not in ("127.0.0.1", "localhost", "::1"):
            self.stdout.write(
                f"It answers to these names (ARBORETUM_HOSTS): {', '.join(settings.ALLOWED_HOSTS)}"
            )
        self.stdout.flush()
        os.execv(sys.executable, daphne_command(host, number))

    def prepare(self) -> None:
        """Each step is quick when there is nothing to do."""
        compile_stale()
        call_command("migrate", verbosity=0, interactive=False)
        stamp = settings.DATA_DIR / "static.stamp"
        fingerprint = static_fingerprint()
        if not settings.DEBUG and (not stamp.exists() or stamp.read_text() != fingerprint):
            self.stdout.write("Collecting styles and scripts.")
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            stamp.write_text(fingerprint)
        sync_species()
        if settings.DEMO_GARDEN and not Artwork.objects.exists():
            self.stdout.write("Planting the demo garden: a minute or two, this once.")
            call_command("seed_garden")


def read_port(text: str) -> int:
    """The port as a number from 1 to 65535. Raises CommandError for anything else."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise CommandError(f"PORT must be a number from 1 to 65535, not “{text[:20]}”.")
    return int(text)


def check_address(host: str, port: int) -> None:
    """Raises CommandError, with what to do, where the server could not listen.

    Asked first, so that nobody waits for the preparations in vain.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                another = port % 65535 + 1
                raise CommandError(
                    f"Port {port} is already in use. Choose another: make run PORT={another}"
                ) from error
            reason = error.strerror or error
            raise CommandError(
                f"Cannot listen on {host}, port {port}: {reason}. Try: make run HOST=127.0.0.1"
            ) from error


def static_fingerprint() -> str:
    """A digest that changes with any static file of the site or its packages."""
    digest = hashlib.sha256(str(settings.STATIC_ROOT).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def daphne_command(host: str, port: int) -> list[str]:
    """The command line of the server, without a log line for every request.

    Behind a proxy it believes the proxy's headers about the client.
    """
    arguments = ["--verbosity", "0", "--no-server-name", "--bind", host, "--port", str(port)]
    command = [sys.executable, "-m", "genart_site.server", *arguments]
    if settings.SECURE_PROXY_SSL_HEADER:
        command.append("--proxy-headers")
    return [*command, APPLICATION]
