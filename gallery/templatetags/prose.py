"""Longer texts of people on pages: `{{ work.description|prose:work.author_id }}`."""

from django import template
from django.utils.safestring import SafeString

from gallery.comments.mentions import Mentions, render

register = template.Library()


@register.filter
def prose(text: str, writer: int) -> SafeString:
    """A text with paragraphs, links and mentions, as comments have them. writer: id of its author.

    Two queries if it mentions somebody, else none.
    """
    return render(text, writer=writer, mentions=Mentions.in_texts([(text, writer)]))
