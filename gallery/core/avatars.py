"""Profile pictures: one of a person's own works, shown while it is public."""

from collections.abc import Iterable

from django.db.models import Prefetch, prefetch_related_objects

from gallery.models import Artwork, User


def attach_avatars(people: Iterable[User | None]) -> None:
    """Fetch the profile pictures of a list of people by one query; by none where nobody has one."""
    works = Artwork.objects.only("slug", "thumbnail", "state", "visibility", "author")
    prefetch_related_objects(
        [person for person in people if person and person.avatar_id],
        Prefetch("avatar", queryset=works),
    )
