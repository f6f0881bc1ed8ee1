"""Locks between processes: an open file that one process holds.

A lock belongs to the open file, so it ends with its process, however that ends: a killed one leaves
nothing to clear away.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


def lock(file: BinaryIO, *, wait: bool = False) -> bool:
    """Lock an open file for this process; closing it releases the lock.

    wait: block until the file is free. Returns whether the file is locked now.
    """
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Hold the lock of the file at `path`, which is made if it is missing; waits for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        lock(file, wait=True)
        yield
