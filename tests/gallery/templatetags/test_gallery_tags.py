"""Filters that say numbers and times in the reader's language."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from gallery.templatetags.gallery_tags import ago, nth


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
