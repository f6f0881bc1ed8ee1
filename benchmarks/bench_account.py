"""A whole account: exported, imported into an empty site, and some of its works printed again.

The works are of the shipped species Patterns, bred from two parents each, so that the genomes are
as large as real ones.
"""

import tempfile

from benchmarks.measuring import Row, measure_in_site

TIMEOUT_S = 900


def rows(quick: bool) -> list[Row]:
    count, prints = (100, 4) if quick else (1_000, 20)
    with tempfile.TemporaryDirectory() as folder:
        command = ("-m", "benchmarks.account_measures", str(count), str(prints))
        found = measure_in_site(folder, *command, timeout_s=TIMEOUT_S)
    name = f"account of {count:,} works"
    whole = found["genomes"] and found["lineage"] and found["imported"] == count
    return [
        {
            "name": f"{name}: genomes and {found['edges']:,} edges after export and import",
            "goal": "the same",
            "value": (
                "the same" if whole else f"{found['imported']} imported, {found['refused']} refused"
            ),
            "ok": whole,
        },
        {
            "name": f"{name}: {prints} printed again, pixel for pixel",
            "goal": f"{prints} equal",
            "value": f"{found['same']} equal",
            "ok": found["same"] == prints,
        },
        {
            "name": f"{name}: export",
            "goal": "<= 30 s",
            "value": f"{found['export_s']:.1f} s, {found['bytes'] / 1e6:.1f} MB",
            "ok": found["export_s"] <= 30,
        },
        {
            "name": f"{name}: longest that somebody else waits to write during the import",
            "goal": "<= 2 s",
            "value": f"{found['longest_wait_s']:.2f} s",
            "ok": found["longest_wait_s"] <= 2,
        },
        {
            "name": f"{name}: import",
            "goal": "<= 30 s",
            "value": f"{found['import_s']:.1f} s",
            "ok": found["import_s"] <= 30,
        },
    ]
