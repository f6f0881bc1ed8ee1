"""Template tags about people and their news."""

from typing import Any

from django import template

from gallery.notifications import inbox

register = template.Library()


@register.simple_tag(takes_context=True)
def unread(context: dict[str, Any]) -> dict[str, Any]:
    """What the bell in the header shows: `count`, as it is shown (`shown`, empty at 0), and in
    words (`label`). One query.
    """
    count = inbox.count_unread(context["user"])
    shown = "" if not count else "99+" if count >= inbox.MANY else str(count)
    return {"count": count, "shown": shown, "label": inbox.unread_label(count)}


@register.filter
def news_icon(kind: str) -> str:
    """The icon of a kind of news."""
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
