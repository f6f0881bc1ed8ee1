"""A comment under a work."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from gallery.models.fields import ProseField
from gallery.models.social import Boundary
from gallery.types import AnyUser


class CommentQuerySet(models.QuerySet["Comment"]):
    """Which comments a person sees, given that they may open the work (`ArtworkQuerySet`)."""

    def standing(self) -> "CommentQuerySet":
        """Comments neither deleted by their writers nor hidden by a moderator."""
        return self.filter(deleted_at__isnull=True, is_hidden=False)

    def within_boundaries(self, user: AnyUser) -> "CommentQuerySet":
        """Without the comments of people whom this person mutes or blocks."""
        if not user.is_authenticated:
            return self
        return self.exclude(author__in=Boundary.objects.filter(user=user).values("other"))

    def shown_to(self, user: AnyUser) -> "CommentQuerySet":
        """The comments that this person sees under a work; moderators also see hidden ones.

        A first comment that is gone is shown as an empty place while an answer to it is shown.
        """
        mine = self.within_boundaries(user)
        if user.is_authenticated and user.is_moderator:
            stands, answered = (
                Q(deleted_at__isnull=True),
                Comment.objects.filter(deleted_at__isnull=True),
            )
        else:
            stands, answered = (
                Q(deleted_at__isnull=True, is_hidden=False),
                Comment.objects.standing(),
            )
        answers = answered.within_boundaries(user).filter(parent=OuterRef("pk"))
        return mine.filter(stands | (Q(parent__isnull=True) & Exists(answers)))


class Comment(models.Model):
    """A comment on a work, or (with a parent) an answer to a comment, one level deep.

    A deleted comment with answers stays as an empty place. is_hidden: taken down by a moderator.
    """

    artwork = models.ForeignKey(
        "gallery.Artwork",
        verbose_name=gettext_lazy("work"),
        on_delete=models.CASCADE,
        related_name="comments",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("writer"),
        on_delete=models.CASCADE,
        related_name="comments",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=gettext_lazy("comment replied to"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="answers",
    )
    text = ProseField(gettext_lazy("text"), max_length=2000)
    created_at = models.DateTimeField(gettext_lazy("created at"), auto_now_add=True)
    edited_at = models.DateTimeField(gettext_lazy("edited at"), null=True, blank=True)
    deleted_at = models.DateTimeField(gettext_lazy("deleted at"), null=True, blank=True)
    is_hidden = models.BooleanField(gettext_lazy("hidden"), default=False)

    # Set by gallery.comments.threads for templates.
    is_tombstone: bool
    html: SafeString
    can_edit: bool
    can_remove: bool
    is_by_maker: bool

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("comment")
        verbose_name_plural = gettext_lazy("comments")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["artwork", "parent", "id"], name="comments_of_a_work"),
            models.Index(fields=["author", "-id"], name="comments_of_a_person"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return f"{reverse('comment', args=[self.pk])}#comment-{self.pk}"
