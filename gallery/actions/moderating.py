"""What moderators do with works: hide, quarantine, and each the other way round; and how they close a collection.

Every act is written into the log with its reason, and the maker is told. A work that is taken down always has an upheld report,
so that its maker finds the reason and can answer it: where nobody had reported it, the moderator's own act becomes the report.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from gallery.actions.auditing import record
from gallery.actions.standing import check_moderator
from gallery.actions.telling import tell
from gallery.actions.tending import recount_children
from gallery.models import (
    Artwork,
    AuditEntry,
    Collection,
    Job,
    JobState,
    Notification,
    NotificationKind,
    Report,
    ReportReason,
    ReportState,
    State,
)
from generation.refusal import Refused

LONGEST_REASON = 2000
HIDDEN = gettext_noop("A moderator hid your work “{title}”. {reason} You can answer on its page.")
QUARANTINED = gettext_noop("A moderator put your work “{title}” into quarantine. {reason} You can answer.")
CLOSED = gettext_noop("A moderator made your collection “{title}” private. {reason} Change its words before you open it again.")
SHOWN = gettext_noop("Your work “{title}” is open again. {reason}")


def hide(user, artworks: Iterable[Artwork], *, reason: str = "") -> int:
    """Take works off the walls; their makers still see them. The number of changed works is returned."""
    return take_down(user, artworks, to=State.HIDDEN, reason=reason)


def show(user, artworks: Iterable[Artwork], *, reason: str = "") -> int:
    """Undo `hide`: a printed work is published again, any other counts as not printed and can be printed anew."""
    return _open_again(user, artworks, verb="show", closed=State.HIDDEN, reason=reason)


def quarantine(user, artworks: Iterable[Artwork], *, reason: str = "") -> int:
    """Close works to everybody but moderators, their makers included."""
    return take_down(user, artworks, to=State.QUARANTINED, reason=reason)


def release(user, artworks: Iterable[Artwork], *, reason: str = "") -> int:
    """Undo `quarantine`, as `show` undoes `hide`."""
    return _open_again(user, artworks, verb="release", closed=State.QUARANTINED, reason=reason)


def take_down(user, artworks: Iterable[Artwork], *, to: State, reason: str = "", has_case: bool = False) -> int:
    """Hide or quarantine works. has_case: their reports are being decided by whoever calls, so none is written here."""
    check_moderator(user)
    reason = read_reason(reason)
    verb, words, states = {
        State.HIDDEN: ("hide", HIDDEN, [State.PUBLISHED, State.RENDERING]),
        State.QUARANTINED: ("quarantine", QUARANTINED, [State.PUBLISHED, State.RENDERING, State.FAILED, State.HIDDEN]),
    }[to]
    with transaction.atomic():
        works = _lock(artworks, states)
        for work in works:
            record(user, verb, work, reason=reason, before=work.state)
            if not has_case:
                write_case(user, work, reason=reason)
            tell(work.author, words, artwork=work, title=work.title, reason=reason)
        Artwork.objects.filter(pk__in=[work.pk for work in works]).update(state=to, is_featured=False)
        _recount_parents(works)
    return len(works)


def hide_collection(user, collection: Collection, *, reason: str = "") -> bool:
    """Make somebody's collection private; who collects there keeps it. False when it is private already.

    What it said is kept in the log: with the same words its owner cannot open it again.
    """
    check_moderator(user)
    reason = read_reason(reason)
    with transaction.atomic():
        rows = Collection.objects.personal().select_related("owner").select_for_update(of=("self",))
        found = rows.filter(pk=collection.pk, is_public=True).first()
        if found is None:
            return False
        Collection.objects.filter(pk=found.pk).update(is_public=False)
        # What was news to makers would name a collection that they cannot open.
        Notification.objects.filter(kind=NotificationKind.COLLECTED, collection=found).delete()
        record(user, "hide collection", found, reason=reason, title=found.title, text=found.text)
        tell(found.owner, CLOSED, collection=found, title=found.title, reason=reason)
    return True


def check_may_open(collection: Collection, *, title: str, text: str) -> None:
    """Raises Refused for the very words for which a moderator closed the collection the last time."""
    acts = AuditEntry.objects.filter(subject_kind="collection", subject_id=str(collection.pk), verb="hide collection")
    closed = acts.first()
    if closed and (closed.details["title"], closed.details["text"]) == (title, text):
        raise Refused("A moderator closed this collection because of its words. Change them before you open it again.")


def write_case(user, artwork: Artwork, *, reason: str) -> Report:
    """An upheld report for a takedown that nobody had asked for; its maker answers it as any other."""
    return Report.objects.create(
        artwork=artwork, reporter=user, reason=ReportReason.OTHER, state=ReportState.UPHELD, decided_by=user,
        decided_at=timezone.now(), decision=reason,
    )


def _open_again(user, artworks: Iterable[Artwork], *, verb: str, closed: State, reason: str) -> int:
    check_moderator(user)
    reason = read_reason(reason)
    with transaction.atomic():
        works = _lock(artworks, [closed])
        in_line = set(
            Job.objects.filter(artwork__in=works, payload__purpose="master", state__in=[JobState.QUEUED, JobState.RUNNING])
            .values_list("artwork_id", flat=True)
        )
        for work in works:
            record(user, verb, work, reason=reason, before=work.state)
            work.state = State.PUBLISHED if work.master else State.RENDERING if work.pk in in_line else State.FAILED
            work.save(update_fields=["state"])
            tell(work.author, SHOWN, artwork=work, title=work.title, reason=reason)
        _recount_parents(works)
    return len(works)


def read_reason(text: str, *, is_needed: bool = False) -> str:
    """A moderator's words as they are stored. Raises Refused for too many, and for none where some are needed."""
    text = text.strip()
    if len(text) > LONGEST_REASON or "\x00" in text:
        raise Refused("The reason can hold {most} plain characters. Shorten it.", most=LONGEST_REASON)
    if is_needed and not text:
        raise Refused("Give the reason in a sentence; the person it is about reads it.")
    return text


def _lock(artworks: Iterable[Artwork], states: Iterable[str]) -> list[Artwork]:
    """The rows that are in one of these states, held until the transaction ends."""
    rows = Artwork.objects.filter(pk__in=[artwork.pk for artwork in artworks], state__in=list(states))
    return list(rows.select_related("author").select_for_update(of=("self",)).order_by("pk"))


def _recount_parents(works: Iterable[Artwork]) -> None:
    """Only children that everybody may see are counted."""
    parents = Artwork.objects.filter(child_edges__child__in=[work.pk for work in works]).distinct()
    recount_children(parents)
