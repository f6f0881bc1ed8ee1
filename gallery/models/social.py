"""Likes, follows, and muting and blocking."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy


class Like(models.Model):
    """A person likes a work, which also puts it on their list of liked works."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("person"),
        on_delete=models.CASCADE,
        related_name="likes",
    )
    artwork = models.ForeignKey(
        "gallery.Artwork",
        verbose_name=gettext_lazy("work"),
        on_delete=models.CASCADE,
        related_name="likes",
    )
    created_at = models.DateTimeField(gettext_lazy("liked at"), auto_now_add=True)

    class Meta:
        verbose_name = gettext_lazy("like")
        verbose_name_plural = gettext_lazy("likes")
        constraints = [models.UniqueConstraint(fields=["user", "artwork"], name="one_like_a_work")]
        indexes = [
            models.Index(fields=["user", "-id"], name="likes_of_a_user"),
            models.Index(fields=["artwork", "created_at"], name="likes_of_a_work"),
        ]

    def __str__(self) -> str:
        return gettext("{person} likes {work}").format(person=self.user, work=self.artwork)


class Follow(models.Model):
    """A person follows what another one publishes."""

    follower = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("follower"),
        on_delete=models.CASCADE,
        related_name="follows",
    )
    followed = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("followed person"),
        on_delete=models.CASCADE,
        related_name="followers",
    )
    created_at = models.DateTimeField(gettext_lazy("since"), auto_now_add=True)

    class Meta:
        verbose_name = gettext_lazy("follow")
        verbose_name_plural = gettext_lazy("follows")
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="one_follow_a_person"),
            models.CheckConstraint(
                condition=~Q(follower=models.F("followed")), name="nobody_follows_themselves"
            ),
        ]
        indexes = [models.Index(fields=["followed", "-id"], name="followers_of_a_person")]

    def __str__(self) -> str:
        return gettext("{person} follows {other}").format(person=self.follower, other=self.followed)


class BoundaryKind(models.TextChoices):
    """Whether a person mutes or blocks another one."""

    MUTE = "mute", gettext_lazy("Muted: you don't see anything from them")
    BLOCK = "block", gettext_lazy("Blocked: they can't interact with you either")


class Boundary(models.Model):
    """A person mutes or blocks another one.

    The works and comments of a muted person, and notifications about them, are not shown to the
    one who mutes; the muted person does not notice. A blocked person also cannot comment on, like,
    collect or breed the other's works, nor follow, mention or invite them.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("person"),
        on_delete=models.CASCADE,
        related_name="boundaries",
    )
    other = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("other person"),
        on_delete=models.CASCADE,
        related_name="boundaries_against",
    )
    kind = models.CharField(
        gettext_lazy("mute or block"), max_length=5, choices=BoundaryKind.choices
    )
    created_at = models.DateTimeField(gettext_lazy("since"), auto_now_add=True)

    class Meta:
        verbose_name = gettext_lazy("muted or blocked person")
        verbose_name_plural = gettext_lazy("muted and blocked people")
        constraints = [
            models.UniqueConstraint(fields=["user", "other"], name="one_distance_a_person"),
            models.CheckConstraint(
                condition=~Q(user=models.F("other")), name="nobody_keeps_themselves_away"
            ),
        ]

    def __str__(self) -> str:
        return gettext("{person} mutes or blocks {other}").format(
            person=self.user, other=self.other
        )
