"""`manage.py serve`, behind `make run`: prepare what is missing, then become the server.

Prepared are translations, tables, static files and species. The demo garden grows behind the open
site (`gallery.demo.growing`).
"""

import errno
import hashlib
import os
import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gallery import studio
from gallery.core.checks import report_settings
from gallery.demo.growing import start_planting, stop_growing
from gallery.i18n.catalogues import compile_stale
from gallery.models import Artwork, Planting
from gallery.species.actions import sync_species
from genart_site.server import serve
from generation.refusal import Refused

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Command(BaseCommand):
    help = "Prepare what is missing, then open the site."
    requires_system_checks: list[str] = []  # The checks of the settings follow; others are ours.

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
        host, number = host.strip("[]"), read_port(port)
        report_settings()
        if not prepare_only:
            check_address(host, number)
        self.prepare()
        if prepare_only:
            return
        # Only now, because the application looks for its static files when it is made.
        serve(host, number, when_open=lambda: self.open(host, number))
        stop_growing()
        is_growing = settings.DEMO_GARDEN and Planting.objects.unfinished().exists()
        more = " The demo garden goes on growing at the next start." if is_growing else ""
        self.stdout.write(f"\n{settings.GARDEN_NAME} is closed.{more}")
        self.stdout.flush()
        # At once: whatever a thread was doing, a job or a work of the garden, is done anew from its
        # start next time, as after a power cut.
        os._exit(0)

    def open(self, host: str, port: int) -> None:
        """Called once the port answers: the nets' libraries are loaded behind the first pages."""
        self.tell_address(host, port)
        studio.warm_up()

    def tell_address(self, host: str, port: int) -> None:
        self.stdout.write(
            f"\n{settings.GARDEN_NAME} is open at {address_of(host, port)}   (Ctrl+C closes it)"
        )
        if settings.ORIGIN:
            self.stdout.write(f"The world reaches it at {settings.ORIGIN}{settings.ROOT_PATH}/")
        elif host not in LOOPBACK:
            self.stdout.write(
                f"It answers to these names (ARBORETUM_HOSTS): {', '.join(settings.ALLOWED_HOSTS)}"
            )
        if settings.DEMO_GARDEN and settings.RUN_JOBS and Planting.objects.unfinished().exists():
            self.stdout.write("The demo garden grows meanwhile; the wall says how far it is.")
        self.stdout.flush()

    def prepare(self) -> None:
        """Each step is quick when there is nothing to do."""
        compile_stale()
        call_command("migrate", verbosity=0, interactive=False)
        stamp = settings.DATA_DIR / "static.stamp"
        fingerprint = static_fingerprint()
        if not settings.DEBUG and (not stamp.exists() or stamp.read_text() != fingerprint):
            self.stdout.write("Collecting styles and scripts.")
            self.stdout.flush()
            stamp.unlink(missing_ok=True)  # Where this is interrupted, it is done anew.
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            stamp.write_text(fingerprint)
        sync_species()
        is_new = not Artwork.objects.exists() and not Planting.objects.exists()
        if settings.DEMO_GARDEN and is_new:
            try:
                start_planting()
            except Refused as refused:
                self.stderr.write(refused.sentence)


def address_of(host: str, port: int) -> str:
    """An address of this machine's browser for a server that listens on `host`."""
    if host in ("", "0.0.0.0"):
        host = "127.0.0.1"
    elif ":" in host:
        host = "[::1]" if host == "::" else f"[{host}]"
    return f"http://{host}:{port}{settings.ROOT_PATH}/"


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
    try:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
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
