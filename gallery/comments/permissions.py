"""Who may change or remove a comment."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from gallery.models import Artwork, Comment


def may_edit(user, comment: Comment) -> bool:
    """Whether the window in which a person may change their own comment is open."""
    is_new = timezone.now() - comment.created_at < timedelta(minutes=settings.COMMENT_EDIT_MINUTES)
    return (
        user.is_authenticated and comment.author_id == user.pk and is_new and not comment.is_hidden
    )


def may_remove(user, comment: Comment, artwork: Artwork) -> bool:
    """One's own comments, and those under one's own works."""
    return user.is_authenticated and user.pk in (comment.author_id, artwork.author_id)
