"""Daphne with a limit on the size of requests.

`manage.py serve` runs it; `python -m genart_site.server` takes Daphne's arguments. Daphne reads a
whole body before Django sees the request, and needs several times its size in memory; so a body
larger than the site's largest upload is refused at its first bytes.
"""

import threading
from collections.abc import Callable
from typing import Any

from daphne import http_protocol
from daphne.cli import CommandLineInterface
from daphne.endpoints import build_endpoint_description_strings
from daphne.server import Server
from daphne.utils import import_by_path
from twisted.internet import reactor

APPLICATION = "genart_site.asgi:application"

LARGEST_BODY = 24_000_000  # Bytes: a recording of 20 MB and the form around it.
SENTENCE = (
    b"This is larger than 20 MB, the most that this site accepts. Cut the recording to a minute, or"
    b" save it as MP3.\n"
)
ANSWER = (
    b"HTTP/1.1 413 Content Too Large\r\nContent-Type: text/plain; charset=utf-8\r\nConnection:"
    b" close\r\nContent-Length: %d\r\n\r\n%s" % (len(SENTENCE), SENTENCE)
)


class BoundedRequest(http_protocol.WebRequest):
    """A request whose body is limited, by its announced length and by the bytes received."""

    received = 0
    is_rejected = False

    def gotLength(self, length: int | None) -> None:
        super().gotLength(min(length or 0, LARGEST_BODY) if length is not None else None)
        if length is not None and length > LARGEST_BODY:
            self._reject()

    def handleContentChunk(self, data: bytes) -> None:
        self.received += len(data)
        if self.received > LARGEST_BODY and not self.is_rejected:
            self._reject()
        if not self.is_rejected:
            super().handleContentChunk(data)

    def _reject(self) -> None:
        self.is_rejected = True
        self.channel.transport.write(ANSWER)
        self.channel.loseConnection()


def serve(host: str, port: int, *, when_open: Callable[[], None]) -> None:
    """Serve the site until Ctrl-C or SIGTERM. when_open: called once the port answers.

    Import nothing of the application before its static files are collected.
    """
    http_protocol.WebRequest = BoundedRequest
    server = Server(
        application=import_by_path(APPLICATION),
        endpoints=build_endpoint_description_strings(host=host, port=port),
        verbosity=0,
        server_name="",
    )

    loop: Any = reactor  # Its interfaces confuse type checkers.

    def tell() -> None:
        if server.listening_addresses:
            # Not in this thread: it belongs to requests, and telling may ask the database.
            threading.Thread(target=when_open, daemon=True).start()
        else:  # The next turn of the loop.
            loop.callLater(0.05, tell)

    loop.callWhenRunning(tell)
    server.run()


def main() -> None:
    http_protocol.WebRequest = BoundedRequest
    CommandLineInterface.entrypoint()


if __name__ == "__main__":
    main()
