"""What a person wants to be notified of, what is unread, and the words for it."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from gallery.i18n.stored_sentences import read_sentence
from gallery.models import Artwork, Notification, NotificationKind, User
from gallery.models.texts import isolate

# Likes and follows are many and small, so they are not emailed unless a person asks for it.
EMAILED_BY_DEFAULT = frozenset(
    {
        NotificationKind.COMMENT,
        NotificationKind.ANSWER,
        NotificationKind.MENTION,
        NotificationKind.BRED,
        NotificationKind.INVITATION,
        NotificationKind.FEATURED,
        NotificationKind.MODERATION,
    }
)
TEMPLATES = {
    NotificationKind.LIKE: gettext_lazy("{name} likes “{title}”."),
    NotificationKind.COMMENT: gettext_lazy("{name} commented on “{title}”."),
    NotificationKind.ANSWER: gettext_lazy("{name} replied to your comment on “{title}”."),
    NotificationKind.MENTION: gettext_lazy("{name} mentioned you on “{title}”."),
    NotificationKind.FOLLOW: gettext_lazy("{name} follows you."),
    NotificationKind.BRED: gettext_lazy("{name} bred “{title}” from one of your works."),
    NotificationKind.INVITATION: gettext_lazy(
        "{name} invites you to the collection “{collection}”."
    ),
    NotificationKind.COLLECTED: gettext_lazy(
        "{name} put “{title}” into the collection “{collection}”."
    ),
    NotificationKind.PUBLISHED: gettext_lazy("{name} published “{title}”."),
    NotificationKind.FEATURED: gettext_lazy("A curator picked “{title}”."),
    NotificationKind.MODERATION: gettext_lazy("A moderator made a decision about “{title}”."),
}
MANY = 100  # Unread notifications are counted up to here; then the header shows “99+”.


def wants(user: User, kind: str, way: str) -> bool:
    """Whether a person wants this kind of notification on the site (bell) or by email (mail)."""
    default = way == "bell" or kind in EMAILED_BY_DEFAULT
    return bool(user.notification_settings.get(kind, {}).get(way, default))


def wants_any(user: User, kind: str) -> bool:
    """Whether a person wants this kind of notification in any way, so that it needs a row."""
    return wants(user, kind, "bell") or wants(user, kind, "mail")


def notifications_of(user: User, *, way: str = "bell") -> QuerySet[Notification]:
    """The notifications that a person gets in one way ("bell" or "mail"), newest first.

    Left out are those about works that were closed to the person, by people whom they mute or
    block, and by closed accounts.
    """
    unwanted = [kind for kind in NotificationKind.values if not wants(user, kind, way)]
    # EXISTS rather than IN, for which SQLite would first collect every open work of the site.
    open_works = Q(artwork__isnull=True) | Exists(
        Artwork.objects.visible_to(user).filter(pk=OuterRef("artwork"))
    )
    people = Q(actor__isnull=True) | (
        Q(actor__is_active=True) & ~Q(actor__in=user.boundaries.values("other"))
    )
    # Moderators' decisions are always shown, above all those that close a work to its maker.
    rows = Notification.objects.filter(
        Q(kind=NotificationKind.MODERATION) | (open_works & people),
        user=user,
        # What was deleted a moment ago comes back with its notifications if that is undone.
        comment__deleted_at__isnull=True,
        collection__deleted_at__isnull=True,
    )
    return (rows.exclude(kind__in=unwanted) if unwanted else rows).order_by("-id")


def with_related(rows: QuerySet[Notification]) -> QuerySet[Notification]:
    """The same rows, with what `describe` and `target_url` need fetched by the same query."""
    return rows.select_related("actor", "artwork__author", "comment", "collection").defer(
        "artwork__genome", "artwork__pedigree", "artwork__description"
    )


def count_unread(user: User) -> int:
    """How many notifications are unread; MANY stands for that many or more."""
    return len(
        notifications_of(user).filter(read_at__isnull=True).values_list("pk", flat=True)[:MANY]
    )


def unread_label(count: int) -> str:
    """The label of the notifications button, for screen readers."""
    if not count:
        return gettext("Notifications")
    if count >= MANY:
        return gettext("Notifications, more than 99 unread")
    return ngettext("Notifications, {n} unread", "Notifications, {n} unread", count).format(n=count)


def describe(notification: Notification) -> str:
    """A notification as one plain sentence in the active language."""
    if notification.kind == NotificationKind.LIKE and notification.artwork:
        return _describe_likes(notification, notification.artwork)
    if notification.kind == NotificationKind.MODERATION and notification.text:
        return read_sentence(notification.words) if notification.words else notification.text
    return str(TEMPLATES[NotificationKind(notification.kind)]).format(
        name=_actor_name(notification),
        title=isolate(notification.artwork.title) if notification.artwork else "…",
        collection=isolate(notification.collection.title) if notification.collection else "…",
    )


def target_url(notification: Notification) -> str:
    """The address of what a notification is about."""
    # A comment that a moderator took down cannot be opened.
    if notification.comment and notification.kind != NotificationKind.MODERATION:
        return notification.comment.get_absolute_url()
    if notification.kind == NotificationKind.FOLLOW and notification.actor:
        return notification.actor.get_absolute_url()
    subject = notification.collection or notification.artwork
    return subject.get_absolute_url() if subject else reverse("notifications")


def _describe_likes(notification: Notification, artwork: Artwork) -> str:
    """The latest like of a work, and how many others there are."""
    others = artwork.like_count - 1
    if others < 1:
        return str(TEMPLATES[NotificationKind.LIKE]).format(
            name=_actor_name(notification), title=isolate(artwork.title)
        )
    template = ngettext(
        "{name} and {n} other like “{title}”.", "{name} and {n} others like “{title}”.", others
    )
    return template.format(name=_actor_name(notification), n=others, title=isolate(artwork.title))


def _actor_name(notification: Notification) -> str:
    return isolate(notification.actor.name) if notification.actor else gettext("Somebody")
