"""Who may change or remove a comment."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from gallery.models import Artwork, Comment
from gallery.types import AnyUser


def may_edit(user: AnyUser, comment: Comment) -> bool:
    """Whether this is the person's own comment and still new enough to be changed."""
    is_new = timezone.now() - comment.created_at < timedelta(minutes=settings.COMMENT_EDIT_MINUTES)
    return (
        user.is_authenticated and comment.author_id == user.pk and is_new and not comment.is_hidden
    )


def may_remove(user: AnyUser, comment: Comment, artwork: Artwork) -> bool:
    """Whether the comment is the person's own, or stands under their own work."""
    return user.is_authenticated and user.pk in (comment.author_id, artwork.author_id)
