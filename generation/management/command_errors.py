"""How the studio's commands fail: with one sentence on the terminal, never with a traceback."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from generation.data.prepared_folder import printable
from generation.refusal import Refused

INTERRUPTED = 130  # The exit status that shells give a program which Ctrl-C ended.


def _interrupt(signal_number: int, frame: object) -> None:
    raise KeyboardInterrupt


@contextmanager
def as_command_errors() -> Iterator[None]:
    """Turn refusals, failures of the disk and Ctrl-C into a CommandError.

    SIGTERM, with which a service manager stops a program, ends the block like Ctrl-C, so that what
    is saved or cleared away after the one is saved or cleared away after the other as well.
    """
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    except Refused as refusal:
        raise CommandError(refusal.sentence) from refusal
    except OSError as error:
        unusable = Refused(
            "{place} cannot be read or written ({reason}). Mend that and run this again.",
            place=printable(str(error.filename or "A file")),
            reason=error.strerror or error,
        )
        raise CommandError(unusable.sentence) from error
    except KeyboardInterrupt as interrupt:
        stopped = Refused("Stopped. The same command begins again, and fetches nothing twice.")
        raise CommandError(stopped.sentence, returncode=INTERRUPTED) from interrupt
    finally:
        signal.signal(signal.SIGTERM, before)
