"""Marks the studio's words for people, so that the website can translate them.

The studio itself speaks English only.
"""


class Word(str):
    """A word or short sentence for people; `Refused` translates it among its values."""

    __slots__ = ()


def word(text: str) -> Word:
    """Mark a text for translation; it is returned unchanged.

    `manage.py collect_words` finds it by the name of this function, so it must be one literal.
    """
    return Word(text)
