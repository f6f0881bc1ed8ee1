"""What moderators do with works, that nobody else can, and that every act is told and logged."""

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.models import Artwork, AuditEntry, Notification, Report, ReportState, State
from gallery.moderation import actions as moderating
from generation.refusal import Refused
from tests.factories import make_artwork, make_job, make_user

pytestmark = pytest.mark.django_db
VERBS = (moderating.hide, moderating.show, moderating.quarantine, moderating.release)


@pytest.mark.parametrize("verb", VERBS)
def test_only_moderators_may(verb):
    work = make_artwork()
    curator, closed = make_user(role="curator"), make_user(role="moderator", is_active=False)
    for person in (AnonymousUser(), work.author, curator, closed):
        with pytest.raises(Refused, match="Only moderators|Log in"):
            verb(person, [work])
    assert Artwork.objects.get().state == State.PUBLISHED and not AuditEntry.objects.exists()


def test_hiding_and_showing_undo_each_other_with_reason_log_and_news():
    moderator, work = (
        make_user("mo", role="moderator"),
        make_artwork(is_featured=True, has_files=True),
    )
    assert moderating.hide(moderator, [work], reason="It copies a photo.") == 1
    work.refresh_from_db()
    assert work.state == State.HIDDEN and not work.is_featured
    assert Artwork.objects.visible_to(work.author).filter(pk=work.pk).exists()
    assert not Artwork.objects.visible_to(make_user()).filter(pk=work.pk).exists()
    entry, news, case = AuditEntry.objects.get(), Notification.objects.get(), Report.objects.get()
    assert (entry.staff_name, entry.verb, entry.reason) == ("mo", "hide", "It copies a photo.")
    assert news.user == work.author and "It copies a photo." in news.text and news.actor is None
    assert case.state == ReportState.UPHELD and case.decision == "It copies a photo."
    assert moderating.show(moderator, [work]) == 1
    work.refresh_from_db()
    assert work.state == State.PUBLISHED


def test_a_quarantined_work_is_closed_to_its_maker_until_it_is_released():
    moderator, work = make_user(role="moderator"), make_artwork(has_files=True)
    unprinted, removed = make_artwork(state=State.RENDERING), make_artwork(state=State.REMOVED)
    in_line = make_job().artwork
    assert moderating.quarantine(moderator, [work, unprinted, removed, in_line]) == 3
    assert not Artwork.objects.visible_to(work.author).filter(pk=work.pk).exists()
    assert Artwork.objects.visible_to(moderator).filter(pk=work.pk).exists()
    assert moderating.release(moderator, [work, unprinted, removed, in_line]) == 3
    states = dict(Artwork.objects.values_list("pk", "state"))
    assert states == {
        work.pk: State.PUBLISHED,
        unprinted.pk: State.FAILED,
        removed.pk: State.REMOVED,
        in_line.pk: State.RENDERING,
    }


def test_a_hidden_child_counts_no_more():
    moderator, parent = make_user(role="moderator"), make_artwork()
    child = make_artwork(parents=[parent], has_files=True)
    moderating.show(moderator, [child])
    moderating.hide(moderator, [child])
    parent.refresh_from_db()
    assert parent.child_count == 0
    moderating.show(moderator, [child])
    parent.refresh_from_db()
    assert parent.child_count == 1


def test_a_reason_of_a_megabyte_changes_nothing():
    moderator, work = make_user(role="moderator"), make_artwork()
    with pytest.raises(Refused, match="Shorten it"):
        moderating.hide(moderator, [work], reason="x" * 2**20)
    assert Artwork.objects.get().state == State.PUBLISHED
