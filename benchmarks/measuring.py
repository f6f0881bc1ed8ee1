"""What the measurements share: their rows, their clocks, and sites of their own."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
Row = dict[str, Any]


def row(name: str, goal: str, value: str, ok: bool) -> Row:
    """A figure beside its goal. ok: whether it meets the goal."""
    return {"name": name, "goal": goal, "value": value, "ok": bool(ok)}


def row_of_ms(name: str, value_ms: float, *, goal: float) -> Row:
    """A row about milliseconds that may not exceed the goal."""
    return row(name, f"<= {goal:g} ms", f"{value_ms:.1f} ms", value_ms <= goal)


def cpu_ms(work: Callable[[], Any]) -> float:
    """Milliseconds on the processor, in all threads of this process."""
    started = time.process_time()
    work()
    return 1000 * (time.process_time() - started)


def median_ratio(ours: list[float], bare: list[float]) -> float:
    """The median of the ratios of rounds measured beside each other.

    What else the machine does falls on both sides of each.
    """
    return statistics.median(one / other for one, other in zip(ours, bare, strict=True))


def measure_in_site(
    folder: str | Path, *command: str, timeout_s: int, environment: Mapping[str, str] | None = None
) -> Any:
    """Runs a Python command in a process of its own, with the site's data in a folder.

    Django can be set up only once a process. The JSON on the last line of its output is returned.
    environment: further variables. Raises RuntimeError with its last error when the command fails.
    """
    variables = os.environ | {
        "ARBORETUM_DATA": str(folder),
        "ARBORETUM_RUN_JOBS": "0",
        "ARBORETUM_DEBUG": "0",
        "ARBORETUM_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "genart_site.settings",
    }
    # A database of the environment would be filled with works.
    variables.pop("ARBORETUM_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=variables | dict(environment or {}),
        capture_output=True,
        text=True,
        timeout=timeout_s,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise RuntimeError(lines[-1] if lines else "The measuring process died.")
    return json.loads(done.stdout.splitlines()[-1])
