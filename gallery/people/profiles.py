"""A person as another one meets them: how many follow, and what is between the two."""

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext

from gallery.models import Boundary, Follow, Suspension, User


def find_profile(username: str, viewer) -> User:
    """The person of that name in any spelling, in one query, with what their page shows beside
    their words:

    follower_count, following_count, is_suspended, and towards `viewer` is_followed, follows_you and
    boundary ("", "mute" or "block": how the viewer keeps them away). Raises Http404 where nobody
    with an open account has that name.
    """
    people = with_counts(between(User.objects.filter(is_active=True), viewer))
    # Old accounts may have a name with capitals, and are then asked for exactly so.
    found = {
        person.username: person
        for person in people.filter(username__in=[username, username.lower()])
    }
    if not found:
        raise Http404(gettext("There is no one here by that name."))
    return found.get(username) or found[username.lower()]


def with_counts(people: QuerySet[User]) -> QuerySet[User]:
    """How many follow each person and whom they follow, and whether a suspension is in force."""
    in_force = Q(lifted_at__isnull=True) & (Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now()))
    return people.annotate(
        follower_count=_count("followed"),
        following_count=_count("follower"),
        is_suspended=Exists(Suspension.objects.filter(in_force, user=OuterRef("pk"))),
    )


def _count(side: str) -> Coalesce:
    rows = (
        Follow.objects.filter(**{side: OuterRef("pk")})
        .order_by()
        .values(side)
        .annotate(number=Count("pk"))
    )
    return Coalesce(Subquery(rows.values("number")), 0, output_field=IntegerField())


def between(people: QuerySet[User], viewer) -> QuerySet[User]:
    """What is between each of these people and who looks at them; nothing for visitors."""
    me = viewer.pk if viewer.is_authenticated else None
    away = Boundary.objects.filter(user=me, other=OuterRef("pk")).values("kind")
    return people.annotate(
        is_followed=Exists(Follow.objects.filter(follower=me, followed=OuterRef("pk"))),
        follows_you=Exists(Follow.objects.filter(follower=OuterRef("pk"), followed=me)),
        boundary=Coalesce(Subquery(away), Value("")),
    )


def people_in(rows: list[Follow], side: str, viewer) -> list[User]:
    """The people on one side ("follower" or "followed") of these rows, in their order, as `between`
    sees them; one query.

    Closed accounts are left out.
    """
    keys = [getattr(row, f"{side}_id") for row in rows]
    found = {
        person.pk: person
        for person in between(User.objects.filter(pk__in=keys, is_active=True), viewer)
    }
    return [found[key] for key in keys if key in found]
