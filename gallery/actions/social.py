"""What people do with each other's works."""

from gallery.models import Artwork, Like
from generation.refusal import Refused


def set_like(user, artwork: Artwork, is_kept: bool) -> None:
    """Keep a work at hand, or let it go. Doing it twice changes nothing."""
    if not user.is_authenticated:
        raise Refused("Log in to keep works at hand.")
    if not is_kept:
        Like.objects.filter(user=user, artwork=artwork).delete()
        return
    if not Artwork.objects.visible_to(user).filter(pk=artwork.pk).exists():
        raise Refused("This work is not open to you.")
    Like.objects.get_or_create(user=user, artwork=artwork)
