"""Icons, percentages and share bars."""

import re

import pytest

from gallery.lineage.credit import Credit, percent
from gallery.templatetags.gallery_tags import BAR_WIDTH, ICONS, icon, share_bar


@pytest.mark.parametrize(
    ("share", "words"),
    [(1, "100"), (0.624, "62"), (0.006, "1"), (0.005, "<1"), (0.0001, "<1"), (0, "0")],
)
def test_shares_are_written_as_people_read_them(share: float, words: str):
    assert re.sub(r"\s", "", percent(share)) == f"{words}%"


def test_an_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in icon("leaf")
    assert 'aria-label="A &lt;leaf&gt;"' in icon("leaf", "A <leaf>")


def test_every_icon_stays_on_its_grid():
    for name, path in ICONS.items():
        assert re.fullmatch(r"[MmLlHhVvCcSsQqTtAaZz\d\s.,-]+", path), name
        for x, y in re.findall(r"[ML](-?[\d.]+)[ ,](-?[\d.]+)", path):
            assert 0 <= float(x) <= 24 and 0 <= float(y) <= 24, name


def test_a_share_bar_is_filled_to_its_end():
    bar = share_bar([Credit(None, 0.62), Credit(None, 0.3), Credit(None, 0.08, is_new=True)])
    rects = re.findall(r'x="([\d.]+)" width="([\d.]+)"', bar)
    assert [float(x) for x, _ in rects] == pytest.approx(
        [0, 0.62 * BAR_WIDTH, 0.92 * BAR_WIDTH], abs=0.01
    )
    last = sum(map(float, rects[-1]))
    assert BAR_WIDTH - 3 < last <= BAR_WIDTH
