"""A reverse proxy as an operator puts in front of the site: one path is the site's, no other."""

import socket
import socketserver
import threading
from typing import ClassVar

PATH = "/garden"
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class ReverseProxy:
    """Passes what is below PATH on to a port of this machine, requests and sockets alike.

    is_stripping: whether it takes PATH away, as some proxies do. refused: the addresses that were
    asked for outside of PATH; a page of the site must ask for none.
    """

    def __init__(self, target: int, *, is_stripping: bool = False) -> None:
        refused: list[str] = []

        class Handler(_Handler):
            pass

        Handler.target, Handler.is_stripping, Handler.refused = target, is_stripping, refused
        self.refused = refused
        self._server = _Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64


class _Handler(socketserver.BaseRequestHandler):
    """One request, or one socket until it closes."""

    target: ClassVar[int]
    is_stripping: ClassVar[bool]
    refused: ClassVar[list[str]]

    def handle(self) -> None:
        received = b""
        while b"\r\n\r\n" not in received:
            chunk = self.request.recv(65536)
            if not chunk:
                return
            received += chunk
        head, _, body = received.partition(b"\r\n\r\n")
        first, *headers = head.split(b"\r\n")
        method, address, version = first.split(b" ")
        path = address.decode()
        if path != PATH and not path.startswith((f"{PATH}/", f"{PATH}?")):
            if path != "/favicon.ico":  # Browsers ask for it by themselves.
                self.refused.append(path)
            self.request.sendall(MISSING)
            return
        if self.is_stripping:
            path = path.removeprefix(PATH) or "/"
        upgrades = any(line.lower().startswith(b"upgrade:") for line in headers)
        if not upgrades:  # One request a connection, so that nothing but heads is read here.
            headers = [line for line in headers if not line.lower().startswith(b"connection:")]
            headers.append(b"Connection: close")
        headers += [b"X-Forwarded-For: 203.0.113.9", b"X-Forwarded-Proto: http"]
        lines = [b" ".join((method, path.encode(), version)), *headers]
        with socket.create_connection(("127.0.0.1", self.target)) as site:
            site.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
            back = threading.Thread(target=_pump, args=(site, self.request), daemon=True)
            back.start()
            _pump(self.request, site, is_last=False)
            back.join()


def _pump(source: socket.socket, target: socket.socket, *, is_last: bool = True) -> None:
    """Pass bytes on until the source ends. is_last: then close the target for both sides."""
    try:
        while chunk := source.recv(65536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_RDWR if is_last else socket.SHUT_WR)
    except OSError:
        pass
