"""Locks between processes: an open file that one of them holds.

A lock belongs to the open file, so it goes with the process, however that ends: a killed one leaves
nothing to clear away.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows locks files by another module.
    import msvcrt

    fcntl = None


def lock(file: BinaryIO, *, waits: bool = False) -> bool:
    """Whether the file could be locked for this process; closing it gives the lock back. `waits`:
    until it is free.
    """
    try:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if waits else msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True


@contextmanager
def by_turns(path: Path) -> Iterator[None]:
    """Let one process after the other through; `path` is the file that they lock, made if it is
    missing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        lock(file, waits=True)
        yield
