"""The worker: a process of its own that loads nets and renders.

A fault in a graphics driver poisons the process that it happens in, a net may hang or need more
memory than there is, and importing torch takes seconds. None of this reaches the website when the
nets live here: `generation.engine.worker_process` ends this process and starts another.
"""

import importlib
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from generation import devices
from generation.engine.frames import RenderBatch, RenderFailed
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
from generation.refusal import Refused
from generation.residency import nets
from generation.yielding import Abandoned

# Nets call their yield point many times a second; the engine is asked at most this often.
YIELD_EVERY_S = 0.004
IDLE_CHECK_S = 5.0


class Hungup(BaseException):
    """The other end of the connection is gone, so nobody needs anything any more."""


class Worker:
    """The worker's end of the conversation.

    render_batch: what renders.
    """

    def __init__(self, connection: Connection, *, render_batch: RenderBatch) -> None:
        self._connection, self._render_batch = connection, render_batch
        # Nets may be loaded in a thread beside the one that renders.
        self._sending = threading.Lock()
        self._yielded_at = 0.0

    def run(self) -> None:
        """Serve until the other end is closed."""
        try:
            prepare_nets(self.send)
            self.send(Ready())
            while True:
                while not self._connection.poll(IDLE_CHECK_S):
                    nets.release()
                message = self._receive()
                if isinstance(message, Render):
                    self._serve(message)
        except Hungup:
            return

    def send(self, message: Message) -> None:
        try:
            with self._sending:
                self._connection.send(message)
        except OSError:
            raise Hungup from None

    def _receive(self) -> Message:
        try:
            return self._connection.recv()
        except (EOFError, OSError):
            raise Hungup from None

    def _serve(self, request: Render) -> None:
        try:
            frames = self._render_batch(request.key, list(request.subjects), self._yield_point)
            answer: Message = Done(tuple(frames))
        except Hungup:
            raise
        # A net may raise anything, and the engine must hear of it.
        except BaseException as error:
            answer = Failed(_portable(error))
        self.send(answer)

    def _yield_point(self, progress: float) -> None:
        now = time.monotonic()
        if now - self._yielded_at < YIELD_EVERY_S:
            return
        self.send(Yield(progress))
        while True:
            match self._receive():
                case Render() as inner:
                    self._serve(inner)
                case Stop():
                    raise Abandoned
                case GoOn():
                    self._yielded_at = time.monotonic()
                    return


def _portable(error: BaseException) -> BaseException:
    """The error itself where the other process understands it, else its words."""
    if isinstance(error, Refused | Abandoned):
        return error
    words = "".join(traceback.format_exception(error))
    return RenderFailed(f"The net ended with {type(error).__name__}: {error}\n{words}")


def prepare_nets(send: Callable[[Message], None]) -> None:
    """Bind the nets of this process to its device, and tell `send` what happens to them."""

    @contextmanager
    def told(name: str) -> Iterator[None]:
        send(Loading(name))
        try:
            yield
        finally:
            send(Loading(""))

    def tell() -> None:
        send(Residents(devices.describe(), devices.problem(), devices.memory(), nets.sizes()))

    devices.prepare()
    nets.on_loading, nets.on_change = told, tell
    tell()


def main() -> None:
    """`python -m generation.engine.worker HANDLE MODULE:FUNCTION`, as the engine starts it.

    HANDLE: an inherited socket. The function renders batches.
    """
    handle, target = sys.argv[1:]
    # Ctrl-C in a terminal reaches all processes of the site; the website ends this one in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    module, _, name = target.partition(":")
    worker = Worker(
        Connection(int(handle)), render_batch=getattr(importlib.import_module(module), name)
    )
    worker.run()
    # Libraries' threads may still be at work on something that nobody needs.
    os._exit(0)


if __name__ == "__main__":
    main()
