"""Comments: who may write what where, and who is notified."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from gallery.comments.actions import (
    edit_comment,
    hide_comment,
    remove_comment,
    show_comment,
    write_comment,
)
from gallery.models import (
    AuditEntry,
    BlockedWord,
    BoundaryKind,
    Comment,
    Notification,
    Report,
    Role,
    State,
    Suspension,
    Visibility,
)
from generation.refusal import Refused
from tests.factories import make_artwork, make_boundary, make_comment, make_notification, make_user
from tests.gallery.deletions import after_a_minute

pytestmark = pytest.mark.django_db


def notified() -> set[tuple[str, str]]:
    return set(Notification.objects.values_list("user__username", "kind"))


def test_a_comment_is_stored_and_the_works_maker_notified():
    work = make_artwork(make_user("ada"))
    comment = write_comment(make_user("bo"), work, "  Fine moss.\r\n\r\n\r\n\r\nReally.  ")
    assert Comment.objects.get() == comment and comment.text == "Fine moss.\n\nReally."
    assert notified() == {("ada", "comment")} and Notification.objects.get().comment == comment


def test_own_comments_on_own_works_notify_nobody():
    work = make_artwork()
    write_comment(work.author, work, "Made at dawn.")
    assert notified() == set()


def test_answers_belong_to_the_first_comment_and_everybody_is_notified_once():
    work = make_artwork(make_user("ada"))
    first = make_comment(work, author=make_user("bo"))
    answer = make_comment(parent=first, author=make_user("cy"))
    made = write_comment(make_user("di"), work, "Yes, @bo and @ada and @cy!", answered=answer)
    assert made.parent == first
    assert notified() == {("cy", "answer"), ("ada", "comment"), ("bo", "mention")}


def test_only_active_people_who_do_not_block_or_mute_are_mentioned():
    writer = make_user("bo")
    make_boundary(make_user("blocker"), writer)
    make_boundary(make_user("muter"), writer, BoundaryKind.MUTE)
    make_user("gone", is_active=False), make_user("cy")
    work = make_artwork(writer)
    write_comment(writer, work, "@blocker @muter @gone @nobody @bo @cy mail@cy.example")
    assert notified() == {("cy", "mention")}


def test_too_many_mentions_notify_nobody():
    names = [make_user().username for _ in range(11)]
    work = make_artwork()
    write_comment(work.author, work, " ".join(f"@{name}" for name in names))
    assert notified() == set()


@pytest.mark.parametrize(
    "fields",
    [
        {"visibility": Visibility.PRIVATE},
        {"state": State.HIDDEN},
        {"state": State.QUARANTINED},
        {"state": State.RENDERING},
    ],
)
def test_works_that_are_not_open_take_no_comments(fields: dict):
    work = make_artwork()
    comment = make_comment(work)
    type(work).objects.filter(pk=work.pk).update(**fields)
    for person in (make_user(), work.author, make_user(role=Role.MODERATOR)):
        with pytest.raises(Refused, match="no longer open"):
            write_comment(person, work, "Hello?")
    with pytest.raises(Refused, match="no longer open"):
        edit_comment(comment.author, comment, "Changed")
    assert Comment.objects.get().text == comment.text


def test_visitors_the_suspended_the_blocked_and_blocked_words_are_refused():
    work, blocked, suspended = make_artwork(), make_user(), make_user()
    make_boundary(work.author, blocked)
    Suspension.objects.create(user=suspended, reason="Spam.")
    BlockedWord.objects.create(word="slug")
    for person, words in (
        (AnonymousUser(), "Log in"),
        (blocked, "can't interact"),
        (suspended, "suspended"),
    ):
        with pytest.raises(Refused, match=words):
            write_comment(person, work, "Hello.")
    with pytest.raises(Refused, match="slug"):
        write_comment(make_user(), work, "What a SLÜG.")
    someone = make_comment(work)
    make_boundary(someone.author, blocked)
    with pytest.raises(Refused, match="can't interact"):
        write_comment(blocked, work, "And you?", answered=someone)
    assert Comment.objects.count() == 1 and notified() == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write something"),
        (" \n\t ", "Write something"),
        ("\x00\x07", "Write something"),
        ("\u202e\u2066", "Write something"),
        ("a" * 2001, "shorten it to 2000"),
        ("é" * 1_000_000, "1000000 characters"),
    ],
)
def test_empty_and_too_long_texts_are_refused(text: str, words: str):
    with pytest.raises(Refused, match=words):
        write_comment(make_user(), make_artwork(), text)
    assert not Comment.objects.exists()


def test_control_characters_and_lone_surrogates_are_removed():
    comment = write_comment(make_user(), make_artwork(), "a\u202eb\x00c\ud800d 👩\u200d🎨")
    assert Comment.objects.get(pk=comment.pk).text == "abcd 👩\u200d🎨"


def test_an_answer_to_a_comment_of_another_work_or_a_removed_one_is_refused():
    work = make_artwork()
    gone = make_comment(work, deleted_at=timezone.now())
    for answered in (make_comment(), gone, make_comment(work, is_hidden=True)):
        with pytest.raises(Refused, match="gone"):
            write_comment(make_user(), work, "Hm.", answered=answered)


def test_a_double_click_makes_one_comment_and_the_rate_is_limited(settings):
    settings.RATE_LIMITS = {"comment": 2}
    user, work = make_user(), make_artwork()
    assert write_comment(user, work, "Once.") == write_comment(user, work, "Once.")
    write_comment(user, work, "Twice.")
    with pytest.raises(Refused, match="Wait"):
        write_comment(user, work, "Thrice.")
    assert Comment.objects.count() == 2


def test_own_comments_can_be_changed_while_the_window_is_open(settings):
    comment = make_comment()
    make_user("cy")
    assert edit_comment(comment.author, comment, comment.text).edited_at is None
    assert edit_comment(comment.author, comment, "Better, @cy.").edited_at
    assert notified() == {("cy", "mention")}
    edit_comment(comment.author, comment, "Even better, @cy.")
    assert Notification.objects.count() == 1
    with pytest.raises(Refused, match="can't edit this comment"):
        edit_comment(make_user(), comment, "Mine.")
    window = timedelta(minutes=settings.COMMENT_EDIT_MINUTES)
    Comment.objects.update(created_at=timezone.now() - window)
    with pytest.raises(Refused, match="15 minutes"):
        edit_comment(comment.author, comment, "Too late.")
    assert Comment.objects.get().text == "Even better, @cy."


def test_a_comment_is_removed_by_its_author_or_under_ones_own_work():
    work = make_artwork()
    one, other = make_comment(work), make_comment(work)
    with pytest.raises(Refused, match="can't remove this comment"):
        remove_comment(make_user(), one)
    remove_comment(one.author, one)
    remove_comment(work.author, other)
    assert not Comment.objects.standing().exists()
    after_a_minute()
    assert not Comment.objects.exists()
    with pytest.raises(Refused, match="gone"):
        remove_comment(one.author, one)


def test_a_comment_with_answers_leaves_a_tombstone_until_the_last_answer_is_removed():
    first = make_comment()
    make_notification(kind="comment", comment=first, artwork=first.artwork)
    answers = [make_comment(parent=first) for _ in range(2)]
    remove_comment(first.author, first)
    after_a_minute()
    place = Comment.objects.get(pk=first.pk)
    assert place.text == "" and place.deleted_at and not Notification.objects.exists()
    remove_comment(answers[0].author, answers[0])
    after_a_minute()
    assert Comment.objects.count() == 2
    remove_comment(answers[1].author, answers[1])
    after_a_minute()
    assert not Comment.objects.exists()


def test_a_reported_comment_keeps_its_text_for_the_moderators():
    comment = make_comment(text="Rude words.")
    Report.objects.create(comment=comment, reporter=make_user(), reason="other")
    remove_comment(comment.author, comment)
    after_a_minute()
    assert Comment.objects.get().text == "Rude words." and Comment.objects.get().deleted_at


def test_moderators_hide_comments_with_a_reason_and_show_them_again():
    comment, moderator = make_comment(), make_user(role=Role.MODERATOR)
    with pytest.raises(Refused, match="moderators"):
        hide_comment(comment.author, comment)
    hide_comment(moderator, comment, reason="Insults a person.")
    hide_comment(moderator, comment, reason="Again.")
    assert (
        Comment.objects.get().is_hidden and AuditEntry.objects.get().reason == "Insults a person."
    )
    line = Notification.objects.get()
    assert line.user == comment.author and "Insults a person." in line.text
    show_comment(moderator, comment)
    assert not Comment.objects.get().is_hidden and AuditEntry.objects.count() == 2
