"""Icons, share bars, and filters that say numbers and times in the reader's language."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from gallery.lineage.credit import Credit, percent
from gallery.templatetags.gallery_tags import BAR_WIDTH, ICONS, ago, icon, nth, share_bar


@pytest.mark.parametrize(
    ("past", "english", "chinese"),
    [
        (timedelta(seconds=20), "just now", "刚刚"),
        (timedelta(minutes=1, seconds=5), "1 minute ago", "1 分钟前"),
        (timedelta(minutes=51), "51 minutes ago", "51 分钟前"),
        (timedelta(hours=5), "5 hours ago", "5 小时前"),
        (timedelta(days=3), "3 days ago", "3 天前"),
        (timedelta(days=70), "2 months ago", "2 个月前"),
        (timedelta(days=364), "1 year ago", "1 年前"),
        (timedelta(days=800), "2 years ago", "2 年前"),
    ],
)
def test_a_moment_is_told_in_its_largest_unit(past: timedelta, english: str, chinese: str):
    moment = timezone.now() - past
    assert ago(moment) == english
    with translation.override("zh-hans"):
        assert ago(moment) == chinese


def test_ordinals_stand_apart_from_chinese_characters():
    assert nth(3) == "3rd"
    with translation.override("zh-hans"):
        assert nth(3) == "第 3 "


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
