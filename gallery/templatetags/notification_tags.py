"""Template tags of notifications."""

from typing import Any

from django import template

from gallery.notifications import inbox

register = template.Library()


@register.simple_tag(takes_context=True)
def unread(context: dict[str, Any]) -> dict[str, Any]:
    """What the header shows of unread notifications; costs one query.

    count: how many. shown: the count as text, "" for none. label: the count as a sentence.
    """
    count = inbox.count_unread(context["user"])
    shown = "" if not count else "99+" if count >= inbox.MANY else str(count)
    return {"count": count, "shown": shown, "label": inbox.unread_label(count)}


@register.filter
def news_icon(kind: str) -> str:
    """The icon of a kind of notification."""
    return {
        "like": "heart",
        "comment": "speech",
        "answer": "speech",
        "mention": "speech",
        "follow": "person",
        "bred": "graft",
        "invitation": "letter",
        "collected": "star",
        "published": "leaf",
        "featured": "star",
    }.get(kind, "info")
