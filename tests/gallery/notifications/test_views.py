"""The page of news, and what one wants to be told."""

import pytest
from django.test import Client

from gallery.models import Notification, NotificationKind
from gallery.notifications import inbox
from tests.factories import make_artwork, make_comment, make_notification, make_user
from tests.shared import html_of

pytestmark = pytest.mark.django_db


def test_news_are_listed_newest_first_and_reading_one_leads_there(client: Client):
    ada = make_user("ada")
    work = make_artwork(ada, title="Moss <gate>")
    comment = make_comment(work, text="<b>Green</b>")
    older = make_notification(
        ada, kind="comment", artwork=work, comment=comment, actor=comment.author
    )
    newer = make_notification(ada, actor=make_user("bo"))
    client.force_login(ada)
    page = client.get("/me/notifications/")
    assert page.context["page"].items == [newer, older]
    assert "Moss &lt;gate&gt;" in page.content.decode() and "<b>Green" not in page.content.decode()
    assert 'class="unread-count" aria-hidden="true">2<' in html_of(page)
    assert (
        client.get(f"/me/notifications/{older.pk}/").headers["Location"]
        == comment.get_absolute_url()
    )
    assert client.get(f"/me/notifications/{newer.pk}/").headers["Location"] == "/@bo/"
    assert inbox.count_unread(ada) == 0


def test_the_list_costs_the_same_few_queries_at_any_length(
    client: Client, django_assert_max_num_queries
):
    ada = make_user()
    client.force_login(ada)
    for count in (5, 30):
        for _ in range(count):
            comment = make_comment()
            make_notification(
                ada, kind="answer", artwork=comment.artwork, comment=comment, actor=comment.author
            )
        with django_assert_max_num_queries(5):
            client.get("/me/notifications/")


def test_older_news_follow_page_by_page(client: Client):
    ada, bo = make_user(), make_user()
    Notification.objects.bulk_create(
        Notification(user=ada, kind="follow", actor=bo) for _ in range(50)
    )
    client.force_login(ada)
    first = client.get("/me/notifications/").context["page"]
    rest = client.get(
        "/me/notifications/", {"after": first.next_cursor}, headers={"HX-Request": "true"}
    )
    assert (
        len(first.items) == 40
        and len(rest.context["page"].items) == 10
        and "<html" not in rest.content.decode()
    )
    assert client.get("/me/notifications/", {"after": "x"}).status_code == 400


def test_everything_is_read_by_one_button_and_nobody_elses(client: Client):
    ada = make_user()
    make_notification(ada), make_notification(ada)
    others = make_notification()
    client.force_login(ada)
    assert client.get("/me/notifications/read/").status_code == 405
    assert client.post("/me/notifications/read/").headers["Location"] == "/me/notifications/"
    assert list(Notification.objects.filter(read_at__isnull=True)) == [others]
    assert client.get(f"/me/notifications/{others.pk}/").status_code == 404


def test_the_choice_of_kinds_is_kept(client: Client):
    ada = make_user()
    client.force_login(ada)
    page = client.get("/me/notifications/settings/").content.decode()
    assert page.count('type="checkbox"') == 2 * len(NotificationKind.values) and "confirmed" in page
    client.post(
        "/me/notifications/settings/", {"like-mail": "on", "bred-bell": "on", "strange-bell": "on"}
    )
    ada.refresh_from_db()
    wanted = {
        (kind, way)
        for kind in NotificationKind.values
        for way in ("bell", "mail")
        if inbox.wants(ada, kind, way)
    }
    assert wanted == {("like", "mail"), ("bred", "bell")}


@pytest.mark.parametrize(
    "path",
    ["/me/notifications/", "/me/notifications/settings/", "/me/notifications/1/", "/me/people/"],
)
def test_visitors_are_asked_to_log_in(client: Client, path: str):
    assert client.get(path).headers["Location"].startswith("/accounts/login/")


def test_visitors_have_no_bell(client: Client):
    assert "data-notifications" not in client.get("/about/").content.decode()
