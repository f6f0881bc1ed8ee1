"""Ancestors and descendants, the ties above a work, and the family tree."""

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.discovery.figures import recount_children
from gallery.lineage.graph import ancestor_ids, ancestors, descendants, family, ties_above
from gallery.lineage.story import describe_recipe
from gallery.models import State, Visibility
from tests.factories import make_artwork

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def test_ancestors_and_descendants_go_through_all_generations_and_count_each_once(
    django_assert_num_queries,
):
    root, other = make_artwork(), make_artwork()
    left, right = make_artwork(parents=[root, other]), make_artwork(parents=[root])
    child = make_artwork(parents=[left, right])
    make_artwork()
    with django_assert_num_queries(1):
        assert ancestor_ids([child.pk])[:2] in ([left.pk, right.pk], [right.pk, left.pk])
    assert set(ancestors(child)) == {root, other, left, right}
    assert set(descendants(root)) == {left, right, child}
    assert not ancestors(root) and not descendants(child)


def test_the_walk_stops_at_its_limit():
    line = [make_artwork()]
    for _ in range(6):
        line.append(make_artwork(parents=line[-1:]))
    assert ancestor_ids([line[-1].pk], limit=3) == [work.pk for work in line[5:2:-1]]


def test_a_family_has_columns_by_generation_and_ties_with_shares(django_assert_num_queries):
    root, mate = make_artwork(), make_artwork()
    middle = make_artwork(parents=[root, mate], shares=[0.7, 0.3])
    work = make_artwork(parents=[middle, root], shares=[0.6, 0.4])
    child = make_artwork(parents=[work])
    with django_assert_num_queries(4):
        found = family(work, VISITOR)
    column = {member.key: member.column for member in found.members}
    assert column == {root.pk: 0, mate.pk: 0, middle.pk: 1, work.pk: 2, child.pk: 3}
    assert found.columns == 4 and not found.is_alone
    assert {(tie.parent, tie.child): tie.share for tie in found.ties}[
        (root.pk, work.pk)
    ] == pytest.approx(0.4)
    relation = {member.key: member.relation for member in found.members}
    assert (
        relation[work.pk] == "self"
        and relation[child.pk] == "descendant"
        and relation[mate.pk] == "ancestor"
    )


def test_a_huge_family_shows_the_nearest_and_counts_the_rest():
    work = make_artwork(parents=[make_artwork() for _ in range(5)])
    for _ in range(7):
        make_artwork(parents=[work])
    found = family(work, VISITOR, limit=4)
    assert len(found.members) == 9
    assert (found.more_ancestors, found.more_descendants) == (1, 3)


@pytest.mark.parametrize(
    "fields",
    [
        {"visibility": Visibility.PRIVATE},
        {"visibility": Visibility.UNLISTED},
        {"state": State.HIDDEN},
        {"state": State.REMOVED},
    ],
)
def test_what_is_not_on_walls_is_nameless_in_a_family(fields):
    parent = make_artwork(title="Secret", **fields)
    child = make_artwork(parents=[parent])
    member = next(member for member in family(child, VISITOR).members if member.key == parent.pk)
    assert member.artwork is None and "Secret" not in member.label
    assert "Secret" not in " ".join(describe_recipe(child, VISITOR))


def test_makers_see_their_own_hidden_relatives():
    parent = make_artwork(visibility=Visibility.PRIVATE)
    child = make_artwork(parent.author, parents=[parent])
    member = next(
        member for member in family(child, parent.author).members if member.key == parent.pk
    )
    assert member.artwork == parent and member.is_own


def test_ties_above_hold_every_line_of_inheritance_once(django_assert_num_queries):
    root = make_artwork()
    left, right = make_artwork(parents=[root]), make_artwork(parents=[root])
    work = make_artwork(parents=[left, right], shares=[0.75, 0.25])
    make_artwork(parents=[work])
    with django_assert_num_queries(1):
        ties = ties_above([work.pk])
    assert {(tie.parent_id, tie.child_id): tie.share for tie in ties} == {
        (left.pk, work.pk): 0.75,
        (right.pk, work.pk): 0.25,
        (root.pk, left.pk): 1,
        (root.pk, right.pk): 1,
    }
    assert ties_above([]) == [] and ties_above([root.pk]) == []


def test_a_neighbourhood_goes_so_many_generations_and_says_what_is_beyond():
    line = [make_artwork()]
    for _ in range(6):
        line.append(make_artwork(parents=line[-1:]))
    for _ in range(3):
        make_artwork(parents=[line[5]])
    make_artwork(parents=[line[5]], visibility=Visibility.PRIVATE)
    recount_children(line)
    found = family(line[3], VISITOR, generations=2)
    assert [member.key for member in found.members] == [work.pk for work in line[1:6]]
    assert (found.more_ancestors, found.more_descendants) == (1, 5) and not found.is_whole
    beyond = {member.key: (member.more_parents, member.more_children) for member in found.members}
    assert (
        beyond[line[1].pk] == (1, 0)
        and beyond[line[5].pk] == (0, 4)
        and beyond[line[3].pk] == (0, 0)
    )


def test_a_work_that_is_not_public_does_not_tell_how_many_it_is_related_to():
    secret = make_artwork(parents=[make_artwork()], visibility=Visibility.PRIVATE)
    work = make_artwork(parents=[secret])
    make_artwork(parents=[secret])
    recount_children([secret])
    found = family(work, VISITOR, generations=1)
    assert [
        (member.more_parents, member.more_children)
        for member in found.members
        if member.artwork is None
    ] == [(0, 0)]


def test_shortest_ways_count_as_generations():
    root = make_artwork()
    middle = make_artwork(parents=[root])
    work = make_artwork(parents=[middle, root])
    found = family(work, VISITOR, generations=1)
    assert {member.key for member in found.members} == {root.pk, middle.pk, work.pk}
