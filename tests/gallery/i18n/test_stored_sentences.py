"""Sentences that are stored as a template and its values, and texts translated when read."""

import string
from datetime import UTC, datetime

import pytest
from django.utils import translation

from gallery.i18n.catalogues import LOCALE_DIR, load
from gallery.i18n.replaced_texts import REPLACED
from gallery.i18n.stored_sentences import read_sentence, write_sentence
from gallery.jobs.progress import progress_payload, report_context
from gallery.models import Job, Notification
from gallery.moderation.actions_cases import KEPT
from gallery.moderation.actions_suspensions import UNTIL
from gallery.notifications import inbox
from gallery.notifications.actions import send_notice
from tests.factories import make_artwork, make_user


def test_a_stored_sentence_is_read_in_the_language_of_its_reader():
    stored = write_sentence(
        UNTIL, {"end": datetime(2030, 3, 1, 12, tzinfo=UTC), "reason": "Noise."}
    )
    assert "March 1, 2030" in read_sentence(stored) and "Noise." in read_sentence(stored)
    with translation.override("zh-hans"):
        assert (
            "2030年3月1日" in read_sentence(stored)
            and "Noise." in read_sentence(stored)
            and "account" not in read_sentence(stored)
        )


@pytest.mark.django_db
def test_a_decision_under_the_bell_speaks_the_language_of_the_page():
    person, work = make_user(language="zh-hans"), make_artwork(title="Dawn {x}")
    send_notice(person, KEPT, artwork=work, title=work.title, reason="Still a copy.")
    news = Notification.objects.get()
    assert "Dawn {x}" in news.text and "版主" in news.text
    assert inbox.describe(news).startswith("A moderator read your appeal about “Dawn {x}”")
    with translation.override("zh-hans"):
        assert inbox.describe(news) == news.text


@pytest.mark.django_db
def test_older_news_without_a_template_says_what_it_said():
    news = Notification(kind="moderation", user=make_user(), text="Be kind.")
    assert inbox.describe(news) == "Be kind."


OLD_NOTICE = "A moderator read your answer about “{title}”; the decision stands. {reason}"
OLD_REFUSAL = "The word “{word}” may not be used in this garden. Please say it in other words."


def test_a_notice_stored_before_it_was_reworded_reads_in_the_present_words_and_in_chinese():
    values = {"title": "Dawn", "reason": "A copy."}
    row = Notification(
        kind="moderation", text="as it was", words={"template": OLD_NOTICE, "values": values}
    )
    assert inbox.describe(row) == (
        "A moderator read your appeal about “Dawn”; the decision stands. A copy."
    )
    with translation.override("zh-hans"):
        assert "版主" in inbox.describe(row) and "moderator" not in inbox.describe(row)


def test_an_import_report_stored_before_reads_in_the_present_words_and_in_chinese():
    report = {"planted": 0, "known": 0, "refused": 1}
    report["problems"] = [["Dawn", OLD_REFUSAL, {"word": "mud"}]]
    [(_, sentence)] = report_context(report).problems
    assert sentence == "The word “mud” isn't allowed here. Please use another one."
    with translation.override("zh-hans"):
        [(_, sentence)] = report_context(report).problems
        assert "mud" in sentence and "word" not in sentence


def test_the_note_of_a_job_stored_before_reads_in_the_present_words_and_in_chinese():
    job = Job(state="running", note="Planting your works")
    assert progress_payload(job)["note"] == "Importing your works"
    with translation.override("zh-hans"):
        assert progress_payload(job)["note"] not in ("Planting your works", "Importing your works")


def test_every_replaced_template_leads_to_one_that_is_translated_with_the_same_placeholders():
    def fields(template: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(template) if name}

    catalogue = load(LOCALE_DIR / "zh_Hans" / "LC_MESSAGES" / "django.po")
    for old, new in REPLACED.items():
        assert fields(new) <= fields(old), old
        assert old not in catalogue, "This wording is still in use."
        assert catalogue[new].string, new
