"""Block lists of words and pictures."""

import numpy as np
import pytest
from django.core.files.base import ContentFile

from gallery.artworks.screening import screen
from gallery.core.blocked_words import check_words
from gallery.models import AuditEntry, BlockedPicture, BlockedWord, User
from gallery.moderation.block_lists import block_picture, block_word, unblock_picture, unblock_word
from generation.codecs.image import encode, shrink
from generation.refusal import Refused
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db


def landscape(seed: int = 1, *, edge: int = 256) -> np.ndarray:
    """A soft picture with enough in it to be recognised."""
    coarse = np.random.default_rng(seed).integers(0, 256, (8, 8, 3)).astype(np.uint8)
    return np.kron(coarse, np.ones((edge // 8, edge // 8, 1), np.uint8))


def make_picture(seed: int = 1):
    work = make_artwork()
    work.thumbnail.save("thumbnail.webp", ContentFile(encode(landscape(seed), "image/webp")))
    return work


def test_a_blocked_word_is_found_however_it_is_written():
    moderator = make_user(role="moderator")
    word = block_word(moderator, " Bäd ")
    assert word.word == "bad"
    for text in ("a BAD thing", "bád", "bad-word", "b\u200bad", "good bad."):
        with pytest.raises(Refused, match="bad"):
            check_words("fine", text)
    check_words("badly", "embad", "")
    unblock_word(moderator, word)
    check_words("bad")
    assert AuditEntry.objects.count() == 2


def test_words_of_scripts_without_spaces_are_found_inside():
    block_word(make_user(role="moderator"), "坏人")
    with pytest.raises(Refused, match="坏人"):
        check_words("这是一个坏人的花园")
    check_words("这是一个好人的花园")


@pytest.mark.parametrize("word", ["", "  ", "two words", "!?", "x", "y" * 2**20])
def test_what_is_no_word_is_refused(word: str):
    with pytest.raises(Refused):
        block_word(make_user(role="moderator"), word)
    assert not BlockedWord.objects.exists()


def test_a_word_stands_once_and_members_block_none():
    moderator = make_user(role="moderator")
    block_word(moderator, "spam")
    with pytest.raises(Refused, match="already"):
        block_word(moderator, "SPAM")
    with pytest.raises(Refused, match="Only moderators"):
        block_word(make_user(role="curator"), "eggs")
    with pytest.raises(Refused, match="Only moderators"):
        block_picture(make_user(role="curator"), make_picture())


def test_a_blocked_picture_is_recognised_in_other_sizes_and_encodings(settings):
    settings.UNSAFE_SCORE = 1.01
    moderator, work = make_user(role="moderator"), make_picture()
    picture = block_picture(moderator, work, note="A copy")
    for pixels in (
        landscape(),
        shrink(landscape(), edge=120),
        np.clip(landscape() * 0.9 + 8, 0, 255).astype(np.uint8),
    ):
        assert "A copy" in screen(pixels).text
    assert screen(landscape(2)) is None
    with pytest.raises(Refused, match="already"):
        block_picture(moderator, work)
    unblock_picture(moderator, picture)
    assert screen(landscape()) is None and not BlockedPicture.objects.exists()


def test_plain_and_missing_pictures_are_not_blocked():
    moderator, plain = make_user(role="moderator"), make_artwork(has_files=True)
    with pytest.raises(Refused, match="too plain"):
        block_picture(moderator, plain)
    with pytest.raises(Refused, match="no picture"):
        block_picture(moderator, make_artwork())
    assert not BlockedPicture.objects.exists() and not AuditEntry.objects.exists()


def test_nobody_signs_up_under_a_blocked_name(client):
    block_word(make_user(role="moderator"), "mudlord")
    data = {
        "username": "the-mudlord",
        "password1": "a-long-enough-passphrase",
        "password2": "a-long-enough-passphrase",
    }
    answer = client.post("/accounts/signup/", data)
    assert (
        "isn&#x27;t allowed here" in answer.content.decode()
        and not User.objects.filter(username="the-mudlord").exists()
    )
