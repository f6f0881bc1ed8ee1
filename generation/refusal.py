"""Refused, the one exception of the domain: a request that cannot be met, and why."""

from collections.abc import Callable
from typing import Any

from generation.words import Word

Translate = Callable[[str], str]


def _untranslated(sentence: str) -> str:
    return sentence


_translate: Translate = _untranslated


def set_translator(translate: Translate) -> None:
    """Set the function that translates the English sentence of every refusal."""
    global _translate
    _translate = translate


class Refused(Exception):
    """A request cannot be met; a whole sentence tells people why and what to do.

    Views, the API and sockets each turn it into their own message. The sentence is a template in
    English; `values` fill its braces: `Refused("Choose at most {most}.", most=16)`. So that it can
    be translated, it must be one literal, never an f-string; a value made by `word` is translated
    too. retry_after: seconds after which it is worth trying again (rate limits), else None.
    """

    def __init__(self, template: str, *, retry_after: float | None = None, **values: Any) -> None:
        super().__init__(template.format(**values) if values else template)
        self.template = template
        self.values = values
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[Any, ...]:
        """What pickle keeps, so that a refusal can come from another process."""
        return _rebuild, (self.template, self.retry_after, self.values)

    @property
    def sentence(self) -> str:
        """What people read, in their own language."""
        translated = _translate(self.template)
        if not self.values:
            return translated
        values = {
            name: _translate(value) if isinstance(value, Word) else value
            for name, value in self.values.items()
        }
        return translated.format(**values)


def _rebuild(template: str, retry_after: float | None, values: dict[str, Any]) -> Refused:
    return Refused(template, retry_after=retry_after, **values)
