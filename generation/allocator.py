"""C's allocator (glibc), which keeps what large work has used until it is told to give it back."""

import ctypes
from contextlib import suppress


def trim() -> None:
    """Give the system what is free. Other allocators do so by themselves, or cannot."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
