"""The small question marks beside the bench's controls. Those of genes and finishing steps are made
by js/bench/help.js.
"""

from typing import Any

from django import template

from gallery.bench.help_texts import CONTROLS
from gallery.bench.tour import STOPS
from gallery.help.glossary import terms

register = template.Library()


@register.inclusion_tag("gallery/help/_mark.html")
def help_mark(key: str) -> dict[str, Any]:
    """The mark of one control of gallery.bench.help_texts; its words have the id "help-KEY", for
    aria-describedby.
    """
    help = CONTROLS[key]
    return {"key": key, "name": help.name, "words": help.words, "term": terms().get(help.term)}


@register.inclusion_tag("gallery/bench/_tour.html")
def bench_tour() -> dict[str, Any]:
    """The tour of the bench."""
    return {"stops": STOPS}
