"""Pictures on their way at another server: how far they are, and when nobody wants them any more.

Sources of what ComfyUI tells: its server.py (/ws) and comfy_execution/progress.py.
"""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from websockets.exceptions import ConnectionClosed

from generation.nets.remote_http import Client
from generation.servers import seconds_for_a_picture

POLL_S = 0.2


@dataclass
class Task:
    """A picture on its way. ends_at: of the monotonic clock. progress: 0 to 1, so far."""

    ends_at: float = field(default_factory=lambda: time.monotonic() + seconds_for_a_picture())
    progress: float = 0.0
    is_cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def left_s(self) -> float:
        return self.ends_at - time.monotonic()


class Progress:
    """What ComfyUI tells about its steps. listener: the name under which it tells them.

    It only tells them over a web socket. Without one, pictures come as well.
    """

    def __init__(self, client: Client, listener: str, task: Task) -> None:
        self._socket = client.listen(f"/ws?clientId={listener}")
        self._task = task
        self._done: dict[str, float] = {}  # By node, how much of its steps.

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()

    def wait(self, seconds: float, *, prompt: str, samplers: int) -> bool:
        """Follow the progress of a prompt for so long; whether its task was cancelled.

        samplers: how many nodes take steps.
        """
        ends_at = time.monotonic() + seconds
        while (left_s := ends_at - time.monotonic()) > 0:
            if self._socket is None or self._task.is_cancelled.is_set():
                return self._task.is_cancelled.wait(left_s)
            try:
                said = self._socket.recv(timeout=min(left_s, POLL_S))
            except TimeoutError:
                continue
            except ConnectionClosed:
                self._socket = None
                continue
            if isinstance(said, str):  # Previews are bytes.
                self._note(said, prompt=prompt, samplers=samplers)
        return self._task.is_cancelled.is_set()

    def _note(self, said: str, *, prompt: str, samplers: int) -> None:
        for node, value, most in _steps_in(said, prompt=prompt):
            # What takes one step, such as loading a file, takes no time that counts.
            if most > 1 and 0 <= value <= most:
                self._done[node] = value / most
        if self._done:
            done = sum(self._done.values()) / max(samplers, len(self._done))
            self._task.progress = max(self._task.progress, done)


def _steps_in(said: str, *, prompt: str) -> Iterator[tuple[str, float, float]]:
    """The nodes that a message tells of, each with how many steps of how many it has taken.

    Newer servers tell of all nodes in one message, older ones of one node in each. Messages about
    the pictures of others come, too.
    """
    try:
        message = json.loads(said)
    except (ValueError, RecursionError):
        return
    data = message.get("data") if isinstance(message, dict) else None
    if not isinstance(data, dict) or data.get("prompt_id", prompt) != prompt:
        return
    nodes = data.get("nodes")
    if message.get("type") == "progress":
        nodes = {str(data.get("node")): data}
    for node, state in nodes.items() if isinstance(nodes, dict) else ():
        value, most = (
            state.get(name) if isinstance(state, dict) else None for name in ("value", "max")
        )
        if isinstance(value, int | float) and isinstance(most, int | float):
            yield node, float(value), float(most)
