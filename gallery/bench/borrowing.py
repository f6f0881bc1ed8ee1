"""Borrowing for a finish: the style or the palette of a work, or of an uploaded picture.

An uploaded picture is not stored.
"""

import re

from gallery.models import Artwork
from gallery.types import AnyUser
from generation.codecs.image import read_image
from generation.finishing.colour import palette_of
from generation.finishing.style_vector import borrow_style, check_example
from generation.refusal import Refused
from generation.words import word

MAX_BYTES = 20 * 2**20
ADDRESS = re.compile(r"(?:.*/art/)?([-\w]{1,20})/?(?:[?#].*)?", re.ASCII)
NOT_FOUND = word(
    "This work doesn't exist, or you don't have access to it. Copy the address of its page."
)


def picture_of_work(user: AnyUser, address: str) -> tuple[bytes, str]:
    """The thumbnail of a work and its title, by its slug or the address of its page.

    Raises Refused for a work that is unknown or closed to this person (the same sentence for both),
    and for one without a picture.
    """
    found = ADDRESS.fullmatch(address.strip()[:300])
    work = found and Artwork.objects.visible_to(user).filter(slug=found[1]).first()
    if not work:
        raise Refused(NOT_FOUND)
    if not (work.thumbnail.name or "").endswith(".webp"):
        raise Refused(
            "“{work}” has no picture to borrow from. Choose a picture that has been printed.",
            work=work.title,
        )
    try:
        with work.thumbnail.open("rb") as stored:
            return stored.read(), work.title
    except FileNotFoundError:
        raise Refused(
            "The picture of “{work}” is missing from storage. Choose another work.",
            work=work.title,
        ) from None


def check_size(count: int) -> None:
    """Raises Refused for an upload of too many bytes."""
    if count > MAX_BYTES:
        raise Refused(
            "The picture may be {largest_bytes} MB at most. Save it smaller and try again.",
            largest_bytes=MAX_BYTES // 2**20,
        )


def style_of(data: bytes) -> str:
    """The style of a picture file, as the setting "vector" of the borrowed-style step.

    Raises Refused for a file that is no picture, and for one that is too small.
    """
    return borrow_style(read_image(data))


def colours_of(data: bytes) -> list[str]:
    """The main colours of a picture file, as the setting "colours" of the palette step.

    Raises Refused as `style_of` does.
    """
    pixels = read_image(data)
    check_example(pixels)
    return palette_of(pixels)
