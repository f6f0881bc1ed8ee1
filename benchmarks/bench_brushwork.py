"""The Brushwork renderer on one thread: live pictures, prints, memory, and breeding."""

from benchmarks.formulas import rows_of
from benchmarks.measuring import Row
from generation.genespaces.brushwork.picture import paint
from generation.nets.formulas import FormulaNet

LIVE_GOALS_MS = {128: 40, 256: 200, 512: 600}


def rows(quick: bool) -> list[Row]:
    return rows_of("brushwork", FormulaNet(paint), live_goals_ms=LIVE_GOALS_MS, quick=quick)
