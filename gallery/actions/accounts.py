"""Writes a person makes about themselves. Passwords, addresses and keys belong to allauth."""

from gallery.models import User
from generation.refusal import Refused


def edit_profile(user: User, *, display_name: str, bio: str) -> User:
    """Change the public profile. Raises Refused for a visitor without an account."""
    if not user.is_authenticated:
        raise Refused("Log in to change your profile.")
    user.display_name, user.bio = display_name, bio
    user.save(update_fields=["display_name", "bio"])
    return user
