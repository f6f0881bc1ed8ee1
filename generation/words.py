"""Marks the studio's words for people, so that the website can translate them. The studio itself
speaks English only.
"""


class Word(str):
    """A word or short sentence of the studio; `Refused` translates one that stands among its
    values.
    """

    __slots__ = ()


def word(text: str) -> Word:
    """The text as it is. `manage.py collect_words` finds it by the name of this function: give it
    one literal.
    """
    return Word(text)
