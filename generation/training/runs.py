"""A training run is a folder: settings.json, log.jsonl, snapshot.pt and a folder of samples.

Runs of pictures and of music are alike. The snapshot is replaced in one step, so that a killed run
always finds a whole one; a learner that is restored from it goes on exactly as if it had never
stopped.
"""

import json
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from generation.locks import lock
from generation.refusal import Refused
from generation.training.team import Team


class Run:
    """One run folder. `figures` gathers those of the steps since the last log line.

    team: the processes that train in it. Only the first one writes; the others read.
    """

    def __init__(self, folder: Path, team: Team | None = None) -> None:
        self.folder, self.team = folder, team or Team()
        self.sheets = folder / "sheets"
        self.figures: dict[str, list[Tensor]] = {}

    @property
    def snapshot(self) -> Path:
        return self.folder / "snapshot.pt"

    def start(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Make the folder and store the settings, or return those it has.

        A resumed run goes on with the settings it began with.
        """
        path = self.folder / "settings.json"
        if self.team.is_first:
            self.sheets.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                write_atomically(path, (json.dumps(dict(settings), indent=1) + "\n").encode())
        self.team.wait()
        return self.settings()

    def settings(self) -> dict[str, Any]:
        """Return what the run began with.

        Raises Refused when the folder holds no run, or one that cannot be read.
        """
        path = self.folder / "settings.json"
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise Refused(
                "{path} is missing or damaged, so this run cannot be used. Start another one.",
                path=path,
            ) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other process from training in this folder meanwhile.

        Raises Refused when one does so already.
        """
        if not self.team.is_first:
            yield
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a+b") as file:
            if not lock(file):
                raise Refused(
                    "Another process is training in {folder}. Wait for it or stop it (Ctrl-C"
                    " saves), or name another folder with --run.",
                    folder=self.folder,
                )
            yield

    def save(self, state: Mapping[str, Any], *, name: str = "snapshot.pt") -> None:
        """Write a snapshot of tensors and plain values.

        The previous one is only replaced when the new one is whole.
        """
        if not self.team.is_first:
            return
        partial = self.folder / f"{name}.partial"
        try:
            with partial.open("wb") as file:
                torch.save(dict(state), file)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self.folder / name)
        except (OSError, RuntimeError) as error:  # torch says in its own way that the disk is full.
            partial.unlink(missing_ok=True)
            raise Refused(
                "{path} could not be written; is the disk full? The snapshot before it is kept:"
                " make room and run the same command again.",
                path=self.folder / name,
            ) from error

    def load(self, *, name: str = "snapshot.pt") -> dict[str, Any] | None:
        """Return the latest snapshot, or None when there is none yet.

        Raises Refused when it cannot be read.
        """
        path = self.folder / name
        if not path.exists():
            return None
        try:
            return torch.load(path, map_location="cpu", weights_only=True)
        # torch raises many kinds for a damaged archive; the remedy is the same for all.
        except Exception as error:
            raise Refused(
                "{path} is damaged and cannot be resumed. Delete it to start this run again.",
                path=path,
            ) from error

    def record(self, figures: Mapping[str, Tensor]) -> None:
        """Keep one step's figures for the next log line.

        They stay where they were computed: reading one would make a graphics card stop and wait.
        """
        for name, value in figures.items():
            self.figures.setdefault(name, []).append(value.detach())

    def read(self) -> dict[str, float]:
        """Return the averages since the last time, and forget what they were made of.

        Figures of several processes are parts of sums. Raises Refused when one is not finite.
        """
        if not self.figures:
            return {}
        whole = torch.stack([value.float() for values in self.figures.values() for value in values])
        self.team.add([whole])
        values, averages = iter(whole.tolist()), {}
        for name, each in self.figures.items():
            found = [next(values) for _ in each]
            bad = [value for value in found if not math.isfinite(value)]
            if bad:
                raise Refused(
                    "Training stopped: “{name}” became {value}. The last snapshot in {folder} is"
                    " sound; start a new run with a smaller --learning-rate, or resume to try once"
                    " more.",
                    name=name,
                    value=bad[0],
                    folder=self.folder,
                )
            averages[name] = round(sum(found) / len(found), 5)
        self.figures = {}
        return averages

    def log(self, figures: Mapping[str, Any]) -> dict[str, Any]:
        """Append one JSON line to the log and return it.

        It holds the time, the given figures and the averages since the last line.
        """
        line = {"at": time.strftime("%Y-%m-%dT%H:%M:%S"), **figures, **self.read()}
        if self.team.is_first:
            with (self.folder / "log.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        return line


@contextmanager
def deferred_stops() -> Iterator[Callable[[], bool]]:
    """Keep Ctrl-C and SIGTERM from interrupting the block.

    Yields a function that tells whether one has come. A step that is cut in the middle leaves one
    net further than the other, and a snapshot of that would not go on exactly; one that is cut
    while it is being written is lost.
    """
    asked = threading.Event()
    # Signals come to the main thread alone.
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: asked.set()) for number in numbers]
    try:
        yield asked.is_set
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


class Clock:
    """How far a run is, for the progress line."""

    def __init__(self) -> None:
        self.started = self.last = time.monotonic()
        self.rate = 0.0

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def tick(self, examples: int) -> float:
        """Count examples learnt since the last tick; returns examples a second, smoothed."""
        now = time.monotonic()
        rate = examples / max(now - self.last, 1e-9)
        self.rate = rate if not self.rate else 0.7 * self.rate + 0.3 * rate
        self.last = now
        return self.rate


def progress_line(line: Mapping[str, Any], *, seconds_left: float) -> str:
    """Return one line for people: every number of a log line, and the time that is left."""
    figures = {name: value for name, value in line.items() if name != "at"}
    numbers = [
        f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in figures.items()
    ]
    hours, minutes = divmod(max(0, round(seconds_left / 60)), 60)
    return f"{line['at'][11:]}  {'  '.join(numbers)}  left {hours} h {minutes:02d} min"


def write_atomically(path: Path, content: bytes) -> None:
    """Write a whole file or nothing."""
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    partial.replace(path)
