"""The bell: what a person wants to be told, what is new, and the words for it."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from gallery.i18n.stored_sentences import read_sentence
from gallery.models import Artwork, Notification, NotificationKind, User

# Likes and follows are many and small, so no letter is sent for them unless a person asks.
MAILED_BY_DEFAULT = frozenset(
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
MANY = 100  # From so many on, the bell says “99+” and nothing is counted further.


def wants(user: User, kind: str, way: str) -> bool:
    """Whether a person wants news of this kind under the bell (`bell`) or in the digest
    (`mail`).
    """
    default = way == "bell" or kind in MAILED_BY_DEFAULT
    return bool(user.notification_settings.get(kind, {}).get(way, default))


def wants_any(user: User, kind: str) -> bool:
    """Whether news of this kind need a row at all."""
    return wants(user, kind, "bell") or wants(user, kind, "mail")


def news_of(user: User, *, way: str = "bell") -> QuerySet[Notification]:
    """The news this person reads that way, newest first, with all that their words need.

    Left out is what concerns works that were closed to them, people whom they keep away, and
    accounts that are gone.
    """
    unwanted = [kind for kind in NotificationKind.values if not wants(user, kind, way)]
    # Asked of each row: as a list, SQLite would put every open work of the garden together first.
    open_works = Q(artwork__isnull=True) | Exists(
        Artwork.objects.visible_to(user).filter(pk=OuterRef("artwork"))
    )
    people = Q(actor__isnull=True) | (
        Q(actor__is_active=True) & ~Q(actor__in=user.boundaries.values("other"))
    )
    # Decisions are told whoever made them, and most of all those that close a work to its maker.
    rows = Notification.objects.filter(
        Q(kind=NotificationKind.MODERATION) | (open_works & people), user=user
    )
    return (rows.exclude(kind__in=unwanted) if unwanted else rows).order_by("-id")


def with_words(rows: QuerySet[Notification]) -> QuerySet[Notification]:
    """Fetch in the same query what `sentence` and `address` ask for."""
    return rows.select_related("actor", "artwork__author", "comment", "collection").defer(
        "artwork__genome", "artwork__pedigree", "artwork__description"
    )


def count_unread(user: User) -> int:
    """How many news are not read yet; MANY stands for that many or more."""
    return len(news_of(user).filter(read_at__isnull=True).values_list("pk", flat=True)[:MANY])


def unread_words(count: int) -> str:
    """What a screen reader hears on the bell."""
    if not count:
        return gettext("Notifications")
    if count >= MANY:
        return gettext("Notifications, more than 99 unread")
    return ngettext("Notifications, {n} unread", "Notifications, {n} unread", count).format(n=count)


def sentence(news: Notification) -> str:
    """One line of news as plain text, in the language that is active."""
    if news.kind == NotificationKind.LIKE and news.artwork:
        return _like_sentence(news)
    if news.kind == NotificationKind.MODERATION and news.text:
        return read_sentence(news.words) if news.words else news.text
    return str(TEMPLATES[NotificationKind(news.kind)]).format(
        name=_name(news),
        title=news.artwork.title if news.artwork else "…",
        collection=news.collection.title if news.collection else "…",
    )


def address(news: Notification) -> str:
    """Where one reads on."""
    if (
        news.comment and news.kind != NotificationKind.MODERATION
    ):  # What was taken down cannot be opened.
        return news.comment.get_absolute_url()
    if news.kind == NotificationKind.FOLLOW and news.actor:
        return news.actor.get_absolute_url()
    subject = news.collection or news.artwork
    return subject.get_absolute_url() if subject else reverse("notifications")


def _like_sentence(news: Notification) -> str:
    others = news.artwork.like_count - 1
    if others < 1:
        return str(TEMPLATES[NotificationKind.LIKE]).format(
            name=_name(news), title=news.artwork.title
        )
    template = ngettext(
        "{name} and {n} other like “{title}”.", "{name} and {n} others like “{title}”.", others
    )
    return template.format(name=_name(news), n=others, title=news.artwork.title)


def _name(news: Notification) -> str:
    return news.actor.name if news.actor else gettext("Somebody")
