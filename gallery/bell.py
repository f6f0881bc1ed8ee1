"""The bell: what a person wants to be told, and what is new."""

from gallery.models import NotificationKind, User

# Likes and follows are many and small, so no letter is sent for them unless a person asks.
MAILED_BY_DEFAULT = frozenset({
    NotificationKind.COMMENT, NotificationKind.ANSWER, NotificationKind.MENTION, NotificationKind.BRED,
    NotificationKind.INVITATION, NotificationKind.FEATURED, NotificationKind.MODERATION,
})


def wants(user: User, kind: str, way: str) -> bool:
    """Whether a person wants news of this kind under the bell (`bell`) or in the digest (`mail`)."""
    default = way == "bell" or kind in MAILED_BY_DEFAULT
    return bool(user.notification_settings.get(kind, {}).get(way, default))
