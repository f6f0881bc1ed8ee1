"""Template filters of the search page: what matches is marked."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from gallery.models.text_index import read_query, read_terms

register = template.Library()
_PIECE = re.compile(r"([^\W_]+)")


@register.filter
def marked(text: str, query: str) -> SafeString:
    """The text with the words that match a query in <mark>."""
    terms = read_query(query or "")
    pieces = _PIECE.split(str(text))
    return format_html_join(
        "",
        "{}",
        (
            (
                format_html("<mark>{}</mark>", piece)
                if place % 2 and _matches(piece, terms)
                else piece,
            )
            for place, piece in enumerate(pieces)
        ),
    )


def _matches(word: str, terms: list[str]) -> bool:
    """Whether one of the terms begins the word, or is a part of it in a script without spaces."""
    return any(found.startswith(term) for found in read_terms(word) for term in terms)


@register.filter
def spelt(query: str, written: str) -> SafeString:
    """A corrected query, the words that were changed in <strong>."""
    before = written.split()
    words = query.split()
    if len(before) != len(words):
        return format_html("<strong>{}</strong>", query)
    return mark_safe(  # Every part is escaped.
        " ".join(
            format_html("<strong>{}</strong>" if word != old else "{}", word)
            for word, old in zip(words, before, strict=True)
        )
    )
