"""Template tags of walls: the address that a chip leads to."""

from django import template
from django.template import Context

from gallery.discovery.filters import Choice

register = template.Library()


@register.simple_tag(takes_context=True)
def address_of(context: Context, choice: Choice) -> str:
    """The address of this wall with a choice made, or taken back where it is made already; from the
    first page on.
    """
    asked = context["request"].GET.copy()
    asked.pop("after", None)
    asked.pop(choice.key, None)
    if not choice.is_on:
        asked[choice.key] = choice.value
    return f"?{asked.urlencode()}"
