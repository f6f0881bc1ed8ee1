"""Reads the ARBORETUM_* variables of the environment and of the file .env, and checks each.

A variable that is set but empty counts as not set, because `${X:-}` of Docker Compose makes it so.
"""

import difflib
import io
import ipaddress
import os
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import environ

PREFIX = "ARBORETUM_"
YES = frozenset({"1", "true", "yes", "on", "y", "t"})
NO = frozenset({"0", "false", "no", "off", "n", "f"})
LINE = re.compile(r"(export )?[A-Za-z_][A-Za-z0-9_]*=")
MAX_SHOWN = 60  # Characters of a bad value that a sentence repeats.
# What was renamed -> what to do instead.
RENAMED = {
    "BEHIND_PROXY": (
        "set ARBORETUM_PROXIES to the number of proxies in front of the site instead, usually 1"
    )
}


class BadVariable(SystemExit):
    """A variable has a value that the site cannot start with; the message is one sentence.

    A SystemExit, because settings are read while modules are imported: whoever imports them (a
    command, Daphne or another server) ends with the sentence instead of a traceback.
    """


@dataclass(frozen=True)
class Origin:
    """A public address in parts. site: scheme and host. path: below it, such as /garden, or ""."""

    site: str = ""
    path: str = ""

    @property
    def host(self) -> str:
        """The host name without its port."""
        host = urlsplit(self.site).hostname or ""
        return f"[{host}]" if ":" in host else host


class Variables:
    """The variables of one environment; every reader notes the name that it was asked for."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._values = {
            name.removeprefix(PREFIX): value.strip()
            for name, value in environment.items()
            if name.startswith(PREFIX) and value.strip()
        }
        self._read: set[str] = set()
        for name, advice in RENAMED.items():
            if name in self._values:
                raise BadVariable(f"{PREFIX}{name} is not read any more: {advice}.")

    def text(self, name: str, default: str = "") -> str:
        self._read.add(name)
        return self._values.get(name, default)

    def flag(self, name: str, default: bool) -> bool:
        """Yes or no."""
        value = self.text(name, "1" if default else "0").lower()
        if value not in YES | NO:
            refuse(name, value, "must be 1 (yes, on, true) or 0 (no, off, false)")
        return value in YES

    def number(self, name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
        """A whole number from least to most."""
        value = self.text(name, str(default))
        if not re.fullmatch(r"[0-9]{1,12}", value) or not least <= int(value) <= most:
            limit = f"from {least} to {most}" if most < 10**9 else f"of {least} or more"
            refuse(name, value, f"must be a whole number {limit}")
        return int(value)

    def share(self, name: str, default: float) -> float:
        """A number from 0 to 1."""
        value = self.text(name, str(default))
        if not re.fullmatch(r"[0-9]*\.?[0-9]+", value) or not 0 <= float(value) <= 1:
            refuse(name, value, "must be a number from 0 to 1, such as 0.8")
        return float(value)

    def choice(self, name: str, default: str, options: Sequence[str]) -> str:
        """One of the options, written in capitals or not."""
        value = self.text(name, default)
        found = [option for option in options if option.lower() == value.lower()]
        if not found:
            refuse(name, value, f"must be one of {', '.join(options)}")
        return found[0]

    def names(self, name: str, default: str = "") -> list[str]:
        """A list separated by commas."""
        return [part.strip() for part in self.text(name, default).split(",") if part.strip()]

    def hosts(self, name: str, default: str) -> list[str]:
        """Host names without schemes, ports and paths."""
        found = []
        for host in self.names(name, default):
            if is_ipv6(host):
                found.append(f"[{host}]")
            elif re.fullmatch(r"\*|\.?[\w-]+(\.[\w-]+)*", host) or is_ipv6(host[1:-1]):
                found.append(to_ascii(host))
            else:
                refuse(
                    name, host, "must hold names alone, such as garden.example,www.garden.example"
                )
        return found

    def origin(self, name: str) -> Origin:
        """A public address; a path in it is where the site begins."""
        value = self.text(name)
        if not value:
            return Origin()
        wanted = "must be an address such as https://garden.example"
        try:
            parts = urlsplit(value)
            port, host = parts.port, to_ascii(parts.hostname or "")
        except ValueError:
            refuse(name, value, wanted)
        if (
            parts.scheme not in ("http", "https")
            or not re.fullmatch(r"[a-z0-9._:-]+", host)
            or parts.username is not None
            or parts.query
            or parts.fragment
        ):
            refuse(name, value, wanted)
        path = re.sub(r"/+", "/", parts.path).rstrip("/")
        if not re.fullmatch(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*", path):
            refuse(name, value, f"{wanted} or https://example.org/garden")
        host = f"[{host}]" if ":" in host else host
        # Browsers leave out the port that a scheme has anyway.
        is_usual = port is None or port == {"http": 80, "https": 443}[parts.scheme]
        return Origin(f"{parts.scheme}://{host}" + ("" if is_usual else f":{port}"), path)

    def parsed(
        self, name: str, parse: Callable[[str], dict[str, Any]], *, key: str
    ) -> dict[str, Any]:
        """What django-environ reads from an address such as smtp://host; {} if it is not set.

        key: of what every readable address has.
        """
        value = self.text(name)
        if not value:
            return {}
        try:
            with warnings.catch_warnings(action="ignore"):
                found = parse(value)
        except Exception:  # It raises many kinds, none of them documented.
            found = {}
        if not found.get(key):
            # The value may hold a password, so it is not repeated.
            raise BadVariable(f"{PREFIX}{name} cannot be read; README.md shows what it looks like.")
        return found

    def path(self, name: str, default: Path, *, base: Path) -> Path:
        """A file or folder; a relative one counts from `base`."""
        value = self.text(name)
        return (base / Path(value).expanduser()).resolve() if value else default

    def unknown(self) -> list[str]:
        """A sentence for each variable that nothing reads, with the nearest name that is read."""
        sentences = []
        for name in sorted(set(self._values) - self._read):
            near = difflib.get_close_matches(name, self._read, n=1)
            advice = f"did you mean {PREFIX}{near[0]}?" if near else "README.md lists all of them."
            sentences.append(f"There is no setting {PREFIX}{name}; {advice}")
        return sentences


def refuse(name: str, value: str, wanted: str) -> NoReturn:
    """End with a sentence about a variable. wanted: what it must be."""
    shown = value if len(value) <= MAX_SHOWN else f"{value[:MAX_SHOWN]}…"
    raise BadVariable(f"{PREFIX}{name} {wanted}, not “{shown}”.")


def to_ascii(host: str) -> str:
    """A host name as browsers send it: lower case, other alphabets in Punycode.

    Raises ValueError for what is none.
    """
    return host.lower() if host.isascii() else host.lower().encode("idna").decode("ascii")


def is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def read_variables(file: Path) -> Variables:
    """The variables of this process, and of the file `.env` where the process has none.

    They are set in the environment of the process too, and empty ones are removed from it, so that
    the studio, which knows no settings, reads the same.
    """
    _forget_empty()
    if file.is_file():
        environ.Env.read_env(io.StringIO(_read_file(file)))
        _forget_empty()
    return Variables(os.environ)


def _forget_empty() -> None:
    for name, value in list(os.environ.items()):
        if name.startswith(PREFIX) and not value.strip():
            del os.environ[name]


def _read_file(file: Path) -> str:
    """The lines of an .env file, each of which must be one that django-environ understands."""
    try:
        # Editors on Windows put a byte order mark before the first line.
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadVariable(f"{file} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise BadVariable(f"{file} is not encoded in UTF-8; save it as UTF-8 text.") from None
    lines = [line.strip() for line in text.splitlines()]
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("#") and not LINE.match(line):
            # Such a line may hold a secret, so it is not repeated.
            raise BadVariable(
                f"Line {number} of {file} must look like ARBORETUM_NAME=value, without spaces"
                " around the sign."
            )
    return "\n".join(lines)
