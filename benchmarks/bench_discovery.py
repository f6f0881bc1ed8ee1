"""Finding works in a large garden of people: 100,000 works, 300,000 likes, 200,000 edges of
lineage.

Measured is what every shelf, search, tag, similar and family page costs the database: on SQLite,
and on PostgreSQL too where ARBORETUM_BENCH_POSTGRES names an empty database
(postgres://user:password@host:port/name) that may be filled.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WORKS, QUICK_WORKS = 100_000, 5_000
PATIENCE_S = 1_800


def rows(quick: bool) -> list[dict[str, Any]]:
    found = _measure(quick, {})
    if address := os.environ.get("ARBORETUM_BENCH_POSTGRES"):
        found += _measure(quick, {"ARBORETUM_DATABASE_URL": address})
    return found


def _measure(quick: bool, database: dict[str, str]) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="arboretum-discovery-") as folder:
        environment = (
            os.environ
            | database
            | {
                "ARBORETUM_DATA": folder,
                "ARBORETUM_RUN_JOBS": "0",
                "ARBORETUM_DEBUG": "0",
                "ARBORETUM_LOG_LEVEL": "ERROR",
                "DJANGO_SETTINGS_MODULE": "genart_site.settings",
            }
        )
        size, rounds = (QUICK_WORKS, 5) if quick else (WORKS, 9)
        command = [sys.executable, "-m", "benchmarks.discovery_measures", str(size), str(rounds)]
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
