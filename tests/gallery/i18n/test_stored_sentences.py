"""Sentences that are kept as a template and its values."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from gallery.i18n.stored_sentences import keep, say
from gallery.models import Notification
from gallery.moderation.actions_cases import KEPT
from gallery.moderation.actions_suspensions import UNTIL
from gallery.notifications import news as bell
from gallery.notifications.actions import tell
from tests.factories import make_artwork, make_user


def test_a_kept_sentence_is_said_in_the_language_of_its_reader():
    kept = keep(UNTIL, {"end": datetime(2030, 3, 1, 12, tzinfo=UTC), "reason": "Noise."})
    assert "March 1, 2030" in say(kept) and "Noise." in say(kept)
    with translation.override("zh-hans"):
        assert "2030年3月1日" in say(kept) and "Noise." in say(kept) and "account" not in say(kept)


@pytest.mark.django_db
def test_a_decision_under_the_bell_speaks_the_language_of_the_page():
    person, work = make_user(language="zh-hans"), make_artwork(title="Dawn {x}")
    tell(person, KEPT, artwork=work, title=work.title, reason="Still a copy.")
    news = Notification.objects.get()
    assert "Dawn {x}" in news.text and "版主" in news.text
    assert bell.sentence(news).startswith("A moderator read your appeal about “Dawn {x}”")
    with translation.override("zh-hans"):
        assert bell.sentence(news) == news.text


@pytest.mark.django_db
def test_older_news_without_a_template_says_what_it_said():
    news = Notification(kind="moderation", user=make_user(), text="Be kind.")
    assert bell.sentence(news) == "Be kind."
