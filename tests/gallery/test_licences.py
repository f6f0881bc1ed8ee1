"""Which licences a child may carry."""

import pytest

from gallery.licences import RIGHTS, allowed_licences, allowed_visibilities, check_terms, rights
from gallery.models import Licence, Visibility
from gallery.parents import find_parents
from generation.refusal import Refused
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db
EVERY = tuple(Licence)


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        (Licence.CC0, EVERY),
        (Licence.CC_BY, EVERY[1:]),
        (Licence.CC_BY_SA, (Licence.CC_BY_SA,)),
        (Licence.CC_BY_NC, (Licence.CC_BY_NC,)),
        (Licence.RESERVED, (Licence.RESERVED,)),
    ],
)
def test_a_strangers_licence_is_passed_on(licence, expected):
    parent = make_artwork(licence=licence)
    assert allowed_licences([parent], author=make_user()) == expected
    assert allowed_licences(find_parents(make_user(), [parent.slug]), author=make_user()) == expected


def test_ones_own_works_do_not_bind():
    parent = make_artwork(licence=Licence.RESERVED)
    assert allowed_licences([parent], author=parent.author) == EVERY
    assert allowed_visibilities([parent], author=parent.author) == tuple(Visibility)


def test_a_strangers_work_binds_through_ones_own():
    author = make_user()
    origin = make_artwork(licence=Licence.CC_BY_SA)
    own = make_artwork(author, parents=[origin], licence=Licence.CC_BY_SA)
    assert allowed_licences([own], author=author) == (Licence.CC_BY_SA,)


def test_contradicting_licences_are_refused_by_name():
    parents = [make_artwork(title="Fern", licence=Licence.CC_BY_SA), make_artwork(title="Rust", licence=Licence.CC_BY_NC)]
    with pytest.raises(Refused, match="Fern.*Rust"):
        allowed_licences(parents, author=make_user())


def test_children_of_a_strangers_reserved_work_stay_private():
    parent = make_artwork(licence=Licence.RESERVED)
    author = make_user()
    assert allowed_visibilities([parent], author=author) == (Visibility.PRIVATE,)
    check_terms([parent], author=author, licence=Licence.RESERVED, visibility=Visibility.PRIVATE)
    with pytest.raises(Refused, match="only be private"):
        check_terms([parent], author=author, licence=Licence.RESERVED, visibility=Visibility.PUBLIC)
    with pytest.raises(Refused, match="Choose All rights reserved"):
        check_terms([parent], author=author, licence=Licence.CC0, visibility=Visibility.PRIVATE)


def test_a_child_without_parents_may_carry_any():
    assert allowed_licences([], author=make_user()) == EVERY


def test_every_licence_has_words_and_an_address():
    assert set(RIGHTS) == set(Licence)
    assert all(rights(licence).sentence for licence in Licence)
    assert [licence for licence in Licence if not rights(licence).url] == [Licence.RESERVED]
