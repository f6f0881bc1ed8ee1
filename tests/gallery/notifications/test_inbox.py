"""What stands under a bell: for whom, in which words, and leading where."""

import pytest
from django.utils import timezone

from gallery.job_runner import run_next
from gallery.models import (
    BoundaryKind,
    Follow,
    Notification,
    NotificationKind,
    State,
    User,
    Visibility,
)
from gallery.notifications import inbox
from gallery.notifications.actions import mark_read, notify, notify_followers, save_preferences
from tests.factories import (
    make_artwork,
    make_boundary,
    make_collection,
    make_comment,
    make_follow,
    make_job,
    make_like,
    make_notification,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_what_people_cause_themselves_or_do_not_want_or_from_whom_they_keep_away_is_no_news():
    ada, bo = make_user(), make_user()
    assert notify("follow", to=ada, actor=ada) is None
    assert notify("follow", to=make_user(is_active=False), actor=bo) is None
    save_preferences(ada, {"follow": {"bell": False, "mail": False}})
    assert notify("follow", to=ada, actor=bo) is None
    cy = make_user()
    make_boundary(cy, bo, BoundaryKind.MUTE)
    assert notify("follow", to=cy, actor=bo) is None
    assert notify("mention", to=ada, actor=bo).user == ada


def test_who_wants_a_letter_but_no_bell_finds_nothing_under_the_bell():
    ada = make_user()
    save_preferences(ada, {"bred": {"bell": False, "mail": True}})
    work = make_artwork()
    line = notify("bred", to=ada, actor=work.author, artwork=work)
    assert inbox.count_unread(ada) == 0 and list(inbox.notifications_of(ada, way="mail")) == [line]


def test_a_choice_of_kinds_keeps_what_it_does_not_name_and_no_strange_ones():
    ada = make_user()
    save_preferences(ada, {"like": {"mail": True}, "strange": {"bell": True}})
    ada.refresh_from_db()
    assert (
        inbox.wants(ada, "like", "mail")
        and inbox.wants(ada, "like", "bell")
        and not inbox.wants(ada, "follow", "mail")
    )
    assert set(ada.notification_settings) == set(NotificationKind.values)


def test_news_of_closed_works_gone_accounts_and_people_kept_away_later_are_not_shown():
    ada, muted = make_user(), make_user()
    work = make_artwork()
    make_notification(ada, kind="published", artwork=work, actor=work.author)
    make_notification(ada, actor=make_user(is_active=False))
    make_notification(ada, actor=muted)
    assert inbox.count_unread(ada) == 2
    make_boundary(ada, muted, BoundaryKind.MUTE)
    for fields in (
        {"visibility": Visibility.PRIVATE},
        {"visibility": Visibility.PUBLIC, "state": State.QUARANTINED},
    ):
        type(work).objects.filter(pk=work.pk).update(**fields)
        assert inbox.count_unread(ada) == 0
    type(work).objects.filter(pk=work.pk).update(state=State.PUBLISHED)
    assert inbox.count_unread(ada) == 1


def test_every_kind_has_a_sentence_and_an_address():
    ada, bo = make_user("ada"), make_user("bo", display_name="Bo")
    work = make_artwork(ada, title="Moss gate", like_count=1)
    comment, collection = make_comment(work, author=bo), make_collection(bo, title="Greens")
    for kind in NotificationKind.values:
        has_comment = kind in ("comment", "answer", "mention")
        line = make_notification(
            ada,
            kind=kind,
            actor=bo,
            artwork=None if kind == "follow" else work,
            comment=comment if has_comment else None,
            collection=collection if kind in ("invitation", "collected") else None,
        )
        words, address = inbox.describe(line), inbox.target_url(line)
        assert (
            words.endswith(".")
            and "{" not in words
            and ("Bo" in words or kind in ("featured", "moderation"))
        )
        assert address.startswith("/") and address != "/me/notifications/"
        assert ("#comment-" in address) == has_comment


def test_a_moderators_own_words_are_told_as_they_are():
    assert (
        inbox.describe(make_notification(kind="moderation", text="Your work {x} is back."))
        == "Your work {x} is back."
    )


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "Bo likes “Moss”."),
        (2, "Bo and 1 other like “Moss”."),
        (9, "Bo and 8 others like “Moss”."),
    ],
)
def test_likes_are_counted_in_words(count: int, words: str):
    work = make_artwork(title="Moss", like_count=count)
    make_like(work)
    assert (
        inbox.describe(
            make_notification(
                work.author, kind="like", artwork=work, actor=make_user(display_name="Bo")
            )
        )
        == words
    )


def test_unread_news_are_counted_to_a_hundred(django_assert_max_num_queries):
    ada, bo = make_user(), make_user()
    Notification.objects.bulk_create(
        Notification(user=ada, kind="follow", actor=bo) for _ in range(150)
    )
    with django_assert_max_num_queries(1):
        assert inbox.count_unread(ada) == 100
    assert (
        "99" in inbox.unread_label(100)
        and "3" in inbox.unread_label(3)
        and inbox.unread_label(0) == "Notifications"
    )
    make_notification(make_user())
    assert (
        mark_read(ada) == 150
        and mark_read(ada) == 0
        and Notification.objects.filter(read_at__isnull=True).count() == 1
    )


def test_followers_hear_of_a_listed_work_once():
    author, fan, silent, muter = (make_user() for _ in range(4))
    for person in (fan, silent, muter, make_user(is_active=False)):
        make_follow(person, author)
    save_preferences(silent, {"published": {"bell": False, "mail": False}})
    make_boundary(muter, author, BoundaryKind.MUTE)
    work = make_artwork(author)
    assert notify_followers(work) == 1 and notify_followers(work) == 0
    line = Notification.objects.get()
    assert line.user == fan and line.artwork == work and line.kind == "published"


@pytest.mark.parametrize(
    "fields",
    [
        {"visibility": Visibility.PRIVATE},
        {"visibility": Visibility.UNLISTED},
        {"state": State.HIDDEN},
        {"state": State.RENDERING},
    ],
)
def test_nobody_hears_of_a_work_that_is_on_no_wall(fields: dict):
    work = make_artwork(**fields)
    make_follow(make_user(), work.author)
    assert notify_followers(work) == 0 and not Notification.objects.exists()


def test_many_followers_cost_few_queries(django_assert_max_num_queries):
    author = make_user()
    people = User.objects.bulk_create(User(username=f"fan{n}", password="x") for n in range(1200))
    Follow.objects.bulk_create(Follow(follower=person, followed=author) for person in people)
    work = make_artwork(author, published_at=timezone.now())
    with django_assert_max_num_queries(20):  # SQLite takes about a hundred rows in one INSERT.
        assert notify_followers(work) == 1200


def test_the_print_that_publishes_a_work_tells_the_followers(squares_engine):
    job = make_job()
    fan = make_follow(followed=job.owner).follower
    assert run_next()
    line = Notification.objects.get()
    assert line.user == fan and line.artwork == job.artwork and inbox.count_unread(fan) == 1


def test_a_moderators_decision_about_a_closed_work_reaches_even_who_keeps_the_moderator_away():
    ada, moderator = make_user(), make_user()
    make_boundary(ada, moderator, BoundaryKind.BLOCK)
    closed = make_artwork(ada, state=State.QUARANTINED)
    assert (
        notify("moderation", to=ada, actor=moderator, artwork=closed, text="It is closed.")
        and inbox.count_unread(ada) == 1
    )
