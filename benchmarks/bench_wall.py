"""Lists in a large garden: goals 8 and 9 of the performance plan. 100,000 works with genomes of
real size, in a database of its own that is thrown away; the measuring runs in a process of its own,
because Django is set up once a process.

ARBORETUM_BENCH_WALL=1000000 measures as many works as that. A million need 16 GB of disk for a
while, and minutes of writing.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WORKS, QUICK_WORKS = 100_000, 10_000
PATIENCE_S = 3_600


def rows(quick: bool) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="arboretum-wall-") as folder:
        environment = os.environ | {
            "ARBORETUM_DATA": folder,
            "ARBORETUM_RUN_JOBS": "0",
            "ARBORETUM_DEBUG": "0",
            "ARBORETUM_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "genart_site.settings",
        }
        works = QUICK_WORKS if quick else int(os.environ.get("ARBORETUM_BENCH_WALL", WORKS))
        command = [
            sys.executable,
            "-m",
            "benchmarks.wall_measures",
            str(works),
            "5" if quick else "31",
        ]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(
            done.stderr.strip().splitlines()[-1]
            if done.stderr.strip()
            else "The measuring process died."
        )
    return json.loads(done.stdout.splitlines()[-1])
