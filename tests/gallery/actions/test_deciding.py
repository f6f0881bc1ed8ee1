"""The report queue: claims, decisions, takedowns with descendants, answers."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import connection

from gallery.actions.collecting import add_work, edit_collection
from gallery.actions.deciding import CLAIM_LASTS, Verdict, claim, decide, release_claim, settle
from gallery.actions.reporting import answer_takedown, file_report
from gallery.models import Artwork, AuditEntry, Comment, Notification, Report, ReportState, State, User
from generation.refusal import Refused
from tests.factories import make_artwork, make_collection, make_user

pytestmark = pytest.mark.django_db


def report(subject, *, by: User | None = None) -> Report:
    return file_report(by or make_user(), subject, reason="spam")


def states() -> dict[int, str]:
    return dict(Artwork.objects.values_list("pk", "state"))


def test_only_moderators_work_on_the_queue():
    case = report(make_artwork())
    for person in (AnonymousUser(), make_user(), make_user(role="curator"), case.artwork.author):
        for act in (
            lambda who: claim(who, case), lambda who: release_claim(who, case), lambda who: settle(who, case, is_restored=True),
            lambda who: decide(who, case, verdict=Verdict.HIDE, reason="No."),
        ):
            with pytest.raises(Refused, match="Only moderators|Log in"):
                act(person)
    assert Report.objects.get().state == ReportState.OPEN


def test_a_case_belongs_to_who_claims_it_first():
    work, (ada, bob) = make_artwork(), [make_user(role="moderator") for _ in range(2)]
    first, second = report(work), report(work)
    assert claim(ada, first) == 2
    with pytest.raises(Refused, match="is looking at this case"):
        claim(bob, second)
    with pytest.raises(Refused, match="is looking at this case"):
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


def test_reports_about_one_thing_are_decided_together_and_everybody_hears(django_capture_on_commit_callbacks):
    moderator, work, reader = make_user(role="moderator"), make_artwork(has_files=True), make_user()
    case = report(work, by=reader)
    file_report(AnonymousUser(), work, reason="rights", email="ann@example.org")
    other = report(make_artwork())
    with django_capture_on_commit_callbacks(execute=True):
        assert decide(moderator, case, verdict=Verdict.HIDE, reason="It copies a photo.") == 2
    assert states()[work.pk] == State.HIDDEN
    assert set(Report.objects.about(work).values_list("state", "decision")) == {(ReportState.UPHELD, "It copies a photo.")}
    assert Report.objects.get(pk=other.pk).state == ReportState.OPEN
    assert "It copies a photo." in Notification.objects.get(user=work.author).text
    assert "acted" in Notification.objects.get(user=reader).text
    assert mail.outbox[0].to == ["ann@example.org"] and work.title in mail.outbox[0].body
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == ["hide", "decide"]
    with pytest.raises(Refused, match="decided already"):
        decide(moderator, case, verdict=Verdict.DISMISS)


def test_descendants_go_only_when_they_are_chosen_and_each_maker_can_answer():
    moderator, work = make_user(role="moderator"), make_artwork(has_files=True)
    child = make_artwork(parents=[work], has_files=True)
    grandchild = make_artwork(parents=[child], has_files=True)
    stranger = make_artwork(has_files=True)
    case = report(work)
    with pytest.raises(Refused, match="does not descend"):
        decide(moderator, case, verdict=Verdict.HIDE, reason="A copy.", also=[child.pk, stranger.pk])
    assert set(states().values()) == {State.PUBLISHED} and Report.objects.get().state == ReportState.OPEN
    decide(moderator, case, verdict=Verdict.HIDE, reason="A copy.", also=[grandchild.pk])
    assert states() == {
        work.pk: State.HIDDEN, child.pk: State.PUBLISHED, grandchild.pk: State.HIDDEN, stranger.pk: State.PUBLISHED,
    }
    assert answer_takedown(grandchild.author, grandchild, text="Mine is different.").artwork == grandchild


def test_a_dismissed_report_changes_nothing_and_needs_no_words():
    moderator, work = make_user(role="moderator"), make_artwork()
    decide(moderator, report(work), verdict=Verdict.DISMISS)
    assert states()[work.pk] == State.PUBLISHED and Report.objects.get().state == ReportState.DISMISSED
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
    assert "Mind the rules." in Notification.objects.get(user=person).text and person.suspension is None
    with pytest.raises(Refused, match="cannot be decided"):
        decide(moderator, report(person), verdict=Verdict.HIDE, reason="No.")


def test_when_the_suspension_is_refused_nothing_is_decided():
    moderator, boss = make_user(role="moderator"), make_user(role="administrator")
    work = make_artwork(boss, has_files=True)
    with pytest.raises(Refused, match="may not suspend"):
        decide(moderator, report(work), verdict=Verdict.HIDE, reason="No.", term="7")
    assert states()[work.pk] == State.PUBLISHED and not AuditEntry.objects.exists()


def test_nobody_decides_about_their_own_work():
    moderator = make_user(role="moderator")
    with pytest.raises(Refused, match="about themselves"):
        decide(moderator, report(make_artwork(moderator)), verdict=Verdict.DISMISS)


@pytest.mark.parametrize(("verdict", "is_restored", "state"), [
    (Verdict.HIDE, True, State.PUBLISHED), (Verdict.HIDE, False, State.HIDDEN),
    (Verdict.QUARANTINE, True, State.PUBLISHED), (Verdict.QUARANTINE, False, State.QUARANTINED),
])
def test_an_answer_comes_back_and_is_settled(verdict: Verdict, is_restored: bool, state: State):
    moderator, work = make_user(role="moderator"), make_artwork(has_files=True)
    case = report(work)
    with pytest.raises(Refused, match="Nobody has answered"):
        settle(moderator, case, is_restored=True)
    decide(moderator, case, verdict=verdict, reason="A copy.")
    answer = answer_takedown(work.author, work, text="It is mine.")
    assert list(Report.objects.leads()) == [answer]
    with pytest.raises(Refused, match="The maker has answered"):
        decide(moderator, answer, verdict=Verdict.DISMISS)
    settle(moderator, answer, is_restored=is_restored, reason="We looked again.")
    answer.refresh_from_db()
    assert states()[work.pk] == state and answer.decision == "A copy.\n\nWe looked again."
    assert answer.state == (ReportState.DISMISSED if is_restored else ReportState.UPHELD)
    assert not Report.objects.pending().exists()


def test_a_collection_is_made_private_and_stays_so_with_the_same_words():
    ada, moderator, work = make_user(), make_user(role="moderator"), make_artwork()
    collection = make_collection(ada, title="Awful words", text="Awful.")
    add_work(ada, collection, work)
    first, second = report(collection), report(collection)
    with pytest.raises(Refused, match="cannot be decided"):
        decide(moderator, first, verdict=Verdict.QUARANTINE, reason="Rude.")
    assert decide(moderator, first, verdict=Verdict.HIDE, reason="Rude.") == 2
    collection.refresh_from_db()
    assert not collection.is_public and list(collection.items.values_list("artwork", flat=True)) == [work.pk]
    assert {row.state for row in Report.objects.all()} == {ReportState.UPHELD}
    assert [entry.verb for entry in AuditEntry.objects.order_by("pk")] == ["hide collection", "decide"]
    news = Notification.objects.get(user=ada)
    assert "Awful words" in news.text and "Rude." in news.text and news.collection == collection
    assert not Notification.objects.filter(user=work.author).exists(), "It names a collection that is closed to the maker."
    with pytest.raises(Refused, match="Change them"):
        edit_collection(ada, collection, title="Awful words", text="Awful.")
    edit_collection(ada, collection, title="Kind words", text="Kind.")
    assert type(collection).objects.get().is_public
    reporter = Notification.objects.get(user=second.reporter)
    assert "Awful words" in reporter.text
