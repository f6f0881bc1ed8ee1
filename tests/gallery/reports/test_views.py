"""Reporting from a page, and what a maker reads when a work was taken down."""

import pytest
from django.test import Client
from django.utils import timezone

from gallery.models import Comment, Report, ReportState, Visibility
from gallery.moderation import actions as moderating
from tests.factories import make_artwork, make_collection, make_user

pytestmark = pytest.mark.django_db


def test_a_work_a_comment_and_a_person_are_reported(client: Client):
    work = make_artwork(make_user("ada"))
    comment = Comment.objects.create(artwork=work, author=work.author, text="<b>Rude</b>")
    client.force_login(make_user("reader"))
    for address in (f"work/{work.slug}", f"comment/{comment.pk}", "person/ada"):
        page = client.get(f"/report/{address}/")
        assert page.status_code == 200 and "<b>Rude" not in page.content.decode()
        assert (
            client.post(f"/report/{address}/", {"reason": "spam", "text": "Look."}).status_code
            == 302
        )
        again = client.post(f"/report/{address}/", {"reason": "spam"})
        assert again.status_code in (400, 429)
    assert Report.objects.count() == 3


def test_a_collection_is_reported_by_who_may_open_it(client: Client):
    ada, reader = make_user("ada"), make_user("reader")
    shown, kept = make_collection(ada, title="<b>Rude"), make_collection(ada, is_public=False)
    client.force_login(reader)
    link = f"/report/collection/{shown.slug}/"
    assert link in client.get(shown.get_absolute_url()).content.decode()
    page = client.get(link)
    assert page.status_code == 200 and "<b>Rude" not in page.content.decode()
    assert client.post(f"/report/collection/{kept.slug}/", {"reason": "spam"}).status_code == 404
    assert client.post(link, {"reason": "spam"}).status_code == 302
    assert client.post(link, {"reason": "spam"}).status_code == 400, "One report waits already."
    client.force_login(ada)
    assert client.post(link, {"reason": "spam"}).status_code == 400, (
        "Nobody reports what is their own."
    )
    assert [(row.subject, row.maker) for row in Report.objects.all()] == [(shown, ada)]


def test_an_exhibition_is_reported_hidden_and_answered_for(client: Client):
    curator = make_user(role="curator")
    exhibition = make_collection(curator, kind="exhibition", title="Moss", opens_at=timezone.now())
    draft = make_collection(curator, kind="exhibition")
    client.force_login(make_user())
    link = f"/report/collection/{exhibition.slug}/"
    assert link in client.get(exhibition.get_absolute_url()).content.decode()
    assert "Report the exhibition “Moss”" in client.get(link).content.decode()
    assert client.post(link, {"reason": "spam"}).status_code == 302
    assert client.post(f"/report/collection/{draft.slug}/", {"reason": "spam"}).status_code == 404
    client.force_login(make_user(role="moderator"))
    desk = f"/curate/collection/{exhibition.slug}/"
    assert desk in client.get(f"/curate/reports/{Report.objects.get().pk}/").content.decode()
    assert client.post(desk, {"verb": "hide", "reason": "<i>Rude</i>."}).status_code == 302
    assert "Show again" in client.get(desk).content.decode()
    client.force_login(curator)
    answer = f"/report/answer/collection/{exhibition.slug}/"
    page = client.get(exhibition.get_absolute_url()).content.decode()
    assert answer in page and "&lt;i&gt;Rude&lt;/i&gt;." in page
    client.logout()
    assert client.get(exhibition.get_absolute_url()).status_code == 404


def test_the_owner_of_a_hidden_collection_reads_the_reason_and_answers(client: Client):
    ada, guest = make_user("ada"), make_user("guest")
    collection = make_collection(ada)
    collection.members.create(user=guest)
    moderating.hide_collection(make_user(role="moderator"), collection, reason="Rude.")
    client.force_login(guest)
    assert client.get(collection.get_absolute_url()).status_code == 404, (
        "An invitation names it no more."
    )
    assert collection.title not in client.get("/me/collections/").content.decode()
    client.force_login(ada)
    answer = f"/report/answer/collection/{collection.slug}/"
    assert answer in client.get(collection.get_absolute_url()).content.decode()
    assert client.post(answer, {"text": ""}).status_code == 400
    assert client.post(answer, {"text": "It is kind."}).status_code == 302
    assert Report.objects.get().state == ReportState.OPEN
    assert "It is kind." in client.get(answer).content.decode()
    assert client.post(answer, {"text": "Really."}).status_code == 400


def test_visitors_find_the_way_to_report_a_comment(client: Client):
    work = make_artwork()
    comment = Comment.objects.create(artwork=work, author=make_user(), text="Hm")
    assert f"/report/comment/{comment.pk}/" in client.get(work.get_absolute_url()).content.decode()


def test_visitors_need_an_address_and_patience(client: Client):
    works = [make_artwork() for _ in range(6)]
    assert client.post(f"/report/work/{works[0].slug}/", {"reason": "spam"}).status_code == 400
    sent = {"reason": "spam", "email": "ann@example.org"}
    answers = [client.post(f"/report/work/{work.slug}/", sent).status_code for work in works]
    assert answers == [302] * 5 + [429] and Report.objects.count() == 5


def test_what_is_closed_cannot_be_reported(client: Client):
    work = make_artwork(visibility=Visibility.PRIVATE)
    comment = Comment.objects.create(artwork=work, author=work.author, text="Hm")
    client.force_login(make_user())
    for address in (f"work/{work.slug}", f"comment/{comment.pk}", "person/nobody", "work/none"):
        assert client.post(f"/report/{address}/", {"reason": "spam"}).status_code == 404
    assert (
        client.post(
            f"/report/person/{make_user('bo').username}/", {"reason": "spam", "text": "x" * 9999}
        ).status_code
        == 400
    )
    assert not Report.objects.exists()


def test_the_page_of_a_work_leads_to_the_report_or_to_the_desk(client: Client):
    work = make_artwork(has_files=True)
    assert f"/report/work/{work.slug}/" in client.get(f"/art/{work.slug}/").content.decode()
    client.force_login(work.author)
    assert f"/report/work/{work.slug}/" not in client.get(f"/art/{work.slug}/").content.decode()
    client.force_login(make_user(role="moderator"))
    assert f"/curate/work/{work.slug}/" in client.get(f"/art/{work.slug}/").content.decode()


@pytest.mark.parametrize("close", [moderating.hide, moderating.quarantine])
def test_the_maker_reads_the_reason_and_answers(client: Client, close):
    work = make_artwork(has_files=True)
    close(make_user(role="moderator"), [work], reason="It copies <i>a photo</i>.")
    client.force_login(work.author)
    page = client.get(f"/art/{work.slug}/", follow=True).content.decode()
    assert (
        "It copies &lt;i&gt;a photo&lt;/i&gt;." in page
        and f"/report/answer/{work.slug}/" in page
        or "Your appeal" in page
    )
    assert client.post(f"/report/answer/{work.slug}/", {"text": ""}).status_code == 400
    assert client.post(f"/report/answer/{work.slug}/", {"text": "It is mine."}).status_code == 302
    assert Report.objects.get().state == ReportState.OPEN
    assert "It is mine." in client.get(f"/report/answer/{work.slug}/").content.decode()
    assert client.post(f"/report/answer/{work.slug}/", {"text": "Really."}).status_code == 400
    client.force_login(make_user())
    assert client.get(f"/report/answer/{work.slug}/").status_code == 404
