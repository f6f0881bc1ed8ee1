"""The minute after a deletion, for tests."""

from django.utils import timezone

from gallery.core import undo
from gallery.maintenance import finish_deletions
from gallery.models import Deletion


def after_a_minute() -> int:
    """Let the minute pass in which a deletion can be undone; returns how many were finished."""
    Deletion.objects.update(at=timezone.now() - undo.WINDOW - undo.GRACE)
    return finish_deletions()
