"""Deleting with an undo: what was deleted a moment ago is hidden, and can be restored for a minute.

The rooms of works, comments and collections hide, restore and finally delete what is theirs; this
module keeps the rows of `Deletion`, which say who deleted what and when.
"""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet
from django.utils import timezone

from gallery.models import Artwork, Collection, Comment, Deletion, User
from generation.refusal import Refused
from generation.words import word

WINDOW = timedelta(minutes=1)  # How long pages offer the undo.
GRACE = timedelta(seconds=15)  # For a click in the last moment.
TOO_LATE = word("It is too late to undo this: it has been deleted for good.")
SESSION_KEY = "deleted_at"  # When this browser deleted something last, as a timestamp.


def open_window(
    by: User, thing: Artwork | Comment | Collection, *, state: str = "", at: datetime | None = None
) -> Deletion:
    """Note that somebody deleted something. at: things deleted at one time are restored together.

    state: that of a work before.
    """
    column = thing._meta.model_name
    return Deletion.objects.create(
        **{str(column): thing}, by=by, state=state, at=at or timezone.now()
    )


def find_deletion(user: User, thing: Artwork | Comment | Collection) -> Deletion:
    """The deletion of something by this person, locked. Raises Refused once it is too late."""
    mine = Deletion.objects.select_for_update().filter(
        by=user, **{str(thing._meta.model_name): thing}
    )
    found = mine.first()
    if found is None:
        raise Refused(TOO_LATE)
    return found


def recent(user: User, *, now: datetime | None = None) -> QuerySet[Deletion]:
    """What this person deleted within WINDOW, the newest first."""
    since = (now or timezone.now()) - WINDOW
    return (
        Deletion.objects.filter(by=user, at__gt=since)
        .select_related("artwork", "comment", "collection")
        .defer("artwork__genome", "artwork__pedigree", "artwork__description")
        .order_by("-at", "pk")
    )


def due(*, now: datetime | None = None) -> QuerySet[Deletion]:
    """What is to be deleted for good, the oldest first; descendants before their ancestors."""
    before = (now or timezone.now()) - WINDOW - GRACE
    return Deletion.objects.filter(at__lte=before).order_by("at", "-artwork")


def note_deletion(session: SessionBase) -> None:
    """Remember that this browser deleted something, so that its pages offer the undo."""
    session[SESSION_KEY] = timezone.now().timestamp()


def may_undo(session: SessionBase) -> bool:
    """Whether this browser deleted something within WINDOW; costs no query."""
    return timezone.now().timestamp() - session.get(SESSION_KEY, 0) < WINDOW.total_seconds()
