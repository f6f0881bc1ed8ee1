"""Template tags of walls: the links of their filters."""

from django import template
from django.template import Context

from gallery.discovery.filters import Choice

register = template.Library()


@register.simple_tag(takes_context=True)
def address_of(context: Context, choice: Choice) -> str:
    """The query that toggles a choice of this wall's filter, and starts at its first page."""
    query = context["request"].GET.copy()
    query.pop("after", None)
    query.pop(choice.key, None)
    if not choice.is_on:
        query[choice.key] = choice.value
    return f"?{query.urlencode()}"
