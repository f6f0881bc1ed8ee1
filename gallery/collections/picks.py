"""Picks: works that curators show on a shelf of their own for a time.

A pick is a row with a start and an optional end; `Artwork.is_featured` says whether one is in
force.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gallery.collections.texts import read_note
from gallery.core.audit import record
from gallery.core.permissions import check_may_act
from gallery.models import Artwork, Notification, NotificationKind, Pick, User
from gallery.notifications.actions import notify
from generation.refusal import Refused


def pick(
    user: User,
    artwork: Artwork,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    note: str = "",
) -> Pick:
    """Show a work on the shelf of picks from starts_at (or now) until ends_at. Curators only.

    Raises Refused for a work that is not listed, for an ends_at that has passed or is not after
    starts_at, and when the work has another pick in that time.
    """
    check_curator(user)
    now = timezone.now()
    starts_at = starts_at or now
    note = read_note(note)
    _check_times(starts_at, ends_at, now)
    with transaction.atomic():
        if not Artwork.objects.listed().filter(pk=artwork.pk).exists():
            raise Refused("Only works that everyone can see on the wall can be picked.")
        _check_alone(artwork, starts_at, ends_at)
        made = Pick.objects.create(
            artwork=artwork, curator=user, starts_at=starts_at, ends_at=ends_at, note=note
        )
        record(user, "pick", artwork, **_details(made))
        open_and_close_picks(now)
    return made


def reschedule(
    user: User,
    pick: Pick,
    *,
    starts_at: datetime | None,
    ends_at: datetime | None,
    note: str = "",
) -> Pick:
    """Change the times and the note of a pick. Curators only."""
    check_curator(user)
    now = timezone.now()
    note = read_note(note)
    with transaction.atomic():
        found = _find_pick(pick)
        starts_at = starts_at or found.starts_at
        _check_times(starts_at, ends_at, now)
        _check_alone(found.artwork, starts_at, ends_at, but=found)
        before = _details(found)
        found.starts_at, found.ends_at, found.note = starts_at, ends_at, note
        found.save(update_fields=["starts_at", "ends_at", "note"])
        record(user, "reschedule pick", found.artwork, before=before, **_details(found))
        open_and_close_picks(now)
    return found


def unpick(user: User, pick: Pick, *, reason: str = "") -> None:
    """End a pick that is in force, or delete one that has not started. Curators only."""
    check_curator(user)
    now = timezone.now()
    with transaction.atomic():
        found = _find_pick(pick)
        record(user, "unpick", found.artwork, reason=reason, **_details(found))
        if found.starts_at > now:
            found.delete()
        elif found.ends_at is None or found.ends_at > now:
            found.ends_at = now
            found.save(update_fields=["ends_at"])
        open_and_close_picks(now)


def feature(user: User, artworks: Iterable[Artwork]) -> int:
    """Pick the listed works among these that have no pick in force; how many were picked."""
    check_curator(user)
    with transaction.atomic():
        works = list(
            Artwork.objects.listed().filter(
                pk__in=[work.pk for work in artworks], is_featured=False
            )
        )
        for work in works:
            pick(user, work)
    return len(works)


def unfeature(user: User, artworks: Iterable[Artwork]) -> int:
    """End the picks in force of these works; how many works were featured."""
    check_curator(user)
    with transaction.atomic():
        works = list(
            Artwork.objects.filter(pk__in=[work.pk for work in artworks], is_featured=True)
        )
        for shown in Pick.objects.in_force().filter(artwork__in=works):
            unpick(user, shown)
        Artwork.objects.filter(pk__in=[work.pk for work in works]).update(is_featured=False)
    return len(works)


def open_and_close_picks(now: datetime | None = None) -> int:
    """Bring `is_featured` in line with the picks in force; how many works changed.

    Makers are notified when the pick of their work starts. Works that are no longer listed come off
    the shelf. Called whenever picks change, and by `gallery.maintenance`.
    """
    in_force = Pick.objects.in_force(now)
    with transaction.atomic():
        listed = Artwork.objects.listed()
        opening = list(
            listed.filter(is_featured=False, pk__in=in_force.values("artwork"))
            .select_related("author")
            .only("pk", "author")
        )
        stays = listed.filter(pk__in=in_force.values("artwork")).values("pk")
        closed = (
            Artwork.objects.filter(is_featured=True).exclude(pk__in=stays).update(is_featured=False)
        )
        Artwork.objects.filter(pk__in=[work.pk for work in opening]).update(is_featured=True)
        for work in opening:
            _notify_maker(work, in_force.select_related("curator").filter(artwork=work)[0])
    return len(opening) + closed


def check_curator(user: User) -> None:
    """Raises Refused for everybody but curators, moderators and administrators."""
    check_may_act(user)
    if not user.is_curator:
        raise Refused("Only curators can do that.")


def _check_times(starts_at: datetime, ends_at: datetime | None, now: datetime) -> None:
    if ends_at is not None and (ends_at <= starts_at or ends_at <= now):
        raise Refused(
            "The pick must end in the future, and after it starts. Change one of the times."
        )


def _check_alone(
    artwork: Artwork, starts_at: datetime, ends_at: datetime | None, *, but: Pick | None = None
) -> None:
    """Raises Refused when the work has another pick in that time."""
    others = Pick.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=starts_at), artwork=artwork
    )
    if ends_at is not None:
        others = others.filter(starts_at__lt=ends_at)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if others.exists():
        raise Refused("This work already has a pick in that period. Change that one instead.")


def _find_pick(pick: Pick) -> Pick:
    """The pick's row, locked; raises Refused if it has been deleted."""
    found = (
        Pick.objects.select_for_update(of=("self",))
        .select_related("artwork")
        .filter(pk=pick.pk)
        .first()
    )
    if found is None:
        raise Refused("This pick has been removed in the meantime.")
    return found


def _details(pick: Pick) -> dict[str, str]:
    """What the audit log says about a pick."""
    return {
        "starts_at": pick.starts_at.isoformat(),
        "ends_at": pick.ends_at.isoformat() if pick.ends_at else "",
        "note": pick.note,
    }


def _notify_maker(work: Artwork, pick: Pick) -> None:
    """Notify a work's maker of its pick; once, even if the work is hidden and shown meanwhile."""
    notifications = Notification.objects.filter(
        user=work.author,
        kind=NotificationKind.FEATURED,
        artwork=work,
        created_at__gte=pick.starts_at,
    )
    if not notifications.exists():
        notify(
            NotificationKind.FEATURED,
            to=work.author,
            actor=pick.curator,
            artwork=work,
            text=pick.note,
        )
