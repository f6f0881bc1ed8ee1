"""People with their follow counts, and with how they relate to whoever looks at them."""

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext

from gallery.core.avatars import attach_avatars
from gallery.models import Boundary, Follow, Suspension, User
from gallery.types import AnyUser


def find_profile(username: str, viewer: AnyUser) -> User:
    """The person of that name, in any capitalization, in one query.

    With the annotations of `with_counts` and `with_relations`. Raises Http404 when nobody with an
    open account has that name.
    """
    people = with_counts(with_relations(User.objects.filter(is_active=True), viewer))
    # Older accounts may have capitals in their names, and are found by the exact spelling.
    found = {
        person.username: person
        for person in people.filter(username__in=[username, username.lower()])
    }
    if not found:
        raise Http404(gettext("There is no one here by that name."))
    return found.get(username) or found[username.lower()]


def with_counts(people: QuerySet[User]) -> QuerySet[User]:
    """Annotated with follower_count, following_count and is_suspended (now)."""
    in_force = Q(lifted_at__isnull=True) & (Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now()))
    return people.annotate(
        follower_count=_count("followed"),
        following_count=_count("follower"),
        is_suspended=Exists(Suspension.objects.filter(in_force, user=OuterRef("pk"))),
    )


def _count(side: str) -> Coalesce:
    """How many follows have the person on that side, "follower" or "followed"."""
    rows = (
        Follow.objects.filter(**{side: OuterRef("pk")})
        .order_by()
        .values(side)
        .annotate(number=Count("pk"))
    )
    return Coalesce(Subquery(rows.values("number")), 0, output_field=IntegerField())


def with_relations(people: QuerySet[User], viewer: AnyUser) -> QuerySet[User]:
    """Annotated with is_followed (by the viewer), follows_you (the viewer) and boundary.

    boundary: "mute" or "block" if the viewer mutes or blocks the person, else "". For visitors all
    are false or empty.
    """
    me = viewer.pk if viewer.is_authenticated else None
    kind = Boundary.objects.filter(user=me, other=OuterRef("pk")).values("kind")
    return people.annotate(
        is_followed=Exists(Follow.objects.filter(follower=me, followed=OuterRef("pk"))),
        follows_you=Exists(Follow.objects.filter(follower=OuterRef("pk"), followed=me)),
        boundary=Coalesce(Subquery(kind), Value("")),
    )


def people_in(rows: list[Follow], side: str, viewer: AnyUser) -> list[User]:
    """The people on one side ("follower" or "followed") of these rows, in their order; one query.

    With the annotations of `with_relations`; closed accounts are left out.
    """
    keys = [getattr(row, f"{side}_id") for row in rows]
    found = {
        person.pk: person
        for person in with_relations(User.objects.filter(pk__in=keys, is_active=True), viewer)
    }
    attach_avatars(found.values())
    return [found[key] for key in keys if key in found]
