"""Servers of other programs that paint for this site: ComfyUI, AUTOMATIC1111's web UI, SD.Next.

Their addresses stand in the variable ARBORETUM_REMOTE_SERVERS alone, where only the operator can
write: "attic=http://192.168.1.9:8188,cellar=https://me:secret@cellar.example/sd". The card of a
species gives no more than a name of one.
"""

import os
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from generation.refusal import Refused

VARIABLE = "ARBORETUM_REMOTE_SERVERS"
SECONDS_VARIABLE, USUAL_SECONDS = "ARBORETUM_REMOTE_SECONDS", 300
WANTED = "must hold names and addresses, such as attic=http://192.168.1.9:8188"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")


@dataclass(frozen=True)
class Server:
    """Where a server is. path: before those of its API, or empty. login: "user:password"."""

    name: str
    is_https: bool
    host: str
    port: int
    path: str = ""
    login: str = ""


def read_servers(text: str) -> dict[str, Server]:
    """The servers by their names. Raises ValueError, which does not repeat the text."""
    found: dict[str, Server] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, address = part.partition("=")
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        if (
            not _NAME.fullmatch(name)
            or name in found
            or parts.scheme not in ("http", "https")
            or not _HOST.fullmatch(host)
            or parts.query
            or parts.fragment
            or not re.fullmatch(r"[A-Za-z0-9._~/-]*", parts.path)
        ):
            raise ValueError(WANTED)
        is_https = parts.scheme == "https"
        login = f"{parts.username}:{parts.password or ''}" if parts.username else ""
        found[name] = Server(
            name=name,
            is_https=is_https,
            host=host,
            port=port or (443 if is_https else 80),
            path=parts.path.rstrip("/"),
            login=unquote(login),
        )
    return found


def find_server(name: str) -> Server:
    """The server with this name. Raises Refused where the operator has named none."""
    try:
        servers = read_servers(os.environ.get(VARIABLE, ""))
    except ValueError as error:
        raise Refused("{variable} cannot be read.", variable=VARIABLE) from error
    if name not in servers:
        raise Refused(
            "No server is called “{name}” here. The site's operator names servers in {variable}.",
            name=name[:40],
            variable=VARIABLE,
        )
    return servers[name]


def seconds_for_a_picture() -> float:
    """How long a server may take for one picture."""
    return float(os.environ.get(SECONDS_VARIABLE) or USUAL_SECONDS)
