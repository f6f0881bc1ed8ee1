"""Suspensions: people may look around and export, but not act, until a date or until it is lifted.

`gallery.core.permissions` checks them before every action.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop

from gallery.core.audit import record
from gallery.core.permissions import check_moderator
from gallery.models import Suspension, User
from gallery.models.texts import clean_text
from gallery.notifications.actions import send_notice
from generation.refusal import Refused

# The field has a limit; “or 0” is for the type checker.
MAX_REASON = Suspension._meta.get_field("reason").max_length or 0
MAX_TERM = timedelta(days=3660)
# What forms offer: a key, and its length in days (None: until a moderator lifts it).
TERMS = {"1": 1, "7": 7, "30": 30, "365": 365, "lifted": None}
TERM_CHOICES = [
    ("1", gettext_lazy("1 day")),
    ("7", gettext_lazy("7 days")),
    ("30", gettext_lazy("30 days")),
    ("365", gettext_lazy("1 year")),
    ("lifted", gettext_lazy("Until a moderator lifts it")),
]
UNTIL = gettext_noop("Your account is suspended until {end}. {reason}")
UNTIL_LIFTED = gettext_noop("Your account is suspended. {reason}")
LIFTED = gettext_noop("Your account is no longer suspended. Welcome back. {reason}")


def suspend(
    user: User, person: User, *, reason: str, ends_at: datetime | None = None
) -> Suspension:
    """Suspend a person until a date, or until it is lifted; replaces a suspension in force.

    Raises Refused for oneself, for people whose role is not below one's own, without a reason, and
    for an end that is past or more than ten years away.
    """
    check_moderator(user)
    reason = clean_text(reason)
    if not reason or len(reason) > MAX_REASON:
        raise Refused(
            "Give a reason of at most {most} characters; the suspended person will read it.",
            most=MAX_REASON,
        )
    now = timezone.now()
    if ends_at is not None and not now < ends_at <= now + MAX_TERM:
        raise Refused(
            "The suspension must end in the future, within ten years. Choose another end date,"
            " or none."
        )
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=person.pk)
        _check_rank(user, person)
        in_force(person).update(lifted_at=now)
        made = Suspension.objects.create(user=person, by=user, reason=reason, ends_at=ends_at)
        record(
            user, "suspend", person, reason=reason, ends_at=ends_at.isoformat() if ends_at else ""
        )
        if ends_at:
            send_notice(person, UNTIL, end=ends_at, reason=reason)
        else:
            send_notice(person, UNTIL_LIFTED, reason=reason)
    return made


def suspend_for(user: User, person: User, *, term: str, reason: str) -> Suspension:
    """Suspend a person for one of TERMS.

    Raises Refused for a term that is not offered, and as `suspend` does.
    """
    if term not in TERMS:
        raise Refused("Choose how long the suspension lasts.")
    days = TERMS[term]
    return suspend(
        user, person, reason=reason, ends_at=timezone.now() + timedelta(days=days) if days else None
    )


def lift(user: User, person: User, *, reason: str = "") -> bool:
    """End a suspension before its time; False when none is in force."""
    check_moderator(user)
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=person.pk)
        if person.pk == user.pk:
            raise Refused("You can't decide a case about yourself. Ask another moderator.")
        if not in_force(person).update(lifted_at=timezone.now()):
            return False
        reason = clean_text(reason)[:MAX_REASON]
        record(user, "lift suspension", person, reason=reason)
        send_notice(person, LIFTED, reason=reason)
    return True


def in_force(person: User | None = None) -> QuerySet[Suspension]:
    """Suspensions that hold now, of one person or of everybody."""
    now = timezone.now()
    rows = Suspension.objects.filter(
        Q(lifted_at__isnull=True) & (Q(ends_at__isnull=True) | Q(ends_at__gt=now))
    )
    return rows if person is None else rows.filter(user=person)


def _check_rank(user: User, person: User) -> None:
    if person.pk == user.pk:
        raise Refused("You can't decide a case about yourself. Ask another moderator.")
    if person.is_administrator or (person.is_moderator and not user.is_administrator):
        raise Refused(
            "You can't suspend {name} because of their role. An administrator can remove the"
            " role first.",
            name=person.name,
        )
