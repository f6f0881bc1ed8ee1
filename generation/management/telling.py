"""How the studio's commands speak: whatever goes wrong ends in one sentence, never in a page of
code.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from generation.data.prepared_folder import readable
from generation.refusal import Refused

STOPPED = 130  # What shells call a program that Ctrl-C ended.


def _interrupt(signal_number: int, frame: object) -> None:
    raise KeyboardInterrupt


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """Refusals, full disks and folders that may not be written become a CommandError; SIGTERM ends
    the block like Ctrl-C.
    """
    # A service manager stops with SIGTERM; what Ctrl-C would save or clear away is saved and
    # cleared away then as well.
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    except Refused as refusal:
        raise CommandError(refusal.sentence) from refusal
    except OSError as error:
        refusal = Refused(
            "{place} cannot be read or written ({reason}). Mend that and run this again.",
            place=readable(str(error.filename or "A file")),
            reason=error.strerror or error,
        )
        raise CommandError(refusal.sentence) from error
    except KeyboardInterrupt as stop:
        refusal = Refused("Stopped. The same command begins again, and fetches nothing twice.")
        raise CommandError(refusal.sentence, returncode=STOPPED) from stop
    finally:
        signal.signal(signal.SIGTERM, before)
