"""The figures that shelves are ordered by: updated at once, and refreshed by maintenance."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gallery.core.pagination import page
from gallery.discovery.figures import initial_rankings, recount_children, recount_likes
from gallery.discovery.ranking import love_of
from gallery.maintenance import PERIOD, refresh_rankings, refresh_rankings_if_due
from gallery.models import Artwork, Like, ScheduledTask, Visibility
from tests.factories import make_artwork, make_tag, make_user

pytestmark = pytest.mark.django_db


def like(work: Artwork, *, days_ago: float = 0) -> None:
    made = Like.objects.create(user=make_user(), artwork=work)
    Like.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=days_ago))


def order(column: str) -> list[str]:
    works = Artwork.objects.listed().filter(**{f"{column}__gt": 0})
    return [work.title for work in page(works, key=column).items]


def test_a_like_counts_at_once_and_half_as_much_after_two_weeks():
    old, new = make_artwork(title="Old love"), make_artwork(title="New love")
    for days in (30, 30, 30):
        like(old, days_ago=days)
    like(new)
    for work in (old, new):
        recount_likes(work)
    assert order("love") == ["New love", "Old love"]
    old.refresh_from_db()
    assert old.like_count == 3 and old.love == pytest.approx(
        love_of(list(old.likes.values_list("created_at", flat=True)))
    )


def test_a_like_that_is_taken_back_leaves_nothing():
    work = make_artwork()
    like(work)
    recount_likes(work)
    work.likes.all().delete()
    recount_likes(work)
    work.refresh_from_db()
    assert (work.like_count, work.love) == (0, 0.0)


def test_only_public_children_are_counted():
    parent = make_artwork()
    make_artwork(parents=[parent]), make_artwork(parents=[parent], visibility=Visibility.PRIVATE)
    recount_children([parent])
    parent.refresh_from_db()
    assert parent.child_count == 1


def test_a_refresh_corrects_every_figure_and_a_second_one_changes_nothing():
    founder = make_artwork(title="Founder")
    child = make_artwork(title="Child", parents=[founder])
    make_artwork(title="Grandchild", parents=[child])
    like(child)
    Artwork.objects.update(like_count=7, love=3.0, child_count=9, rarity=1.0, stepping=2.0, mix=0.0)
    assert refresh_rankings() == 3
    figures = {work.title: work for work in Artwork.objects.all()}
    assert [figures[name].child_count for name in ("Founder", "Child", "Grandchild")] == [1, 1, 0]
    assert [figures[name].like_count for name in ("Founder", "Child", "Grandchild")] == [0, 1, 0]
    assert (
        figures["Founder"].stepping > 0
        and figures["Child"].stepping == figures["Grandchild"].stepping == 0
    )
    assert order("rarity") == ["Grandchild", "Child"] and order("stepping") == ["Founder"]
    assert refresh_rankings() == 0


def test_a_refresh_and_a_single_like_compute_the_same():
    work = make_artwork()
    like(work, days_ago=2)
    like(work, days_ago=50)
    recount_likes(work)
    refresh_rankings()
    computed = Artwork.objects.get(pk=work.pk).love
    assert computed == pytest.approx(work.love, abs=1e-5)


def test_the_mixed_shelf_lifts_an_old_loved_work_between_new_ones():
    loved = make_artwork(title="Loved", published_at=timezone.now() - timedelta(days=300))
    like(loved)
    for number in range(8):
        make_artwork(title=f"New {number}")
    refresh_rankings()
    titles = order("mix")
    assert titles[0] == "New 7" and "Loved" in titles[1:4] and len(titles) == 9


def test_a_new_work_is_first_on_the_mixed_shelf_before_any_refresh():
    for _ in range(3):
        make_artwork()
    refresh_rankings()
    new = make_artwork(title="Just now", published_at=timezone.now(), accent="#23744a")
    new.mix = 0.0
    new.save(update_fields=initial_rankings(new))
    assert order("mix")[0] == "Just now"
    assert Artwork.objects.get(pk=new.pk).colour == "green"


def test_private_works_are_not_lifted_and_love_of_them_lifts_no_ancestor():
    founder = make_artwork(title="Founder")
    secret = make_artwork(title="Secret", parents=[founder], visibility=Visibility.PRIVATE)
    like(secret)
    refresh_rankings()
    founder.refresh_from_db()
    assert founder.stepping == 0 and founder.child_count == 0


def test_tags_are_counted_and_colours_named():
    make_artwork(tags=["moss"], accent="#c8372f")
    make_artwork(tags=["moss", "fern"], visibility=Visibility.PRIVATE)
    refresh_rankings()
    assert (make_tag("moss").number, make_tag("fern").number) == (1, 0)
    assert Artwork.objects.listed().get().colour == "red"


def test_only_one_of_two_processes_refreshes_and_only_when_it_is_due():
    make_artwork()
    assert refresh_rankings_if_due() is True
    assert refresh_rankings_if_due() is False
    ScheduledTask.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert refresh_rankings_if_due() is True
    assert ScheduledTask.objects.get().due_at > timezone.now() + PERIOD / 2


def test_an_empty_site_is_refreshed_too():
    assert refresh_rankings() == 0


def test_a_site_with_private_works_only_is_refreshed_too():
    make_artwork(visibility=Visibility.PRIVATE)
    assert refresh_rankings() >= 0
    assert order("mix") == []
