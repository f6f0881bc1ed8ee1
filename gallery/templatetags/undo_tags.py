"""Template tag that offers to undo what was deleted a moment ago."""

from itertools import groupby
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from gallery.core import undo
from gallery.models import Deletion

register = template.Library()


@register.inclusion_tag("gallery/core/_undo.html", takes_context=True)
def undo_offers(context: Context) -> dict[str, Any]:
    """One offer for everything that was deleted at one time; no query without a deletion.

    left_ms: how long it stands.
    """
    request = context.get("request")
    if request is None or not undo.may_undo(request.session):
        return {"groups": []}
    now = timezone.now()
    rows = undo.recent(request.user, now=now)
    groups = [(at, list(group)) for at, group in groupby(rows, key=lambda each: each.at)]
    offers = [
        {
            "deletion": group[0],
            "sentence": _describe(group),
            "left_ms": max(0, round((at + undo.WINDOW - now).total_seconds() * 1000)),
        }
        for at, group in groups
    ]
    return {"groups": offers, "csrf_token": context.get("csrf_token")}


def _describe(group: list[Deletion]) -> str:
    first = group[0]
    if len(group) > 1:
        return ngettext("{n} work deleted.", "{n} works deleted.", len(group)).format(n=len(group))
    if first.comment:
        return gettext("Comment removed.")
    return gettext("“{title}” deleted.").format(title=str(first))
