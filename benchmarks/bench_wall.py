"""Lists on a large site.

100,000 works with genomes of real size stand in a database that is thrown away afterwards.
ARBORETUM_BENCH_WALL=1000000 measures as many works as that. A million need 16 GB of disk for a
while, and minutes of writing.
"""

import os
import tempfile

from benchmarks.measuring import Row, measure_in_site

WORKS, QUICK_WORKS = 100_000, 10_000
TIMEOUT_S = 3_600


def rows(quick: bool) -> list[Row]:
    works = QUICK_WORKS if quick else int(os.environ.get("ARBORETUM_BENCH_WALL", WORKS))
    command = ("-m", "benchmarks.wall_measures", str(works), "5" if quick else "31")
    with tempfile.TemporaryDirectory(prefix="arboretum-wall-") as folder:
        return measure_in_site(folder, *command, timeout_s=TIMEOUT_S)
