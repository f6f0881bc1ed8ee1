"""Reporting, and answering a takedown."""

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.models import Comment, Report, ReportReason, ReportState, Visibility
from gallery.moderation import actions as moderating
from gallery.moderation.actions_suspensions import suspend
from gallery.reports.actions import MAX_OPEN, appeal_takedown, file_report
from generation.refusal import Refused
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db
SPAM = ReportReason.SPAM


def test_works_comments_and_people_can_be_reported_once():
    reporter, work = make_user(), make_artwork()
    comment = Comment.objects.create(artwork=work, author=work.author, text="Hm")
    for subject in (work, comment, work.author):
        assert (
            file_report(reporter, subject, reason=SPAM, text=" Look <script> ").text
            == "Look <script>"
        )
        with pytest.raises(Refused, match="already"):
            file_report(reporter, subject, reason=SPAM)
    assert [type(row.subject) for row in Report.objects.order_by("id")] == [
        type(work),
        Comment,
        type(reporter),
    ]
    assert all(row.maker == work.author for row in Report.objects.all())


def test_visitors_leave_an_address():
    work = make_artwork()
    for email in ("", "nobody", "a@b\n.example"):
        with pytest.raises(Refused, match="email address"):
            file_report(AnonymousUser(), work, reason=SPAM, email=email)
    assert (
        file_report(AnonymousUser(), work, reason=SPAM, email=" Ann@example.org ").email
        == "ann@example.org"
    )
    with pytest.raises(Refused, match="already"):
        file_report(AnonymousUser(), work, reason=SPAM, email="ANN@example.org")


def test_nothing_closed_own_or_misnamed_is_reported():
    reporter, private = make_user(), make_artwork(visibility=Visibility.PRIVATE)
    own = make_artwork(reporter)
    hidden = Comment.objects.create(
        artwork=make_artwork(), author=make_user(), text="No", is_hidden=True
    )
    for subject, words in (
        (private, "have access"),
        (own, "your own"),
        (reporter, "your own"),
        (hidden, "no longer exists"),
    ):
        with pytest.raises(Refused, match=words):
            file_report(reporter, subject, reason=SPAM)
    with pytest.raises(Refused, match="one of the reasons"):
        file_report(reporter, make_artwork(), reason="bored")
    with pytest.raises(Refused, match="Shorten"):
        file_report(reporter, make_artwork(), reason=SPAM, text="x" * 2**20)
    assert not Report.objects.exists()


def test_one_person_has_so_many_open_reports():
    reporter, author = make_user(), make_user()
    for _ in range(MAX_OPEN):
        file_report(reporter, make_artwork(author), reason=SPAM)
    with pytest.raises(Refused, match="waiting for a moderator"):
        file_report(reporter, make_artwork(author), reason=SPAM)


def test_the_maker_answers_a_takedown_once_even_when_suspended():
    moderator, work = make_user(role="moderator"), make_artwork(has_files=True)
    with pytest.raises(Refused, match="isn't yours"):
        appeal_takedown(work.author, work, text="It is mine.")
    moderating.hide(moderator, [work], reason="A copy.")
    suspend(moderator, work.author, reason="Copies.")
    with pytest.raises(Refused, match="isn't yours"):
        appeal_takedown(make_user(), work, text="It is mine.")
    with pytest.raises(Refused, match="few sentences"):
        appeal_takedown(work.author, work, text="  ")
    case = appeal_takedown(work.author, work, text="It is mine.")
    assert case.state == ReportState.OPEN and case.countered_at and case.decision == "A copy."
    with pytest.raises(Refused, match="already"):
        appeal_takedown(work.author, work, text="Really.")
