"""Which licences a child may carry: the whole table, by rules that are written down here a second
time in another form.
"""

from itertools import combinations_with_replacement, product

import pytest

from gallery.artworks.forms import EditForm, PublishForm
from gallery.lineage.bonds import (
    allowed_by,
    allowed_licences,
    allowed_visibilities,
    bonds_of_child,
    bonds_of_parents,
    check_terms,
    reasons,
)
from gallery.lineage.licences import TABLE
from gallery.lineage.parents import find_parents
from gallery.models import Artwork, Licence, LineageEdge, State, Visibility
from generation.refusal import Refused
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db
EVERY = tuple(Licence)
ZERO, BY, SA, NC, ALL = EVERY

# What a child of two strangers' works may carry, written out; a pair that is not here has no child.
PAIRS = {
    (ZERO, ZERO): {ZERO, BY, SA, NC, ALL},
    (ZERO, BY): {BY, SA, NC, ALL},
    (ZERO, SA): {SA},
    (ZERO, NC): {NC},
    (BY, BY): {BY, SA, NC, ALL},
    (BY, SA): {SA},
    (BY, NC): {NC},
    (SA, SA): {SA},
    (NC, NC): {NC},
}


def allowed_or_none(parents, author) -> set:
    try:
        return set(allowed_licences(parents, author=author))
    except Refused:
        return set()


def is_fine(child: str, parents: tuple[str, ...]) -> bool:
    """The rules one by one."""
    if ALL in parents:
        return False
    if SA in parents and child != SA:
        return False
    if NC in parents and child != NC:
        return False
    return not (BY in parents and child == ZERO)


def test_every_pair_of_strangers_licences_gives_what_the_rules_say():
    author, works = (
        make_user(),
        {licence: [make_artwork(licence=licence) for _ in range(2)] for licence in EVERY},
    )
    for one, two in combinations_with_replacement(EVERY, 2):
        found = allowed_or_none([works[one][0], works[two][1]], author)
        assert found == PAIRS.get((one, two), set()), (one, two)
        assert found == allowed_or_none([works[two][0], works[one][1]], author)


def test_every_triple_and_child_is_decided_in_the_action_as_the_rules_say():
    author, works = (
        make_user(),
        {licence: [make_artwork(licence=licence) for _ in range(3)] for licence in EVERY},
    )
    for triple, child in product(combinations_with_replacement(EVERY, 3), EVERY):
        bonds = bonds_of_parents(
            [works[licence][place] for place, licence in enumerate(triple)], author=author
        )
        try:
            check_terms(bonds, licence=child, visibility=Visibility.PUBLIC)
            is_allowed = True
        except Refused:
            is_allowed = False
        assert is_allowed == is_fine(child, triple), (triple, child)


@pytest.mark.parametrize(("licence", "expected"), TABLE.items())
def test_the_table_holds_for_parents_that_were_found_by_name(licence, expected):
    parent = make_artwork(licence=licence)
    if expected:
        assert (
            set(allowed_licences(find_parents(make_user(), [parent.slug]), author=make_user()))
            == expected
        )
    else:
        with pytest.raises(Refused, match="reserved, so only its maker"):
            find_parents(make_user(), [parent.slug])
        assert find_parents(parent.author, [parent.slug])


def test_ones_own_works_do_not_bind():
    parent = make_artwork(licence=ALL)
    assert allowed_licences([parent], author=parent.author) == EVERY
    assert allowed_visibilities(bonds_of_parents([parent], author=parent.author)) == tuple(
        Visibility
    )


def test_a_strangers_work_binds_through_ones_own():
    author = make_user()
    origin = make_artwork(licence=SA)
    own = make_artwork(author, parents=[origin], licence=SA)
    assert allowed_licences([own], author=author) == (SA,)


def test_a_strangers_licence_speaks_for_what_stands_behind_their_work():
    ada, author = make_user(), make_user()
    given = make_artwork(ada, parents=[make_artwork(ada, licence=NC)], licence=ZERO)
    own = make_artwork(author, parents=[given], licence=ZERO)
    assert (
        allowed_licences([given], author=author) == allowed_licences([own], author=author) == EVERY
    )
    assert allowed_by(bonds_of_child(own)) == EVERY
    behind = make_artwork(
        author,
        parents=[make_artwork(author, parents=[make_artwork(licence=SA)], licence=SA)],
        licence=SA,
    )
    assert allowed_by(bonds_of_child(behind)) == (SA,)


def test_a_new_licence_takes_nothing_back_from_children_that_exist():
    author, origin = make_user(), make_artwork(licence=BY)
    child = make_artwork(author, parents=[origin], licence=BY)
    LineageEdge.objects.update(licence=BY)
    Artwork.objects.filter(pk=origin.pk).update(licence=ALL)
    child.refresh_from_db()
    assert allowed_by(bonds_of_child(child)) == (BY, SA, NC, ALL)
    assert allowed_licences([child], author=author) == (BY, SA, NC, ALL)
    check_terms(bonds_of_child(child), licence=SA, visibility=Visibility.UNLISTED)
    with pytest.raises(Refused, match="only its maker can breed"):
        allowed_licences([Artwork.objects.get(pk=origin.pk)], author=author)


def test_a_licence_that_was_opened_later_opens_the_child_too():
    child = make_artwork(parents=[make_artwork(licence=BY)], licence=NC)
    LineageEdge.objects.update(licence=NC)
    assert allowed_by(bonds_of_child(child)) == (BY, SA, NC, ALL)


def test_a_child_keeps_its_licence_and_stays_private_where_that_was_the_bargain():
    child = make_artwork(
        parents=[make_artwork(licence=ALL)], licence=ALL, visibility=Visibility.PRIVATE
    )
    bonds = bonds_of_child(child)
    check_terms(bonds, licence=ALL, visibility=Visibility.PRIVATE, keeps=ALL)
    with pytest.raises(Refused, match="only be private"):
        check_terms(bonds, licence=ALL, visibility=Visibility.PUBLIC, keeps=ALL)
    form = EditForm.of(child)
    assert [value for value, _ in form.fields["licence"].choices] == [ALL]
    assert [value for value, _ in form.fields["visibility"].choices] == [Visibility.PRIVATE]


def test_the_form_offers_what_is_allowed_and_says_why():
    moss = make_artwork(make_user(display_name="Ada"), title="Moss", licence=SA)
    form = PublishForm(parents=find_parents(make_user(), [moss.slug]), author=make_user())
    assert [value for value, _ in form.fields["licence"].choices] == [SA]
    assert (
        form.fields["licence"].help_text
        == "Because “Moss” by Ada is ShareAlike, its children must be CC BY-SA too."
    )
    assert "“Moss” by Ada is ShareAlike" in str(form["licence"].help_text)


def test_contradicting_licences_are_refused_by_name():
    parents = [make_artwork(title="Fern", licence=SA), make_artwork(title="Rust", licence=NC)]
    with pytest.raises(Refused, match="Fern.*Rust.*Breed without one"):
        allowed_licences(parents, author=make_user())
    with pytest.raises(Refused, match="Fern.*Rust"):
        PublishForm(
            parents=find_parents(make_user(), [parent.slug for parent in parents]),
            author=make_user(),
        )


@pytest.mark.parametrize(
    "fields",
    [{"visibility": Visibility.PRIVATE}, {"state": State.HIDDEN}, {"state": State.REMOVED}],
)
def test_a_work_behind_ones_own_binds_without_being_named(fields):
    author, secret = make_user(), make_artwork(title="Secret", licence=SA)
    own = make_artwork(author, parents=[secret], licence=SA)
    Artwork.objects.filter(pk=secret.pk).update(**fields)
    answer = reasons(bonds_of_parents([own], author=author))
    assert answer == [
        "Because a work that is not public is ShareAlike, its children must be CC BY-SA too."
    ]


def test_a_child_without_parents_may_carry_any():
    assert allowed_licences([], author=make_user()) == EVERY and reasons([]) == []


def test_binding_works_are_found_by_few_queries(django_assert_max_num_queries):
    author = make_user()
    own = [
        make_artwork(author, parents=[make_artwork(licence=BY) for _ in range(4)], licence=BY)
        for _ in range(4)
    ]
    with django_assert_max_num_queries(3):
        assert len(bonds_of_parents(own, author=author)) == 16
