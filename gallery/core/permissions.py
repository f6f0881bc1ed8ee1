"""Whether a person may act at all, and towards another one: asked first in every action."""

from django.utils.formats import date_format

from gallery.models import Boundary, BoundaryKind, User
from gallery.types import AnyUser
from generation.refusal import Refused


def require_user(user: AnyUser) -> User:
    """The signed-in person. Raises Refused for visitors and closed accounts."""
    if not user.is_authenticated or not user.is_active:
        raise Refused("Log in first.")
    return user


def check_may_act(user: AnyUser) -> None:
    """Raises Refused for visitors, closed accounts and people who are suspended."""
    suspension = require_user(user).suspension
    if suspension is None:
        return
    if suspension.ends_at:
        raise Refused(
            "Your account is suspended until {end}: {reason} You can still look around and"
            " export your works.",
            end=date_format(suspension.ends_at, "DATETIME_FORMAT"),
            reason=suspension.reason,
        )
    raise Refused(
        "Your account is suspended: {reason} You can still look around and export your works.",
        reason=suspension.reason,
    )


def is_blocked(user, by: User) -> bool:
    """Whether `by` keeps this person from reaching them."""
    return Boundary.objects.filter(user=by, other=user, kind=BoundaryKind.BLOCK).exists()


def check_may_reach(user, other: User) -> None:
    """Raises Refused when the other person has blocked this one. It does not say more than that it
    cannot be done.
    """
    if user.pk != other.pk and is_blocked(user, other):
        raise Refused("You can't interact with {name}.", name=other.name)


def check_moderator(user) -> None:
    """Raises Refused for whoever is no moderator or administrator, and for those who are suspended
    themselves.
    """
    check_may_act(user)
    if not user.is_moderator:
        raise Refused("Only moderators can do that.")


def check_administrator(user) -> None:
    """Raises Refused for whoever is no administrator."""
    check_may_act(user)
    if not user.is_administrator:
        raise Refused("Only administrators can do that.")
