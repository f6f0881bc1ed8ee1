"""`python -m benchmarks`: run all benchmarks, print figures beside their goals, and save them.

`python -m benchmarks NAME ...` runs only some. A benchmark is a module benchmarks/bench_<name>.py
with `rows(quick)`, a list of {"name", "goal", "value", "ok"}. It measures both sides of a ratio in
the same run, in interleaved rounds, and returns medians. A module that fails becomes a row that
says so. Results of complete runs go to benchmarks/results/.
"""

import argparse
import datetime
import importlib
import importlib.metadata
import json
import os
import platform
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from benchmarks.measuring import Row

HERE = Path(__file__).parent
COLUMNS = ("name", "goal", "value", "ok")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument(
        "names",
        nargs="*",
        help="run only these (engine for bench_engine.py); nothing is saved then",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="fewer rounds, for a rough look; nothing is saved then",
    )
    options = parser.parse_args()
    known = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    if unknown := sorted(set(options.names) - set(known)):
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(known)}")
    print(" · ".join(str(fact) for fact in machine().values()))
    rows = []
    for name in options.names or known:
        started, load = time.perf_counter(), load_average()
        found = measure(name, quick=options.quick)
        print(
            f"\n{name} ({time.perf_counter() - started:.0f} s, load average {load} before,"
            f" {load_average()} after)"
        )
        print_table(found)
        rows += found
    missed = sum(not row["ok"] for row in rows)
    print(f"\n{len(rows)} figures, {missed} short of their goal.")
    if not options.names and not options.quick:
        print(f"Saved in {save(rows).relative_to(HERE.parent)}.")
    return 1 if any(row["goal"] == "runs" for row in rows) else 0


def measure(name: str, *, quick: bool) -> list[Row]:
    """The rows of one benchmark; a failure is a row too, so that the others are not lost."""
    try:
        rows = importlib.import_module(f"benchmarks.bench_{name}").rows(quick)
        return [{column: row[column] for column in COLUMNS} for row in rows]
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        return [
            {
                "name": name,
                "goal": "runs",
                "value": f"{type(error).__name__}: {error}"[:300],
                "ok": False,
            }
        ]


def print_table(rows: list[Row]) -> None:
    cells = [
        [str(row["name"]), str(row["goal"]), str(row["value"]), "yes" if row["ok"] else "NO"]
        for row in rows
    ]
    widths = [
        max(len(line[column]) for line in [list(COLUMNS), *cells]) for column in range(len(COLUMNS))
    ]
    for line in [list(COLUMNS), ["-" * width for width in widths], *cells]:
        print(
            "  "
            + "  ".join(
                cell.ljust(width) for cell, width in zip(line, widths, strict=True)
            ).rstrip(),
            flush=True,
        )


def save(rows: list[Row]) -> Path:
    """Writes the rows and the machine into a file named by the date, and returns its path."""
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    path = folder / f"{datetime.date.today().isoformat()}.json"
    path.write_text(
        json.dumps({"machine": machine(), "rows": rows}, indent=1, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )
    return path


def machine() -> dict[str, Any]:
    """What the figures depend on, without anything that identifies the machine."""
    try:
        torch = importlib.metadata.version("torch")
    except importlib.metadata.PackageNotFoundError:
        torch = "not installed"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = platform.python_version()
    return {
        "cpu": cpu_model(),
        "cores": cores,
        "python": python,
        "torch": torch,
        "load_average": load_average(),
    }


def cpu_model() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def load_average() -> float | None:
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


if __name__ == "__main__":
    sys.exit(main())
