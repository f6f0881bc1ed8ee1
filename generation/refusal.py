"""The one exception of the domain: something a person asked for cannot be had, and the sentence
says why and what to do.
"""

from collections.abc import Callable
from typing import Any

from generation.words import Word

Translate = Callable[[str], str]


def _untranslated(sentence: str) -> str:
    return sentence


_translate: Translate = _untranslated


def set_translator(translate: Translate) -> None:
    """From now on every refusal is told in the words that `translate` gives for its English
    sentence.
    """
    global _translate
    _translate = translate


class Refused(Exception):
    """Raised with a whole sentence for people; views, the API and sockets each turn it into their
    own message.

    The sentence is a template in English; `values` fill its braces: `Refused("Choose at most
    {most}.", most=16)`. So that it can be translated, it must be one literal, never an f-string; a
    value made by `word` is translated too. `retry_after` is a number of seconds when waiting helps
    (limits), else None.
    """

    def __init__(self, template: str, *, retry_after: float | None = None, **values: Any) -> None:
        super().__init__(template.format(**values) if values else template)
        self.template = template
        self.values = values
        self.retry_after = retry_after

    @property
    def sentence(self) -> str:
        """What people read, in the language of whoever is reading."""
        translated = _translate(self.template)
        if not self.values:
            return translated
        values = {
            name: _translate(value) if isinstance(value, Word) else value
            for name, value in self.values.items()
        }
        return translated.format(**values)
