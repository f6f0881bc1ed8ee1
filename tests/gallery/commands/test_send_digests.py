"""The daily email: to whom, with what, once, and how it ends."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from gallery.models import Notification, Visibility
from gallery.notifications import inbox
from gallery.notifications.actions import save_preferences
from tests.factories import make_artwork, make_comment, make_notification, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def public_address(settings) -> None:
    settings.ORIGIN = "https://garden.example"


def make_reader(username: str = "", *, verified: bool = True, **fields):
    user = make_user(username, **fields)
    EmailAddress.objects.create(
        user=user, email=f"{user.username}@mail.example", verified=verified, primary=True
    )
    return user


def test_a_letter_tells_the_unread_news_of_the_day_once():
    ada = make_reader("ada", display_name="Ada & Co")
    work = make_artwork(ada, title="Moss <gate>")
    comment = make_comment(work, text="So <b>green</b>.", author=make_user(display_name="Bo"))
    make_notification(ada, kind="comment", artwork=work, comment=comment, actor=comment.author)
    make_notification(ada, kind="mention", artwork=work, read_at=timezone.now())
    old = make_notification(ada, kind="mention", artwork=work)
    Notification.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=30))
    call_command("send_digests")
    call_command("send_digests")
    (message,) = mail.outbox
    assert (
        message.to == ["ada@mail.example"]
        and "Arboretum" in message.subject
        and "1" in message.subject
    )
    assert "Hello Ada & Co," in message.body and "Bo commented on “Moss <gate>”." in message.body
    assert "So <b>green</b>." in message.body
    html = message.alternatives[0][0]
    assert "Moss &lt;gate&gt;" in html and "<b>green" not in html and "mentioned" not in html
    assert re.search(r"https://garden\.example/me/notifications/\d+/", message.body)
    call_command("send_digests", hours=48)
    assert "mentioned" in mail.outbox[1].body and "commented" not in mail.outbox[1].body


def test_unconfirmed_addresses_closed_accounts_and_unwanted_or_closed_things_get_no_email():
    make_notification(make_reader(verified=False), kind="mention", artwork=make_artwork())
    make_notification(make_reader(is_active=False), kind="mention", artwork=make_artwork())
    make_notification(make_user(email="typed@mail.example"), kind="mention", artwork=make_artwork())
    make_notification(make_reader(), kind="follow")
    make_notification(
        make_reader(), kind="mention", artwork=make_artwork(visibility=Visibility.PRIVATE)
    )
    call_command("send_digests")
    assert mail.outbox == [] and not Notification.objects.filter(mailed_at__isnull=False).exists()


def test_who_asks_for_emails_about_follows_gets_them_without_the_ones_on_the_site():
    ada = make_reader()
    save_preferences(ada, {"follow": {"bell": False, "mail": True}})
    make_notification(ada, kind="follow")
    call_command("send_digests")
    assert len(mail.outbox) == 1


def test_emails_speak_the_persons_language():
    make_notification(make_reader(language="zh-hans"), kind="mention", artwork=make_artwork())
    call_command("send_digests")
    assert '<html lang="zh-hans">' in mail.outbox[0].alternatives[0][0]


def test_many_news_are_counted_in_one_letter():
    ada, bo = make_reader(), make_user()
    work = make_artwork()
    Notification.objects.bulk_create(
        Notification(user=ada, kind="mention", actor=bo, artwork=work) for _ in range(35)
    )
    call_command("send_digests")
    assert mail.outbox[0].body.count("mentioned you") == 30 and "And 5 more." in mail.outbox[0].body
    assert not Notification.objects.filter(mailed_at__isnull=True).exists()


def test_a_mail_server_that_is_away_is_told_and_the_news_go_with_the_next_letter(
    settings, monkeypatch, caplog
):
    make_notification(make_reader(), kind="mention", artwork=make_artwork())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises((CommandError, ConnectionError)):
        call_command("send_digests")
    assert Notification.objects.get().mailed_at is None


@pytest.mark.parametrize("hours", [0, -3, 9000])
def test_strange_hours_and_a_missing_address_are_refused(settings, hours: int):
    with pytest.raises(CommandError, match="--hours"):
        call_command("send_digests", hours=hours)
    settings.ORIGIN = ""
    with pytest.raises(CommandError, match="ARBORETUM_ORIGIN"):
        call_command("send_digests")


def test_the_link_in_an_email_ends_emails_after_one_question_and_without_logging_in(
    client: Client,
):
    ada = make_reader()
    save_preferences(ada, {"like": {"mail": True}})
    make_notification(ada, kind="mention", artwork=make_artwork())
    call_command("send_digests")
    header = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    assert header in mail.outbox[0].body and mail.outbox[0].extra_headers["List-Unsubscribe-Post"]
    path = header.removeprefix("https://garden.example")
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(path).status_code == 200
    ada.refresh_from_db()
    assert inbox.wants(ada, "mention", "mail")
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    ada.refresh_from_db()
    assert not any(
        inbox.wants(ada, kind, "mail") for kind in ("like", "mention", "bred", "moderation")
    )
    assert inbox.wants(ada, "mention", "bell")


@pytest.mark.parametrize("token", ["x", "1:abc:def", "MQ:1abcde:" + "a" * 43])
def test_forged_links_end_nothing(client: Client, token: str):
    ada = make_user()
    response = client.post(f"/letters/stop/{token}/")
    assert response.status_code == 400 and "damaged" in response.content.decode()
    ada.refresh_from_db()
    assert ada.notification_settings == {}
