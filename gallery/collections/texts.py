"""Checking the texts of collections, exhibitions and picks before they are stored."""

from gallery.core.blocked_words import check_words
from gallery.models.texts import clean_line, clean_text
from generation.refusal import Refused


def read_texts(title: str, text: str) -> dict[str, str]:
    """Title and text as they are stored: {"title", "text"}.

    Raises Refused for an empty title, for texts that are too long, and for blocked words.
    """
    words = {"title": clean_line(title), "text": clean_text(text)}
    if not words["title"]:
        raise Refused("Give it a title.")
    if len(words["title"]) > 120:
        raise Refused(
            "The title has {n} characters; shorten it to {most}.", n=len(words["title"]), most=120
        )
    if len(words["text"]) > 8000:
        raise Refused(
            "The text has {n} characters; shorten it to {most}.", n=len(words["text"]), most=8000
        )
    check_words(*words.values())
    return words


def read_caption(caption: str) -> str:
    """A caption as it is stored. Raises Refused when it is too long or has blocked words."""
    caption = clean_line(caption)
    if len(caption) > 400:
        raise Refused(
            "The caption has {n} characters; shorten it to {most}.", n=len(caption), most=400
        )
    check_words(caption)
    return caption


def read_note(note: str) -> str:
    """A pick's note as it is stored. Raises Refused when it is too long or has blocked words."""
    note = clean_line(note)
    if len(note) > 400:
        raise Refused("The note can have at most {most} plain characters. Shorten it.", most=400)
    check_words(note)
    return note
