"""A notification: something happened that a person may want to know."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from gallery.models.fields import LineField


class NotificationKind(models.TextChoices):
    """What happened."""

    LIKE = "like", gettext_lazy("Somebody likes your work")
    COMMENT = "comment", gettext_lazy("Somebody comments on your work")
    ANSWER = "answer", gettext_lazy("Somebody replies to your comment")
    MENTION = "mention", gettext_lazy("Somebody mentions you")
    FOLLOW = "follow", gettext_lazy("Somebody follows you")
    BRED = "bred", gettext_lazy("Somebody breeds a child from your work")
    INVITATION = "invitation", gettext_lazy("Somebody invites you to a collection")
    COLLECTED = "collected", gettext_lazy("Somebody adds your work to a public collection")
    PUBLISHED = "published", gettext_lazy("Somebody you follow publishes a work")
    FEATURED = "featured", gettext_lazy("A curator picks your work")
    MODERATION = "moderation", gettext_lazy("A moderator decides about your work or account")


class Notification(models.Model):
    """One notification of a person.

    `text` is only filled where the other columns do not say everything.
    """

    sentence: str  # Set by pages and digests: gallery.notifications.inbox.describe.

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("recipient"),
        on_delete=models.CASCADE,
        related_name="notifications",
    )
    kind = models.CharField(gettext_lazy("kind"), max_length=12, choices=NotificationKind.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("actor"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    artwork = models.ForeignKey(
        "gallery.Artwork",
        verbose_name=gettext_lazy("work"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    comment = models.ForeignKey(
        "gallery.Comment",
        verbose_name=gettext_lazy("comment"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    collection = models.ForeignKey(
        "gallery.Collection",
        verbose_name=gettext_lazy("collection"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    text = LineField(gettext_lazy("text"), max_length=500, blank=True)
    words = models.JSONField(
        gettext_lazy("message"),
        default=dict,
        blank=True,
        help_text=gettext_lazy(
            "What `text` says, as a template and its values, so that it can be shown in any"
            " language."
        ),
    )
    created_at = models.DateTimeField(gettext_lazy("created at"), auto_now_add=True)
    read_at = models.DateTimeField(gettext_lazy("read at"), null=True, blank=True)
    mailed_at = models.DateTimeField(gettext_lazy("emailed at"), null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("notification")
        verbose_name_plural = gettext_lazy("notifications")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], name="notifications_of_a_person"),
            models.Index(
                fields=["user"], condition=Q(read_at__isnull=True), name="unread_notifications"
            ),
        ]

    def __str__(self) -> str:
        return gettext("For {person}: {kind}").format(
            person=self.user, kind=self.get_kind_display()
        )
