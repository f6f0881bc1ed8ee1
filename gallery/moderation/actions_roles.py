"""Roles and locked accounts, for administrators; a site never loses its last administrator."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from gallery.core.audit import record
from gallery.core.permissions import check_administrator
from gallery.models import Role, User
from gallery.moderation.decisions import read_reason
from gallery.notifications.actions import send_notice
from generation.refusal import Refused

MESSAGES = {
    Role.MEMBER: gettext_noop(
        "You are now a regular member of this site, without a staff role. {reason}"
    ),
    Role.CURATOR: gettext_noop("You are now a curator of this site. {reason}"),
    Role.MODERATOR: gettext_noop("You are now a moderator of this site. {reason}"),
    Role.ADMINISTRATOR: gettext_noop("You are now an administrator of this site. {reason}"),
}


def set_role(user: User, person: User, role: str, *, reason: str = "") -> bool:
    """Give a person a role; False when they have it already. Administrators only.

    Administrators alone may enter Django's admin: is_staff and is_superuser follow the role. Raises
    Refused for an unknown role, a closed account, and when the site would be left without an
    administrator.
    """
    check_administrator(user)
    if role not in Role.values:
        raise Refused("There is no role “{role}”. Choose one from the list.", role=role[:20])
    reason = read_reason(reason)
    with transaction.atomic():
        person = _lock(person)
        if not person.is_active and role != Role.MEMBER:
            raise Refused(
                "The account of {name} is closed; open it again before you give it a role.",
                name=person.name,
            )
        is_administrator = role == Role.ADMINISTRATOR
        before = role_of(person)
        if before == role and person.is_superuser == person.is_staff == is_administrator:
            return False
        if before == Role.ADMINISTRATOR and not is_administrator:
            _check_not_last(person)
        person.role, person.is_staff, person.is_superuser = role, is_administrator, is_administrator
        person.save(update_fields=["role", "is_staff", "is_superuser"])
        record(user, "set role", person, reason=reason, before=before, after=role)
        send_notice(person, MESSAGES[Role(role)], reason=reason)
    return True


def set_open(user: User, person: User, is_open: bool, *, reason: str = "") -> bool:
    """Lock a person out of their account, or let them in again; False when nothing changes.

    Their works stay. Raises Refused for accounts that their owner deleted, and for the last
    administrator's.
    """
    check_administrator(user)
    reason = read_reason(reason)
    with transaction.atomic():
        person = _lock(person)
        if person.is_active == is_open:
            return False
        if person.closed_at is not None:
            raise Refused(
                "{name} deleted this account; it can't be opened again.", name=person.username
            )
        if not is_open and role_of(person) == Role.ADMINISTRATOR:
            _check_not_last(person)
        person.is_active = is_open
        person.save(update_fields=["is_active"])
        record(user, "open account" if is_open else "lock account", person, reason=reason)
    return True


def role_of(person: User) -> str:
    """The role that counts: superusers made on the command line are administrators."""
    return Role.ADMINISTRATOR if person.is_superuser else person.role


def _lock(person: User) -> User:
    """The person's row, locked together with the rows of all administrators.

    Otherwise two administrators who step down at once would each still find the other.
    """
    list(_administrators().select_for_update().order_by("pk").values_list("pk"))
    return User.objects.select_for_update().get(pk=person.pk)


def _check_not_last(person: User) -> None:
    if not _administrators().exclude(pk=person.pk).exists():
        raise Refused(
            "{name} is the last administrator of this site. Make someone else an administrator"
            " first.",
            name=person.name,
        )


def _administrators() -> QuerySet[User]:
    return User.objects.filter(Q(role=Role.ADMINISTRATOR) | Q(is_superuser=True), is_active=True)
