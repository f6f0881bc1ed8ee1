"""Ancestors and descendants, the family tree, credits and the recipe in words."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.lineage import ancestor_ids, ancestors, credits, descendants, family, tell_recipe
from gallery.models import LineageEdge, State, Visibility
from generation.finishing.steps import read_steps
from generation.genome import Recipe
from generation.pedigree import Pedigree, Step
from tests.factories import make_artwork, make_genome, make_user

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def shares_of(found) -> dict[str, float]:
    names = [credit.author.username if credit.author else "new" if credit.is_new else "unnamed" for credit in found]
    return dict(zip(names, (credit.share for credit in found), strict=True))


def test_ancestors_and_descendants_go_through_all_generations_and_count_each_once(django_assert_num_queries):
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
    assert {(tie.parent, tie.child): tie.share for tie in found.ties}[(root.pk, work.pk)] == pytest.approx(0.4)
    relation = {member.key: member.relation for member in found.members}
    assert relation[work.pk] == "self" and relation[child.pk] == "descendant" and relation[mate.pk] == "ancestor"


def test_a_huge_family_shows_the_nearest_and_counts_the_rest():
    work = make_artwork(parents=[make_artwork() for _ in range(5)])
    for _ in range(7):
        make_artwork(parents=[work])
    found = family(work, VISITOR, limit=4)
    assert len(found.members) == 9
    assert (found.more_ancestors, found.more_descendants) == (1, 3)


@pytest.mark.parametrize("fields", [
    {"visibility": Visibility.PRIVATE}, {"visibility": Visibility.UNLISTED}, {"state": State.HIDDEN}, {"state": State.REMOVED},
])
def test_what_is_not_on_walls_is_nameless_in_a_family(fields):
    parent = make_artwork(title="Secret", **fields)
    child = make_artwork(parents=[parent])
    member = next(member for member in family(child, VISITOR).members if member.key == parent.pk)
    assert member.artwork is None and "Secret" not in member.label
    assert "Secret" not in " ".join(tell_recipe(child, VISITOR))


def test_makers_see_their_own_hidden_relatives():
    parent = make_artwork(visibility=Visibility.PRIVATE)
    child = make_artwork(parent.author, parents=[parent])
    member = next(member for member in family(child, parent.author).members if member.key == parent.pk)
    assert member.artwork == parent and member.is_own


def test_credits_go_through_all_generations_and_sum_to_one():
    ada, ben = make_user("ada"), make_user("ben")
    root = make_artwork(ada)
    middle = make_artwork(ben, parents=[root], novelty=0.5)
    work = make_artwork(parents=[middle, root], shares=[0.8, 0.2], novelty=0.1)
    found = shares_of(credits(work, VISITOR))
    assert found == {
        "ada": pytest.approx(0.9 * (0.8 * 0.5 + 0.2)), "ben": pytest.approx(0.9 * 0.8 * 0.5), "new": pytest.approx(0.1)
    }
    assert sum(found.values()) == pytest.approx(1)


def test_a_founder_is_all_new():
    assert shares_of(credits(make_artwork(), VISITOR)) == {"new": 1}


def test_a_removed_parent_keeps_its_makers_credit_and_a_private_one_does_not_tell_the_name():
    gone, secret = make_artwork(state=State.REMOVED), make_artwork(visibility=Visibility.PRIVATE)
    found = shares_of(credits(make_artwork(parents=[gone, secret]), VISITOR))
    assert found == {gone.author.username: pytest.approx(0.5), "unnamed": pytest.approx(0.5)}


def test_a_damaged_share_does_not_break_the_sum():
    work = make_artwork(parents=[make_artwork(), make_artwork()])
    LineageEdge.objects.filter(child=work).update(share=0.2)
    assert sum(credit.share for credit in credits(work, VISITOR)) == pytest.approx(1)


def test_a_recipe_is_told_in_plain_words():
    one, two = make_artwork(title="Fern"), make_artwork(title="Rust")
    recipe = Recipe("crossover", (0.75, 0.25), mask={"palette": 1}, mutation_rate=0.2, edits={"gloss": 0.3})
    pedigree = Pedigree((one.slug, two.slug), (Step((0, 1), recipe),))
    told = " ".join(tell_recipe(make_artwork(parents=[one, two], pedigree=pedigree.to_json()), VISITOR))
    for words in ("“Fern” and “Rust”", "75% “Fern”", "Colour comes from “Rust”", "20%", "gloss +30%"):
        assert words in told


def test_finishing_kind_and_character_are_told_too():
    one = make_artwork(title="Fern")
    finishing = read_steps([["resolution", {}], ["style", {}], ["palette", {}]])
    recipe = Recipe(weights=(1.0,), choices={"kind": "ankle-boot"}, psi=0.5, finishing=finishing)
    pedigree = Pedigree((one.slug,), (Step((0,), recipe),))
    genome = replace(make_genome(), finishing=finishing)
    told = " ".join(tell_recipe(make_artwork(parents=[one], genome=genome, pedigree=pedigree.to_json()), VISITOR))
    for words in ("ankle boot", "closer to what is typical", "Finished with style and palette."):
        assert words in told


def test_unpublished_broods_and_fresh_seeds_are_told():
    one = make_artwork(title="Fern")
    steps = (Step((0, 1), Recipe(weights=(1.0, 1.0))), Step((2,), Recipe(weights=(1.0,), mutation_rate=0.1)))
    pedigree = Pedigree((one.slug, "seed:patterns:3"), steps)
    told = tell_recipe(make_artwork(pedigree=pedigree.to_json()), VISITOR)
    assert "over 2 broods" in told[0] and "a fresh seed" in told[0]
    seed = Pedigree(("seed:patterns:3",), ())
    assert "fresh seed" in tell_recipe(make_artwork(pedigree=seed.to_json()), VISITOR)[0]
    assert tell_recipe(make_artwork(), VISITOR) == ["How it came about was not recorded."]
