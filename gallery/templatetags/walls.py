"""Template tags of walls: the links of their filters."""

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gallery.discovery.filters import Choice, Filter

register = template.Library()


@register.simple_tag
def choice_count(chosen: Filter, key: str = "", value: str = "") -> SafeString | str:
    """How many works a choice of the filter would show; nothing where they are not counted."""
    if not chosen.counts:
        return ""
    number = intcomma(max(0, chosen.counts.get((key, value), 0)))
    return format_html(' <span class="count numbers">{}</span>', number)


@register.simple_tag(takes_context=True)
def address_of(context: Context, choice: Choice) -> str:
    """The query that toggles a choice of this wall's filter, and starts at its first page."""
    query = context["request"].GET.copy()
    query.pop("after", None)
    query.pop(choice.key, None)
    if not choice.is_on:
        query[choice.key] = choice.value
    return f"?{query.urlencode()}"
