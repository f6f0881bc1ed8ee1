"""Finding works on a large site: 100,000 works, 300,000 likes, 200,000 edges of lineage.

Measured is what every shelf, search, tag, similar and family page costs the database: on SQLite,
and on PostgreSQL too where ARBORETUM_BENCH_POSTGRES names an empty database
(postgres://user:password@host:port/name) that may be filled.
"""

import os
import tempfile

from benchmarks.measuring import Row, measure_in_site

WORKS, QUICK_WORKS = 100_000, 5_000
TIMEOUT_S = 1_800


def rows(quick: bool) -> list[Row]:
    found = _measure(quick, {})
    if address := os.environ.get("ARBORETUM_BENCH_POSTGRES"):
        found += _measure(quick, {"ARBORETUM_DATABASE_URL": address})
    return found


def _measure(quick: bool, environment: dict[str, str]) -> list[Row]:
    size, rounds = (QUICK_WORKS, 5) if quick else (WORKS, 9)
    command = ("-m", "benchmarks.discovery_measures", str(size), str(rounds))
    with tempfile.TemporaryDirectory(prefix="arboretum-discovery-") as folder:
        return measure_in_site(folder, *command, timeout_s=TIMEOUT_S, environment=environment)
