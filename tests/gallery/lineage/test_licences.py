"""Each licence has its words, and only open ones allow training."""

import pytest

from gallery.lineage.licences import RIGHTS, TABLE, may_train, rights
from gallery.models import Licence
from tests.factories import make_artwork

pytestmark = pytest.mark.django_db
EVERY = tuple(Licence)
ZERO, BY, SA, NC, ALL = EVERY


def test_training_needs_the_makers_word_and_an_open_licence():
    assert [licence for licence in EVERY if may_train(make_artwork(licence=licence))] == [
        ZERO,
        BY,
        SA,
    ]
    assert not may_train(make_artwork(licence=ZERO, may_train=False))


def test_every_licence_has_words_and_an_address():
    assert set(RIGHTS) == set(Licence) == set(TABLE)
    assert all(rights(licence).sentence for licence in Licence)
    assert [licence for licence in Licence if not rights(licence).url] == [ALL]
