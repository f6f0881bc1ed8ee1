"""Locks between processes: an open file that one of them holds.

A lock belongs to the open file, so it goes with the process, however that ends: a killed one leaves
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


def lock(file: BinaryIO, *, waits: bool = False) -> bool:
    """Lock an open file for this process; returns whether that succeeded.

    Closing the file unlocks it. waits: wait until it is free, instead of failing at once.
    """
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if waits else msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Let only one process at a time into the block; the others wait.

    path: the file that they lock, which is made if it is missing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        lock(file, waits=True)
        yield
