"""The lists of words and pictures that may not be published here; moderators maintain them."""

import numpy as np
from django.db import IntegrityError, transaction

from gallery.core.audit import record
from gallery.core.blocked_words import strip_invisible
from gallery.core.permissions import check_moderator
from gallery.core.picture_hash import is_plain, picture_hash, write_hash
from gallery.models import Artwork, BlockedPicture, BlockedWord, User
from gallery.models.text_index import fold
from gallery.models.texts import clean_line
from generation.codecs.image import read_image
from generation.refusal import Refused

# The field has a limit; “or 0” is for the type checker.
MAX_NOTE = BlockedPicture._meta.get_field("note").max_length or 0


def block_word(user: User, word: str) -> BlockedWord:
    """Put a word on the list, folded as texts are when they are searched for it.

    Raises Refused for anything but a single word of at least two letters, and for a word that is
    on the list already.
    """
    check_moderator(user)
    if len(word) > 100:
        raise Refused("A word can have at most {most} characters.", most=40)
    words = fold(strip_invisible(word))
    if len(words) != 1:
        raise Refused("Enter a single word of letters or digits, without spaces or symbols.")
    if len(words[0]) < 2:
        raise Refused("A single letter would block almost every text. Enter a whole word.")
    with transaction.atomic():
        made, is_new = BlockedWord.objects.get_or_create(word=words[0], defaults={"added_by": user})
        if not is_new:
            raise Refused("“{word}” is already on the list.", word=made.word)
        record(user, "block word", made)
    return made


def unblock_word(user: User, word: BlockedWord) -> None:
    """Take a word off the list."""
    check_moderator(user)
    with transaction.atomic():
        record(user, "unblock word", word)
        BlockedWord.objects.filter(pk=word.pk).delete()


def block_picture(user: User, artwork: Artwork, *, note: str = "") -> BlockedPicture:
    """Put a work's picture on the list, so that nothing like it is published; the work stays.

    Raises Refused for music, for a work without a picture, for pictures too plain to be told from
    others, and for a picture that is on the list already.
    """
    check_moderator(user)
    note = clean_line(note)
    if len(note) > MAX_NOTE:
        raise Refused(
            "The note can have at most {most} plain characters. Shorten it.", most=MAX_NOTE
        )
    value = picture_hash(_read_picture(artwork))
    if is_plain(value):
        raise Refused(
            "This picture is too plain to be recognised; blocking it would also stop harmless ones."
        )
    try:
        with transaction.atomic():
            made = BlockedPicture.objects.create(
                hash=write_hash(value), note=note or artwork.title, added_by=user
            )
            record(user, "block picture", artwork, reason=note, hash=made.hash)
    except IntegrityError:
        raise Refused("This picture is already on the list.") from None
    return made


def unblock_picture(user: User, picture: BlockedPicture) -> None:
    """Take a picture off the list."""
    check_moderator(user)
    with transaction.atomic():
        record(user, "unblock picture", picture, reason=picture.note)
        BlockedPicture.objects.filter(pk=picture.pk).delete()


def _read_picture(artwork: Artwork) -> np.ndarray:
    """The pixels of the thumbnail [height, width, 3 or 4], uint8."""
    if artwork.is_music or not artwork.thumbnail:
        raise Refused("This work has no picture to block.")
    try:
        with artwork.thumbnail.open("rb") as stored:
            return read_image(stored.read(), keeps_transparency=True)
    except FileNotFoundError:
        raise Refused("The picture of this work is missing from storage.") from None
