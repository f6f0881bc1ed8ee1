"""Deleting a work: it is hidden at once, can be restored for a minute, and is then gone."""

from datetime import datetime

from django.db import transaction

from gallery.artworks.announcing import announce
from gallery.artworks.tombstones import leave_tombstone
from gallery.core.audit import record
from gallery.core.files import delete_files
from gallery.core.permissions import check_may_act
from gallery.core.undo import find_deletion, open_window
from gallery.discovery.figures import recount_children
from gallery.models import Artwork, Deletion, JobState, State, User
from gallery.notifications.actions import notify_followers
from gallery.sharing.downloads import saved_copies
from generation.refusal import Refused


def delete_work(user: User, artwork: Artwork, *, at: datetime | None = None) -> Deletion:
    """Hide a work from everybody; `finish_deleting` deletes it a minute later.

    at: works deleted at one time are offered for an undo together.
    """
    check_may_act(user)
    with transaction.atomic():
        found = (
            Artwork.objects.editable_by(user)
            .select_for_update(of=("self",))
            .filter(pk=artwork.pk)
            .first()
        )
        if found is None:
            raise Refused("You can't delete this work.")
        if found.author_id != user.pk:
            record(user, "delete work", found, author=found.author.username)
        deletion = open_window(user, found, state=found.state, at=at)
        Artwork.objects.filter(pk=found.pk).update(state=State.DELETED)
        recount_children(_parents(found))
    return deletion


def restore_work(user: User, artwork: Artwork) -> Artwork:
    """Undo `delete_work`: the work is as it was. Raises Refused once it is too late."""
    check_may_act(user)
    with transaction.atomic():
        deletion = find_deletion(user, artwork)
        found = Artwork.objects.select_for_update(of=("self",)).get(pk=artwork.pk)
        deletion.delete()
        if found.state == State.DELETED:  # Otherwise a moderator has decided about it meanwhile.
            found.state = deletion.state
            is_waiting = found.jobs.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).exists()
            if found.state == State.RENDERING and not is_waiting:
                found.state = State.FAILED
            found.save(update_fields=["state"])
            announce(found)
            notify_followers(found)
    return found


def finish_deleting(deletion: Deletion) -> None:
    """Delete a work with its files, texts, likes and jobs.

    When works descend from it, a tombstone stays: an empty row with author, licence, novelty and
    lineage edges, so that its children keep their parent and its maker the credit. Nobody can open
    it.
    """
    with transaction.atomic():
        deletion = Deletion.objects.select_for_update().get(pk=deletion.pk)
        found = Artwork.objects.select_for_update(of=("self",)).get(deletion=deletion)
        deletion.delete()
        if found.state != State.DELETED:
            return
        names = found.file_names + saved_copies(found)
        names += [name for name in found.jobs.values_list("result", flat=True) if name]
        parents = _parents(found)
        if found.child_edges.exists():
            leave_tombstone(found)
        else:
            found.delete()
        recount_children(parents)
    transaction.on_commit(lambda: delete_files(names))


def _parents(artwork: Artwork) -> list[Artwork]:
    return list(Artwork.objects.filter(child_edges__child=artwork))
