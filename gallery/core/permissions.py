"""Permission checks that every action starts with."""

from django.utils.formats import date_format

from gallery.models import Boundary, BoundaryKind, User
from gallery.models.artwork import sees_adult_works
from gallery.types import AnyUser
from generation.refusal import Refused


def require_user(user: AnyUser) -> User:
    """The signed-in person. Raises Refused for visitors and closed accounts."""
    if not user.is_authenticated or not user.is_active:
        raise Refused("Log in first.")
    return user


def check_may_act(user: AnyUser) -> User:
    """The signed-in person. Raises Refused for visitors, closed accounts and suspended people."""
    user = require_user(user)
    suspension = user.suspension
    if suspension is None:
        return user
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


def is_blocked(user: User, by: User) -> bool:
    """Whether `by` has blocked this person."""
    return Boundary.objects.filter(user=by, other=user, kind=BoundaryKind.BLOCK).exists()


def check_may_reach(user: User, other: User) -> None:
    """Raises Refused if the other person has blocked this one. The sentence does not say so."""
    if user.pk != other.pk and is_blocked(user, other):
        raise Refused("You can't interact with {name}.", name=other.name)


def check_of_age(user: AnyUser, title: str) -> None:
    """Raises Refused for those who have not asked for works for adults. title: of such a thing."""
    if not sees_adult_works(user):
        raise Refused(
            "“{title}” is for adults. If you are 18 or older, log in and choose in your profile to"
            " see works for adults.",
            title=title,
        )


def check_moderator(user: AnyUser) -> None:
    """Raises Refused for everybody but moderators and administrators who may act themselves."""
    if not check_may_act(user).is_moderator:
        raise Refused("Only moderators can do that.")


def check_administrator(user: AnyUser) -> None:
    """Raises Refused for everybody but administrators who may act themselves."""
    if not check_may_act(user).is_administrator:
        raise Refused("Only administrators can do that.")
