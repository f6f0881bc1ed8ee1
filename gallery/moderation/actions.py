"""What moderators do with works, collections and profiles: hide, quarantine, and undo both.

Every action is written into the audit log with its reason, and the maker is notified. What is taken
down always has an upheld report, so that its maker finds the reason and can appeal: where nobody
reported it, the moderator's own action becomes the report.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from gallery.collections.exhibitions import open_exhibitions
from gallery.core.audit import record
from gallery.core.permissions import check_moderator
from gallery.discovery.figures import recount_children
from gallery.discovery.indexing import index_person
from gallery.discovery.search import index_works_of
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
    User,
)
from gallery.models.moderation import subject_column
from gallery.moderation.decisions import read_reason
from gallery.notifications.actions import send_notice
from generation.refusal import Refused

TAKEDOWNS = ("hide", "quarantine", "hide collection")  # Verbs of the audit log.
HIDDEN = gettext_noop("A moderator hid your work “{title}”. {reason} You can appeal on its page.")
QUARANTINED = gettext_noop(
    "A moderator put your work “{title}” in quarantine. {reason} You can appeal."
)
CLOSED = gettext_noop(
    "A moderator hid “{title}”, which you put together. {reason} You can appeal on its page."
)
SHOWN_COLLECTION = gettext_noop("“{title}”, which you put together, is open again. {reason}")
CLEARED = gettext_noop("A moderator removed your display name and bio from your page. {reason}")
SHOWN = gettext_noop("Your work “{title}” is open again. {reason}")


def hide(user: User, artworks: Iterable[Artwork], *, reason: str = "") -> int:
    """Take works off the walls and return how many changed; their makers still see them."""
    return take_down(user, artworks, to=State.HIDDEN, reason=reason)


def show(user: User, artworks: Iterable[Artwork], *, reason: str = "") -> int:
    """Undo `hide` and return how many works changed.

    A printed work is published again; any other one waits for its print, or can be printed anew.
    """
    return _open_again(user, artworks, verb="show", closed=State.HIDDEN, reason=reason)


def quarantine(user: User, artworks: Iterable[Artwork], *, reason: str = "") -> int:
    """Close works to everybody but moderators, their makers included."""
    return take_down(user, artworks, to=State.QUARANTINED, reason=reason)


def release(user: User, artworks: Iterable[Artwork], *, reason: str = "") -> int:
    """Undo `quarantine`, as `show` undoes `hide`."""
    return _open_again(user, artworks, verb="release", closed=State.QUARANTINED, reason=reason)


def take_down(
    user: User, artworks: Iterable[Artwork], *, to: State, reason: str = "", has_case: bool = False
) -> int:
    """Hide or quarantine works and return how many changed.

    has_case: the caller decides their reports, so none is created here.
    """
    check_moderator(user)
    reason = read_reason(reason)
    verb, words, states = {
        State.HIDDEN: ("hide", HIDDEN, [State.PUBLISHED, State.RENDERING]),
        State.QUARANTINED: (
            "quarantine",
            QUARANTINED,
            [State.PUBLISHED, State.RENDERING, State.FAILED, State.HIDDEN],
        ),
    }[to]
    with transaction.atomic():
        works = _lock(artworks, states)
        for work in works:
            record(user, verb, work, reason=reason, before=work.state)
            if not has_case:
                create_case(user, work, reason=reason)
            send_notice(work.author, words, artwork=work, title=work.title, reason=reason)
        Artwork.objects.filter(pk__in=[work.pk for work in works]).update(
            state=to, is_featured=False
        )
        _recount_parents(works)
    return len(works)


def hide_collection(
    user: User, collection: Collection, *, reason: str = "", has_case: bool = False
) -> bool:
    """Close a collection or exhibition to all but its arrangers and the moderators.

    Returns False when it is hidden already. It stays hidden until a moderator shows it again,
    even if its texts, dates or visibility change meanwhile.
    """
    check_moderator(user)
    reason = read_reason(reason)
    with transaction.atomic():
        found = _lock_collection(collection)
        if found.hidden_at is not None:
            return False
        # Makers are notified of the exhibition again when it is shown again.
        found.hidden_at, found.announced_at = timezone.now(), None
        found.save(update_fields=["hidden_at", "announced_at"])
        # These notifications name a collection that their readers can no longer open.
        Notification.objects.filter(kind=NotificationKind.COLLECTED, collection=found).delete()
        record(user, "hide collection", found, reason=reason, title=found.title, text=found.text)
        if not has_case:
            create_case(user, found, reason=reason)
        send_notice(found.owner, CLOSED, collection=found, title=found.title, reason=reason)
    return True


def show_collection(user: User, collection: Collection, *, reason: str = "") -> bool:
    """Undo `hide_collection`; False when it is not hidden.

    It is as open again as its owner or its dates say.
    """
    check_moderator(user)
    reason = read_reason(reason)
    with transaction.atomic():
        found = _lock_collection(collection)
        if found.hidden_at is None:
            return False
        _check_not_taken_down_by_others(user, found, maker=found.owner)
        record(user, "show collection", found, reason=reason)
        found.hidden_at = None
        found.save(update_fields=["hidden_at"])
        send_notice(
            found.owner, SHOWN_COLLECTION, collection=found, title=found.title, reason=reason
        )
        open_exhibitions()
    return True


def clear_profile(user: User, person: User, *, reason: str = "") -> bool:
    """Remove a person's display name, picture, bio and links; False when there is nothing.

    The audit log stores what stood there, and `check_not_removed` refuses the same words later.
    """
    check_moderator(user)
    reason = read_reason(reason)
    with transaction.atomic():
        found = User.objects.select_for_update().get(pk=person.pk)
        if not (found.display_name or found.bio or found.links or found.avatar_id):
            return False
        record(
            user,
            "clear profile",
            found,
            reason=reason,
            display_name=found.display_name,
            bio=found.bio,
            **({"links": "\n".join(found.links)} if found.links else {}),
        )
        found.display_name = found.bio = ""
        found.links, found.avatar = [], None
        found.save(update_fields=["display_name", "bio", "links", "avatar"])
        index_works_of(found)  # Works are found by their makers' names.
        index_person(found)
        send_notice(found, CLEARED, reason=reason)
    return True


def create_case(user: User, subject: Artwork | Collection, *, reason: str) -> Report:
    """An upheld report for a takedown without reports, so that the maker can appeal."""
    return Report.objects.create(
        reporter=user,
        reason=ReportReason.OTHER,
        state=ReportState.UPHELD,
        decided_by=user,
        decided_at=timezone.now(),
        decision=reason,
        **{subject_column(subject): subject},
    )


def _lock_collection(collection: Collection) -> Collection:
    rows = Collection.objects.select_related("owner").select_for_update(of=("self",))
    found = rows.filter(pk=collection.pk).first()
    if found is None:
        raise Refused("This no longer exists.")
    return found


def _open_again(
    user: User, artworks: Iterable[Artwork], *, verb: str, closed: State, reason: str
) -> int:
    check_moderator(user)
    reason = read_reason(reason)
    with transaction.atomic():
        works = _lock(artworks, [closed])
        queued = set(
            Job.objects.filter(
                artwork__in=works,
                payload__purpose="master",
                state__in=[JobState.QUEUED, JobState.RUNNING],
            ).values_list("artwork_id", flat=True)
        )
        for work in works:
            _check_not_taken_down_by_others(user, work, maker=work.author)
            record(user, verb, work, reason=reason, before=work.state)
            work.state = (
                State.PUBLISHED
                if work.master
                else State.RENDERING
                if work.pk in queued
                else State.FAILED
            )
            work.save(update_fields=["state"])
            send_notice(work.author, SHOWN, artwork=work, title=work.title, reason=reason)
        _recount_parents(works)
    return len(works)


def _check_not_taken_down_by_others(
    user: User, subject: Artwork | Collection, *, maker: User
) -> None:
    """A moderator may undo what they did to their own, not what another moderator did to it."""
    if maker.pk != user.pk:
        return
    entries = AuditEntry.objects.filter(
        subject_kind=subject._meta.model_name, subject_id=str(subject.pk), verb__in=TAKEDOWNS
    )
    last = entries.first()
    if last is not None and last.staff_id != user.pk:
        raise Refused("You can't decide a case about yourself. Ask another moderator.")


def _lock(artworks: Iterable[Artwork], states: Iterable[str]) -> list[Artwork]:
    """The rows that are in one of these states, locked until the transaction ends."""
    rows = Artwork.objects.filter(
        pk__in=[artwork.pk for artwork in artworks], state__in=list(states)
    )
    return list(rows.select_related("author").select_for_update(of=("self",)).order_by("pk"))


def _recount_parents(works: Iterable[Artwork]) -> None:
    """Update the numbers of public children of the parents of these works."""
    parents = Artwork.objects.filter(child_edges__child__in=[work.pk for work in works]).distinct()
    recount_children(parents)
