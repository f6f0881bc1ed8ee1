"""Where a call comes from: the network address that all limits of visitors count by."""

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"  # A server behind a socket file sees no address.


def address_of(request: HttpRequest) -> str:
    """The address behind a request."""
    return _find(
        [request.META.get("HTTP_X_FORWARDED_FOR", "")], peer=request.META.get("REMOTE_ADDR", "")
    )


def address_of_scope(scope: Mapping[str, Any]) -> str:
    """The address behind a socket, by its ASGI scope."""
    forwarded = [
        value.decode("latin-1")
        for name, value in scope.get("headers", [])
        if name == b"x-forwarded-for"
    ]
    return _find(forwarded, peer=str((scope.get("client") or ("",))[0]))


def _find(forwarded: Iterable[str], *, peer: str) -> str:
    """The entry of X-Forwarded-For that the outermost of our proxies has written.

    Every proxy adds at the end of the header whom it was called by; what stands before our proxies'
    entries anybody can have made up. forwarded: the header, once or several times. peer: who called
    us, which counts where no proxy is ours, or the header is none of theirs.
    """
    peer = peer or UNKNOWN
    entries = [entry.strip() for entry in ",".join(forwarded).split(",")]
    if not settings.PROXIES or len(entries) < settings.PROXIES:
        return peer
    return _read_address(entries[-settings.PROXIES]) or peer


def _read_address(entry: str) -> str:
    """An entry without its port, which some proxies write; "" if it is no address."""
    host = entry.partition("]")[0].lstrip("[") if entry.startswith("[") else entry
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return ""
