"""What the engine and a worker say to each other.

One conversation runs at a time, like nested function calls: the engine sends Render, the worker
answers with any number of Yields and at last with Done or Failed. To each Yield the engine answers
GoOn or Stop, and before that it may send another Render, whose whole conversation comes first. All
messages can be pickled; they only ever travel between processes of the same site.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generation.engine.frames import Frame, RenderKey, Subject


@dataclass(frozen=True)
class Render:
    """To the worker: render these subjects together."""

    key: RenderKey
    subjects: tuple[Subject, ...]


@dataclass(frozen=True)
class GoOn:
    """To the worker, after a Yield: go on with what you were doing."""


@dataclass(frozen=True)
class Stop:
    """To the worker, after a Yield: nobody needs this batch any more."""


@dataclass(frozen=True)
class Ready:
    """From the worker, once: it has imported what it needs, and waits for work."""


@dataclass(frozen=True)
class Yield:
    """From the worker: it has come so far with its innermost batch, 0 to 1, and asks what to do."""

    progress: float


@dataclass(frozen=True)
class Loading:
    """From the worker: it reads a net from the disk, which may take long, and is not stuck."""

    name: str


@dataclass(frozen=True)
class Residents:
    """From the worker, whenever it changes: where it computes, and what it keeps in memory.

    device: in words for operators. problem: why it is not the one that was wanted, or empty.
    memory: bytes that the device has. nets: name of a net -> bytes of its files.
    """

    device: str = ""
    problem: str = ""
    memory: int = 0
    nets: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """From the worker: the frames of its innermost batch."""

    frames: tuple[Frame, ...]


@dataclass(frozen=True)
class Failed:
    """From the worker: its innermost batch ended with this error, which can be pickled."""

    error: BaseException


Message = Render | GoOn | Stop | Ready | Yield | Loading | Residents | Done | Failed
