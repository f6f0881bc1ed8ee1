"""The Glass renderer on one thread: live pictures, prints, memory, and breeding."""

from benchmarks.formulas import rows_of
from benchmarks.measuring import Row
from generation.nets.glass import GlassNet

LIVE_GOALS_MS = {128: 60, 256: 200, 512: 600}


def rows(quick: bool) -> list[Row]:
    return rows_of("glass", GlassNet(), live_goals_ms=LIVE_GOALS_MS, quick=quick)
