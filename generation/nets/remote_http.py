"""Requests to a server that the operator named: bounded in time and size, and never led elsewhere.

Redirects are not followed, and proxies of the environment are not asked. Whatever a server answers
becomes data or a Refused; one that waiting may mend has `retry_after`.
"""

import base64
import contextlib
import http.client
import json
import secrets
import socket
import ssl
import threading
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from generation.prompts import cut_words
from generation.refusal import Refused
from generation.servers import Server

CONNECT_S = 5.0
ANSWER_S = 20.0  # For a request that needs no painting.
MAX_JSON = 8_000_000  # Bytes.
CHUNK = 65_536
RETRY_S = 10.0
BUSY = (429, 502, 503, 504)
LONGEST_REASON = 200


class Client:
    """Sends requests to one server."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @property
    def name(self) -> str:
        return self._server.name

    def get(self, path: str, *, most: int = MAX_JSON) -> bytes:
        """The body of an answer of at most so many bytes. Raises Refused."""
        return self._ask("GET", path, None, limit_s=ANSWER_S, most=most)

    def get_json(self, path: str) -> Any:
        """Raises Refused for what is no JSON, too."""
        return self._parse(self.get(path))

    def post_json(
        self, path: str, data: Any, *, limit_s: float = ANSWER_S, most: int = MAX_JSON
    ) -> Any:
        """What the server answers to this JSON; {} to nothing. Raises Refused as `get_json`."""
        body = self._ask("POST", path, json.dumps(data).encode(), limit_s=limit_s, most=most)
        return self._parse(body) if body.strip() else {}

    def post_file(self, path: str, field: str, name: str, data: bytes, **values: str) -> Any:
        """What the server answers to a form with a PNG file and other values. Raises Refused."""
        parts = [f'name="{key}"\r\n\r\n{value}'.encode() for key, value in values.items()]
        head = f'name="{field}"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'
        parts.append(head.encode() + data)
        mark = f"form-{secrets.token_hex(16)}"
        start = f"--{mark}\r\nContent-Disposition: form-data; ".encode()
        body = b"".join(start + part + b"\r\n" for part in parts) + f"--{mark}--\r\n".encode()
        kind = f"multipart/form-data; boundary={mark}"
        return self._parse(
            self._ask("POST", path, body, limit_s=ANSWER_S, most=MAX_JSON, kind=kind)
        )

    def listen(self, path: str) -> ClientConnection | None:
        """A web socket of the server; None where it has none, or none comes through to it."""
        server = self._server
        host = f"[{server.host}]" if ":" in server.host else server.host
        scheme = "wss" if server.is_https else "ws"
        try:
            return connect(
                f"{scheme}://{host}:{server.port}{server.path}{path}",
                ssl=ssl.create_default_context() if server.is_https else None,
                additional_headers=self._login(),
                compression=None,
                proxy=None,
                open_timeout=CONNECT_S,
                close_timeout=0.2,
                max_size=MAX_JSON,
            )
        except (OSError, WebSocketException):
            return None

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        *,
        limit_s: float,
        most: int,
        kind: str = "application/json",
    ) -> bytes:
        connection = self._connect(limit_s)
        # The limit of a socket starts again with each byte, so a clock of its own hangs up.
        is_late = threading.Event()
        clock = threading.Timer(limit_s, _hang_up, [connection, is_late])
        clock.daemon = True
        clock.start()
        try:
            connection.connect()
            if connection.sock is not None:
                connection.sock.settimeout(limit_s)
            headers = {"Accept": "*/*", "Connection": "close"} | self._login()
            if body is not None:
                headers["Content-Type"] = kind
            connection.request(method, self._server.path + path, body, headers)
            response = connection.getresponse()
            answer = self._read(response, most=most)
        except (TimeoutError, OSError, http.client.HTTPException) as error:
            if isinstance(error, TimeoutError) or is_late.is_set():
                raise late(self.name) from error
            if isinstance(error, OSError):
                raise Refused(
                    "The server “{name}”, which paints this species, cannot be reached. Pictures"
                    " wait until it answers.",
                    name=self.name,
                    retry_after=RETRY_S,
                ) from error
            raise rubbish(self.name) from error
        finally:
            clock.cancel()
            connection.close()
        if is_late.is_set():
            raise late(self.name)
        self._check_status(response.status, answer)
        return answer

    def _connect(self, limit_s: float) -> http.client.HTTPConnection:
        server, timeout = self._server, min(CONNECT_S, limit_s)
        if server.is_https:
            return http.client.HTTPSConnection(
                server.host, server.port, timeout=timeout, context=ssl.create_default_context()
            )
        return http.client.HTTPConnection(server.host, server.port, timeout=timeout)

    def _login(self) -> dict[str, str]:
        if not self._server.login:
            return {}
        return {"Authorization": f"Basic {base64.b64encode(self._server.login.encode()).decode()}"}

    def _read(self, response: http.client.HTTPResponse, *, most: int) -> bytes:
        parts: list[bytes] = []
        size = 0
        while part := response.read1(CHUNK):
            size += len(part)
            if size > most:
                raise Refused(
                    "The server “{name}” answers with more than {most} MB, which is too much.",
                    name=self.name,
                    most=most // 1_000_000,
                )
            parts.append(part)
        return b"".join(parts)

    def _check_status(self, status: int, answer: bytes) -> None:
        if status == 200:
            return
        if 300 <= status < 400:
            raise Refused(
                "The server “{name}” sends on to another address, which is not followed. The site's"
                " operator can name that address in its place.",
                name=self.name,
            )
        if status in (401, 403):
            raise Refused("The server “{name}” asks for another password.", name=self.name)
        if status in BUSY:
            raise Refused(
                "The server “{name}” is busy. Pictures wait until it has time.",
                name=self.name,
                retry_after=RETRY_S,
            )
        reason = _reason(answer)
        if status == 404 and not reason:
            raise rubbish(self.name)
        if "out of memory" in reason.lower() or "outofmemory" in reason.lower():
            raise self.out_of_memory()
        raise self.failed(reason or f"HTTP {status}")

    def _parse(self, body: bytes) -> Any:
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as error:
            raise rubbish(self.name) from error

    def failed(self, reason: str) -> Refused:
        """For an error that the server tells; reason: its own words."""
        return Refused(
            "The server “{name}” did not paint this picture: {reason}",
            name=self.name,
            reason=cut_words(reason)[:LONGEST_REASON],
        )

    def out_of_memory(self) -> Refused:
        return Refused(
            "There is too little memory on the server “{name}” to paint this picture.",
            name=self.name,
        )


def rubbish(name: str) -> Refused:
    """For an answer that is none of the API's, or no picture."""
    return Refused(
        "The server “{name}” does not answer as a painting server should. The site's operator"
        " can check its address, and start a web UI with --api.",
        name=name,
    )


def late(name: str) -> Refused:
    """For a server that takes too long."""
    return Refused(
        "The server “{name}” took too long over this picture and was told to stop. Try again"
        " later.",
        name=name,
    )


def _hang_up(connection: http.client.HTTPConnection, is_late: threading.Event) -> None:
    is_late.set()
    if connection.sock is not None:
        with contextlib.suppress(OSError):  # It may have ended by itself.
            connection.sock.shutdown(socket.SHUT_RDWR)


def _reason(answer: bytes) -> str:
    """What the JSON of an error says, in the forms of ComfyUI and of web UIs; empty without any."""
    try:
        data = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(data, dict):
        return ""
    said: list[Any] = []
    nodes = data.get("node_errors")
    for node in nodes.values() if isinstance(nodes, dict) else ():
        errors = node.get("errors") if isinstance(node, dict) else None
        for error in errors if isinstance(errors, list) else ():
            if isinstance(error, dict):
                said += [error.get("message"), error.get("details")]
    error = data.get("error")
    if not said and isinstance(error, dict):
        said = [error.get("message"), error.get("details")]
    elif not said:
        said = [error, data.get("errors"), data.get("detail")]
    return ": ".join(dict.fromkeys(part for part in said if isinstance(part, str) and part))
