"""How apt fetches the upstream archive of a Debian source package.

Most machines list only binary packages, and their lists are left as they are. apt needs "deb-src"
entries; they are made from the machine's own entries in a private folder, so that nothing of the
machine is changed.
"""

import re
from pathlib import Path

from generation.refusal import Refused

SYSTEM_SOURCES = Path("/etc/apt")


def source_entries(system: Path = SYSTEM_SOURCES) -> dict[str, str]:
    """Return private apt lists, file name -> content.

    They hold every "deb" entry of the machine as a "deb-src" entry.
    """
    entries = {}
    for path in [system / "sources.list", *sorted((system / "sources.list.d").glob("*"))]:
        if path.suffix not in (".list", ".sources") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"^Types:.*$", "Types: deb-src", text, flags=re.MULTILINE)
        entries[path.name] = re.sub(r"^deb\s", "deb-src ", text, flags=re.MULTILINE)
    if not entries:
        raise Refused(
            "This set is in a Debian source package, and this machine has no apt. Fetch it on a"
            " Debian machine."
        )
    return entries


def source_commands(name: str, *, private: Path) -> list[list[str]]:
    """Return the two commands that fetch the package's archive into the current folder.

    private: a folder below which the apt lists are written.
    """
    private = private.resolve()
    (private / "parts").mkdir(parents=True, exist_ok=True)
    (private / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    for file, content in source_entries().items():
        (private / "parts" / file).write_text(content, encoding="utf-8")
    places = {
        "Dir::Etc::sourcelist": private / "none",
        "Dir::Etc::sourceparts": private / "parts",
        "Dir::State::lists": private / "lists",
    }
    apt = [
        "apt-get",
        "-q",
        *(part for key, value in places.items() for part in ("-o", f"{key}={value}")),
    ]
    return [[*apt, "update"], [*apt, "source", "--tar-only", "--download-only", name]]
