"""SHA-256 of files that may be many gigabytes: read in pieces, and remembered between starts.

A digest is remembered under the file's path with its size, time of change and inode, so that a
changed or replaced file is read again. Only large files are remembered: small ones are read as
quickly as the memory of them.
"""

import hashlib
import json
import threading
import time
from pathlib import Path
from typing import Any

from generation.locks import hold_lock

MIN_REMEMBERED = 2**26  # Bytes; less takes a tenth of a second to read.
# A file that changed so recently may change once more within the same tick of the disk's clock.
SETTLED_NS = 2_000_000_000
NAME = "file_digests.json"

_lock = threading.Lock()
_folder: Path | None = None


def remember_in(folder: Path | None) -> None:
    """Set the folder where digests are remembered between starts; None for nowhere."""
    global _folder
    _folder = folder


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in small hex digits. Raises OSError for one that cannot be read."""
    path = path.resolve()
    before = _state_of(path)
    if before[0] >= MIN_REMEMBERED and (known := _read().get(str(path))) and known[:3] == before:
        return str(known[3])
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    is_settled = time.time_ns() - before[1] > SETTLED_NS and _state_of(path) == before
    if before[0] >= MIN_REMEMBERED and is_settled:
        _remember(path, [*before, digest])
    return digest


def _state_of(path: Path) -> list[int]:
    """Size in bytes, time of the last change in nanoseconds, and inode."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ino]


def _read() -> dict[str, list[Any]]:
    """What is remembered, by path; nothing where the memory is missing or damaged."""
    if _folder is None:
        return {}
    try:
        found = json.loads((_folder / NAME).read_text(encoding="utf-8"))
        return {path: row for path, row in found.items() if len(row) == 4}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _remember(path: Path, row: list[Any]) -> None:
    """Add a row, and drop those of files that are gone. A folder that is full or closed to writing
    only means that the file is read again.
    """
    if _folder is None:
        return
    try:
        with _lock, hold_lock(_folder / f"{NAME}.lock"):
            rows = {name: known for name, known in _read().items() if Path(name).exists()}
            partial = _folder / f"{NAME}.partial"
            partial.write_text(json.dumps(rows | {str(path): row}, indent=1), encoding="utf-8")
            partial.replace(_folder / NAME)
    except OSError:
        return
