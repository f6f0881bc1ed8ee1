"""Template tags of the bench's help: question marks, hidden descriptions, and the tour.

What genes and finishing steps do is sent with the species; see js/bench/help.js.
"""

from typing import Any

from django import template

from gallery.bench.help_texts import CONTROLS
from gallery.bench.tour import STOPS
from gallery.help.glossary import terms

register = template.Library()


@register.inclusion_tag("gallery/help/_mark.html")
def help_mark(key: str) -> dict[str, Any]:
    """The question mark of a control of gallery.bench.help_texts.

    Its text has the id "help-KEY", for aria-describedby.
    """
    return _entry(key)


@register.inclusion_tag("gallery/help/_words.html")
def help_words(key: str) -> dict[str, Any]:
    """The hidden help of a control, for aria-describedby and for js/bench/explains.js."""
    return _entry(key)


def _entry(key: str) -> dict[str, Any]:
    entry = CONTROLS[key]
    return {"key": key, "name": entry.name, "words": entry.words, "term": terms().get(entry.term)}


@register.inclusion_tag("gallery/bench/_tour.html")
def bench_tour() -> dict[str, Any]:
    """The tour of the bench."""
    return {"stops": STOPS}
