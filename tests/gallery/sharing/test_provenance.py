"""What files say about their work: credits and the word on training, in pictures and in sounds."""

import pytest

from gallery.models import Visibility
from gallery.sharing.downloads import make_copy
from gallery.sharing.provenance import describe
from generation.codecs.provenance import read
from generation.codecs.sound_tags import tags_of
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db


def test_a_downloaded_picture_credits_everybody_behind_it_and_says_whether_nets_may_learn_from_it():
    origin = make_artwork(make_user("ada"))
    middle = make_artwork(make_user("ben"), parents=[origin], novelty=0.5)
    work = make_artwork(parents=[middle], novelty=0.1, may_train=False, has_files=True)
    found = read(make_copy(work, "png")[0])
    assert found.credit.replace("\u202f", " ") == "45 % from @ben, 45 % from @ada, 10 % new"
    assert found.may_train is False


def test_sounds_say_the_same_in_their_comment():
    work = make_artwork(parents=[make_artwork(make_user("ada"))], novelty=0.25)
    comment = tags_of(describe(work))["comment"].replace("\u202f", " ")
    assert "Credit: 75 % from @ada, 25 % new." in comment and "AI training: allowed." in comment


def test_makers_of_closed_works_are_not_named_in_files():
    work = make_artwork(
        parents=[make_artwork(make_user("secretive"), visibility=Visibility.PRIVATE)]
    )
    assert "secretive" not in str(describe(work))
