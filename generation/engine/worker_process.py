"""The engine's end of the conversation with a worker: a process that is started, watched, replaced.

See `generation.engine.messages` for what is said. Only the engine's thread renders; the figures may
be read from any thread.
"""

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from generation.engine.frames import Frame, RenderFailed, RenderKey, Subject
from generation.engine.messages import (
    Done,
    Failed,
    GoOn,
    Loading,
    Message,
    Ready,
    Render,
    Residents,
    Stop,
    Yield,
)
from generation.genome import Genome
from generation.refusal import Refused
from generation.yielding import YieldPoint

RENDERER = "generation.engine.render:render_batch"
ROOT = Path(__file__).resolve().parent.parent.parent
# A child at which so many workers ended is not tried again.
MOST_DEATHS = 3
RETRY_S = 2.0
BROKEN_RETRY_S = 60.0
STOPPING_S = 5.0

logger = logging.getLogger(__name__)


class _Ended(Exception):
    """The worker is gone, or was ended because it no longer answered."""


class WorkerProcess:
    """A worker behind the function `render_batch`.

    renderer: "module:function" that renders in the worker. silence_s: a worker that says nothing
    for so long is stuck and is replaced; loading_s: the same while it starts or loads a net.
    """

    def __init__(
        self,
        *,
        renderer: str = RENDERER,
        silence_s: float = 60.0,
        loading_s: float = 900.0,
    ) -> None:
        self._renderer, self._silence_s, self._loading_s = renderer, silence_s, loading_s
        # Held while a batch runs, and while the figures are brought up to date.
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._is_ready = self._is_closed = False
        self._loading: tuple[str, float] | None = None
        self._residents = Residents()
        self._deaths: Counter[str] = Counter()
        # Whether the worker that ended last was ready, and how many in a row were not.
        self._was_ready = True
        self._failed_starts, self._failed_at = 0, 0.0
        self.starts = 0

    def start(self) -> None:
        """Start the worker if none runs; it imports its libraries while the caller goes on."""
        with self._lock:
            if self._is_closed or self.pid is not None:
                return
            self._forget()
            ours, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [
                        sys.executable,
                        "-m",
                        "generation.engine.worker",
                        str(theirs.fileno()),
                        self._renderer,
                    ],
                    pass_fds=[theirs.fileno()],
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    env=os.environ | {"PYTHONPATH": os.pathsep.join(_import_path())},
                )
            self._connection = Connection(ours.detach())
            self.starts += 1

    def render_batch(
        self, key: RenderKey, subjects: list[Subject], yield_point: YieldPoint
    ) -> Sequence[Frame]:
        """Render in the worker; see `generation.engine.render.render_batch`.

        Raises Refused with `retry_after` when the worker ends meanwhile: nothing is wrong with the
        subjects then. After MOST_DEATHS workers in a row ended at them, raises RenderFailed.
        """
        with self._lock:
            marks = [_mark(key, subject) for subject in subjects]
            if any(self._deaths[mark] >= MOST_DEATHS for mark in marks):
                raise RenderFailed(
                    f"{MOST_DEATHS} workers ended while they rendered this child of {key}."
                )
            self._check_starts()
            try:
                connection = self._ask(Render(key, tuple(subjects)))
                frames = self._converse(connection, yield_point)
            except _Ended:
                # Of several nobody knows which one it was; the engine renders each alone next.
                if self._was_ready and len(marks) == 1:
                    self._deaths.update(marks)
                raise _interrupted() from None
            for mark in marks:
                self._deaths.pop(mark, None)
            return frames

    def _check_starts(self) -> None:
        """Raise Refused where workers end before they are ready, until some time has passed."""
        if self._failed_starts < MOST_DEATHS:
            return
        left_s = self._failed_at + BROKEN_RETRY_S - time.monotonic()
        if left_s > 0:
            raise Refused(
                "The studio's nets cannot be started here. Its operator finds the reason in the"
                " log.",
                retry_after=round(left_s, 1),
            )

    def _ask(self, request: Render) -> Connection:
        """Send a request to a worker, starting one where the last has ended unnoticed."""
        for _ in range(2):
            self.start()
            if self._connection is None:
                raise _closed()
            try:
                self._drain()
                self._connection.send(request)
                return self._connection
            except (OSError, EOFError):
                self._end()
        raise _Ended

    def _converse(self, connection: Connection, yield_point: YieldPoint) -> Sequence[Frame]:
        while True:
            match self._receive(connection):
                case Yield(progress):
                    self._answer(connection, yield_point, progress)
                case Done(frames):
                    return frames
                case Failed(error):
                    raise error

    def _answer(self, connection: Connection, yield_point: YieldPoint, progress: float) -> None:
        """Ask the engine what the worker is to do, and tell it."""
        try:
            yield_point(progress)
        except BaseException:
            if connection is self._connection:
                self._send(connection, Stop())
                self._await_stop(connection)
            raise
        if connection is not self._connection:
            # It ended at a batch that was rendered inside of this one, which is to blame.
            raise _interrupted()
        self._send(connection, GoOn())

    def _await_stop(self, connection: Connection) -> None:
        """Wait until the worker has left its innermost batch, or has ended."""
        try:
            while True:
                match self._receive(connection):
                    case Done() | Failed():
                        return
                    case Yield():
                        self._send(connection, Stop())
        except _Ended:
            return

    def _send(self, connection: Connection, message: Message) -> None:
        try:
            connection.send(message)
        except OSError:
            self._end()
            raise _Ended from None

    def _receive(self, connection: Connection) -> Message:
        """The next message that is about a batch."""
        while True:
            patience = self._silence_s if self._is_ready and not self._loading else self._loading_s
            try:
                if not connection.poll(patience):
                    logger.error("The worker said nothing for %.0f s and is replaced.", patience)
                    self._end()
                    raise _Ended
                message = connection.recv()
            except (OSError, EOFError):
                self._end()
                raise _Ended from None
            if not self._note(message):
                return message

    def _note(self, message: Message) -> bool:
        """Take in what is about the worker itself; False for what is about a batch."""
        if isinstance(message, Ready):
            self._is_ready, self._failed_starts = True, 0
        elif isinstance(message, Loading):
            self._loading = (message.name, time.monotonic()) if message.name else None
        elif isinstance(message, Residents):
            self._residents = message
        else:
            return False
        return True

    def _drain(self) -> None:
        """Read what an idle worker said. Raises OSError or EOFError when it has ended."""
        while self._connection is not None and self._connection.poll(0):
            self._note(self._connection.recv())

    def residents(self) -> Residents:
        """Where the worker computes and what it keeps in memory, as far as it has told."""
        if self._lock.acquire(blocking=False):
            try:
                self._drain()
            except (OSError, EOFError):
                self._end()
            finally:
                self._lock.release()
        return self._residents

    def loading(self) -> tuple[str, float] | None:
        """The net that is being loaded and the seconds so far, or None."""
        loading = self._loading
        return (loading[0], time.monotonic() - loading[1]) if loading else None

    @property
    def pid(self) -> int | None:
        """The number of the running process."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def close(self) -> None:
        """End the worker for good, even in the middle of a batch."""
        self._is_closed = True
        process = self._process
        if process is not None:
            _kill(process)
        if self._lock.acquire(timeout=STOPPING_S):
            try:
                self._end()
            finally:
                self._lock.release()

    def _end(self) -> None:
        process = self._process
        if process is None:
            return
        self._was_ready = self._is_ready
        if not self._is_ready:
            self._failed_starts, self._failed_at = self._failed_starts + 1, time.monotonic()
        self._forget()
        code = process.poll()
        if code not in (None, 0) and not self._is_closed:
            logger.error("The worker ended (code %s); the next picture starts another.", code)
        _kill(process)

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None
        self._is_ready, self._loading = False, None
        self._residents = Residents()


def _kill(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    try:
        process.wait(STOPPING_S)
    except subprocess.TimeoutExpired:
        logger.error("The worker (process %d) does not end.", process.pid)


def _mark(key: RenderKey, subject: Subject) -> str:
    """What tells a subject from others when its worker ends."""
    name = subject.identity if isinstance(subject, Genome) else str(subject.tokens)
    return f"{key} {name}"


def _import_path() -> list[str]:
    """Where the worker finds modules: where this process does."""
    return [path for path in sys.path if path and Path(path).exists()]


def _interrupted() -> Refused:
    return Refused(
        "The studio had to start again. This goes on by itself in a moment.", retry_after=RETRY_S
    )


def _closed() -> Refused:
    return Refused("The studio is closing; try again in a minute.", retry_after=60.0)
