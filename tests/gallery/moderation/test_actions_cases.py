"""The report queue: claims, decisions, takedowns with descendants, answers."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import connection
from django.utils import timezone

from gallery.accounts.actions import edit_profile
from gallery.collections.actions import add_work, edit_collection, edit_exhibition
from gallery.collections.invitations import invite
from gallery.models import (
    Artwork,
    AuditEntry,
    Collection,
    Comment,
    Notification,
    Report,
    ReportState,
    State,
    User,
)
from gallery.moderation.actions import hide, hide_collection, show, show_collection
from gallery.moderation.actions_cases import (
    CLAIM_LASTS,
    claim,
    decide,
    decide_appeal,
    release_claim,
)
from gallery.moderation.decisions import Verdict
from gallery.reports.actions import appeal_takedown, file_report
from generation.refusal import Refused
from tests.factories import make_artwork, make_collection, make_user

pytestmark = pytest.mark.django_db


def sees(user, collection) -> bool:
    return Collection.objects.visible_to(user).filter(pk=collection.pk).exists()


def report(subject, *, by: User | None = None) -> Report:
    return file_report(by or make_user(), subject, reason="spam")


def states() -> dict[int, str]:
    return dict(Artwork.objects.values_list("pk", "state"))


def test_only_moderators_work_on_the_queue():
    case = report(make_artwork())
    for person in (AnonymousUser(), make_user(), make_user(role="curator"), case.artwork.author):
        for act in (
            lambda who: claim(who, case),
            lambda who: release_claim(who, case),
            lambda who: decide_appeal(who, case, is_restored=True),
            lambda who: decide(who, case, verdict=Verdict.HIDE, reason="No."),
        ):
            with pytest.raises(Refused, match="Only moderators|Log in"):
                act(person)
    assert Report.objects.get().state == ReportState.OPEN


def test_a_case_belongs_to_who_claims_it_first():
    work, (ada, bob) = make_artwork(), [make_user(role="moderator") for _ in range(2)]
    first, second = report(work), report(work)
    assert claim(ada, first) == 2
    with pytest.raises(Refused, match="is reviewing this case"):
        claim(bob, second)
    with pytest.raises(Refused, match="is reviewing this case"):
        decide(bob, second, verdict=Verdict.DISMISS)
    late = report(work)
    assert late.state == ReportState.CLAIMED and late.claimed_by == ada
    release_claim(ada, first)
    assert claim(bob, first) == 3


def test_a_claim_that_was_left_lying_can_be_taken_over():
    case, (ada, bob) = report(make_artwork()), [make_user(role="moderator") for _ in range(2)]
    claim(ada, case)
    Report.objects.update(claimed_at=Report.objects.get().claimed_at - CLAIM_LASTS)
    claim(bob, case)
    assert Report.objects.get().claimed_by == bob


@pytest.mark.django_db(transaction=True)
def test_two_who_claim_at_once_never_both_get_it():
    case = report(make_artwork())
    moderators = [make_user(role="moderator") for _ in range(4)]

    def try_to(moderator: User) -> bool:
        try:
            claim(moderator, case)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(try_to, moderators))
    assert won.count(True) == 1
    assert Report.objects.get().claimed_by == moderators[won.index(True)]


def test_reports_about_one_thing_are_decided_together_and_everybody_hears(
    django_capture_on_commit_callbacks,
):
    moderator, work, reader = make_user(role="moderator"), make_artwork(has_files=True), make_user()
    case = report(work, by=reader)
    file_report(AnonymousUser(), work, reason="rights", email="ann@example.org")
    other = report(make_artwork())
    with django_capture_on_commit_callbacks(execute=True):
        assert decide(moderator, case, verdict=Verdict.HIDE, reason="It copies a photo.") == 2
    assert states()[work.pk] == State.HIDDEN
    assert set(Report.objects.about(work).values_list("state", "decision")) == {
        (ReportState.UPHELD, "It copies a photo.")
    }
    assert Report.objects.get(pk=other.pk).state == ReportState.OPEN
    assert "It copies a photo." in Notification.objects.get(user=work.author).text
    assert "took action" in Notification.objects.get(user=reader).text
    assert mail.outbox[0].to == ["ann@example.org"] and work.title in mail.outbox[0].body
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == [
        "hide",
        "decide",
    ]
    with pytest.raises(Refused, match="already been decided"):
        decide(moderator, case, verdict=Verdict.DISMISS)


def test_descendants_go_only_when_they_are_chosen_and_each_maker_can_answer():
    moderator, work = make_user(role="moderator"), make_artwork(has_files=True)
    child = make_artwork(parents=[work], has_files=True)
    grandchild = make_artwork(parents=[child], has_files=True)
    stranger = make_artwork(has_files=True)
    case = report(work)
    with pytest.raises(Refused, match="does not descend"):
        decide(
            moderator, case, verdict=Verdict.HIDE, reason="A copy.", also=[child.pk, stranger.pk]
        )
    assert (
        set(states().values()) == {State.PUBLISHED}
        and Report.objects.get().state == ReportState.OPEN
    )
    decide(moderator, case, verdict=Verdict.HIDE, reason="A copy.", also=[grandchild.pk])
    assert states() == {
        work.pk: State.HIDDEN,
        child.pk: State.PUBLISHED,
        grandchild.pk: State.HIDDEN,
        stranger.pk: State.PUBLISHED,
    }
    assert (
        appeal_takedown(grandchild.author, grandchild, text="Mine is different.").artwork
        == grandchild
    )


def test_a_dismissed_report_changes_nothing_and_needs_no_words():
    moderator, work = make_user(role="moderator"), make_artwork()
    decide(moderator, report(work), verdict=Verdict.DISMISS)
    assert (
        states()[work.pk] == State.PUBLISHED and Report.objects.get().state == ReportState.DISMISSED
    )
    assert not Notification.objects.filter(user=work.author).exists()
    with pytest.raises(Refused, match="Give the reason"):
        decide(moderator, report(work), verdict=Verdict.HIDE)


def test_a_comment_is_hidden_and_a_person_warned_or_suspended():
    moderator = make_user(role="moderator")
    comment = Comment.objects.create(artwork=make_artwork(), author=make_user(), text="!")
    decide(moderator, report(comment), verdict=Verdict.HIDE, reason="Be kind.", term="7")
    assert Comment.objects.get().is_hidden and comment.author.suspension.ends_at is not None
    person = make_user()
    decide(moderator, report(person), verdict=Verdict.WARN, reason="Mind the rules.")
    assert (
        "Mind the rules." in Notification.objects.get(user=person).text
        and person.suspension is None
    )
    with pytest.raises(Refused, match="decision isn't possible"):
        decide(moderator, report(person), verdict=Verdict.HIDE, reason="No.")


def test_when_the_suspension_is_refused_nothing_is_decided():
    moderator, boss = make_user(role="moderator"), make_user(role="administrator")
    work = make_artwork(boss, has_files=True)
    with pytest.raises(Refused, match="can't suspend"):
        decide(moderator, report(work), verdict=Verdict.HIDE, reason="No.", term="7")
    assert states()[work.pk] == State.PUBLISHED and not AuditEntry.objects.exists()


def test_nobody_decides_about_their_own_work():
    moderator = make_user(role="moderator")
    with pytest.raises(Refused, match="about yourself"):
        decide(moderator, report(make_artwork(moderator)), verdict=Verdict.DISMISS)


@pytest.mark.parametrize(
    ("verdict", "is_restored", "state"),
    [
        (Verdict.HIDE, True, State.PUBLISHED),
        (Verdict.HIDE, False, State.HIDDEN),
        (Verdict.QUARANTINE, True, State.PUBLISHED),
        (Verdict.QUARANTINE, False, State.QUARANTINED),
    ],
)
def test_an_answer_comes_back_and_is_settled(verdict: Verdict, is_restored: bool, state: State):
    moderator, work = make_user(role="moderator"), make_artwork(has_files=True)
    case = report(work)
    with pytest.raises(Refused, match="There is no appeal"):
        decide_appeal(moderator, case, is_restored=True)
    decide(moderator, case, verdict=verdict, reason="A copy.")
    answer = appeal_takedown(work.author, work, text="It is mine.")
    assert list(Report.objects.leads()) == [answer]
    with pytest.raises(Refused, match="The maker has appealed"):
        decide(moderator, answer, verdict=Verdict.DISMISS)
    decide_appeal(moderator, answer, is_restored=is_restored, reason="We looked again.")
    answer.refresh_from_db()
    assert states()[work.pk] == state and answer.decision == "A copy.\n\nWe looked again."
    assert answer.state == (ReportState.DISMISSED if is_restored else ReportState.UPHELD)
    assert not Report.objects.pending().exists()


def test_a_hidden_collection_stays_hidden_whatever_its_owner_changes():
    ada, moderator, work = make_user(), make_user(role="moderator"), make_artwork()
    collection = make_collection(ada, title="Awful words", text="Awful.")
    add_work(ada, collection, work)
    first, second = report(collection), report(collection)
    with pytest.raises(Refused, match="decision isn't possible"):
        decide(moderator, first, verdict=Verdict.QUARANTINE, reason="Rude.")
    assert decide(moderator, first, verdict=Verdict.HIDE, reason="Rude.") == 2
    assert (
        sees(ada, collection) and sees(moderator, collection) and not sees(work.author, collection)
    )
    assert {row.state for row in Report.objects.all()} == {ReportState.UPHELD}
    assert [entry.verb for entry in AuditEntry.objects.order_by("pk")] == [
        "hide collection",
        "decide",
    ]
    news = Notification.objects.get(user=ada)
    assert "Awful words" in news.text and "Rude." in news.text and news.collection == collection
    assert not Notification.objects.filter(user=work.author).exists(), (
        "It names a collection that is closed to the maker."
    )
    for is_public in (False, True):
        edit_collection(ada, collection, title="Kind words", text="Kind.", is_public=is_public)
    assert not sees(work.author, collection) and not Collection.objects.listed().exists()
    with pytest.raises(Refused, match="nobody else can be invited"):
        invite(ada, collection, work.author.username)
    assert "Awful words" in Notification.objects.get(user=second.reporter).text


@pytest.mark.parametrize("is_restored", [True, False])
def test_the_owner_of_a_hidden_collection_answers_and_it_is_settled(is_restored: bool):
    ada, moderator, reader = make_user(), make_user(role="moderator"), make_user()
    collection = make_collection(ada, title="Blue")
    with pytest.raises(Refused, match="This isn't yours"):
        appeal_takedown(ada, collection, text="It is kind.")
    assert hide_collection(moderator, collection, reason="Rude.") and not hide_collection(
        moderator, collection
    )
    answer = appeal_takedown(ada, collection, text="It is kind.")
    assert list(Report.objects.leads()) == [answer] and answer.decision == "Rude."
    decide_appeal(moderator, answer, is_restored=is_restored, reason="We looked again.")
    assert sees(reader, collection) is is_restored
    news = Notification.objects.filter(user=ada).latest("pk")
    assert "Blue" in news.text and "We looked again." in news.text and news.collection == collection


def test_an_exhibition_is_hidden_until_a_moderator_shows_it_again():
    curator, moderator, work = (
        make_user(role="curator"),
        make_user(role="moderator"),
        make_artwork(),
    )
    exhibition = make_collection(curator, kind="exhibition", works=[work], opens_at=timezone.now())
    decide(moderator, report(exhibition), verdict=Verdict.HIDE, reason="Rude.")
    edit_exhibition(curator, exhibition, title="Kind", opens_at=timezone.now())
    assert sees(curator, exhibition) and not sees(work.author, exhibition)
    assert not Notification.objects.filter(user=work.author).exists()
    with pytest.raises(Refused, match="Only moderators"):
        show_collection(curator, exhibition)
    assert show_collection(moderator, exhibition) and not show_collection(moderator, exhibition)
    assert (
        sees(work.author, exhibition)
        and Notification.objects.filter(user=work.author, kind="collected").exists()
    )


def test_moderators_do_not_show_again_what_another_one_hid_of_theirs():
    moderator, other = make_user(role="moderator"), make_user(role="moderator")
    collection, work = make_collection(moderator), make_artwork(moderator, has_files=True)
    hide_collection(other, collection, reason="Rude.")
    hide(other, [work], reason="Rude.")
    for undo in (lambda user: show_collection(user, collection), lambda user: show(user, [work])):
        with pytest.raises(Refused, match="about yourself"):
            undo(moderator)
        assert undo(other)
    hide_collection(moderator, collection)
    assert show_collection(moderator, collection), "What they did themselves they may undo."


def test_a_profile_is_cleared_and_the_same_words_do_not_come_back():
    person, moderator = (
        make_user(display_name="Rude Name", bio="Rude words."),
        make_user(role="moderator"),
    )
    decide(moderator, report(person), verdict=Verdict.CLEAR, reason="Be kind.")
    person.refresh_from_db()
    assert (person.display_name, person.bio) == ("", "")
    assert "Be kind." in Notification.objects.get(user=person).text
    assert AuditEntry.objects.get(verb="clear profile").details == {
        "display_name": "Rude Name",
        "bio": "Rude words.",
    }
    for words in (
        {"display_name": "Rude Name", "bio": ""},
        {"display_name": "", "bio": "Rude words. "},
    ):
        with pytest.raises(Refused, match="choose different words"):
            edit_profile(person, **words)
    assert edit_profile(person, display_name="Kind Name", bio="").name == "Kind Name"
