"""Links to works that are not public: who makes them, how they end, and new addresses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gallery.models import Artwork, ShareLink, State, Suspension, Visibility
from gallery.sharing.actions import MAX_LINKS, is_open, make_link, renew_address, revoke_link
from generation.refusal import Refused
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def work() -> Artwork:
    return make_artwork(visibility=Visibility.PRIVATE)


def test_a_link_has_a_secret_a_note_and_an_end(work):
    link = make_link(work.author, work, note="  For   my mother ", days=7)
    assert len(link.token) == 24 and link.note == "For my mother" and is_open(link)
    assert timedelta(days=6) < link.expires_at - timezone.now() <= timedelta(days=7)
    assert make_link(work.author, work).token != link.token


def test_a_link_ends_by_time_by_its_maker_and_by_an_operator(work):
    expired, revoked, closed = (make_link(work.author, work) for _ in range(3))
    expired.expires_at = timezone.now() - timedelta(seconds=1)
    revoke_link(work.author, revoked)
    revoked.refresh_from_db()
    closed.artwork.state = State.QUARANTINED
    assert not is_open(expired) and not is_open(revoked) and not is_open(closed)


@pytest.mark.parametrize(
    "terms",
    [
        {"days": 0},
        {"days": -1},
        {"days": 367},
        {"days": True},
        {"days": 10**40},
        {"note": "x" * 121},
    ],
)
def test_impossible_terms_are_refused(work, terms):
    with pytest.raises(Refused):
        make_link(work.author, work, **terms)
    assert not ShareLink.objects.exists()


def test_only_the_maker_makes_and_revokes_links(work):
    link = make_link(work.author, work)
    for other in (make_user(), make_user(role="administrator")):
        with pytest.raises(Refused):
            make_link(other, work)
        with pytest.raises(Refused):
            revoke_link(other, link)
        with pytest.raises(Refused):
            renew_address(other, work)
    assert ShareLink.objects.get().revoked_at is None


def test_a_suspended_maker_shares_nothing(work):
    Suspension.objects.create(user=work.author, reason="Spam.")
    with pytest.raises(Refused, match="suspended"):
        make_link(work.author, work)


def test_a_public_work_needs_no_link_and_keeps_its_address():
    work = make_artwork()
    with pytest.raises(Refused):
        make_link(work.author, work)
    with pytest.raises(Refused):
        renew_address(work.author, work)


def test_there_is_an_end_to_links_but_closed_ones_do_not_count(work):
    links = [make_link(work.author, work) for _ in range(MAX_LINKS)]
    with pytest.raises(Refused):
        make_link(work.author, work)
    revoke_link(work.author, links[0])
    make_link(work.author, work)


def test_a_new_address_is_told_to_the_children(work):
    old = work.slug
    child = make_artwork(
        work.author, parents=[work], pedigree={"roots": [old, "seed:patterns:4"], "steps": []}
    )
    renewed = renew_address(work.author, work)
    child.refresh_from_db()
    assert renewed.slug != old and not Artwork.objects.filter(slug=old).exists()
    assert child.pedigree["roots"] == [renewed.slug, "seed:patterns:4"]
