"""Actions on a person's own profile. allauth handles passwords, email addresses and passkeys."""

from gallery.core.blocked_words import check_not_removed, check_words
from gallery.core.permissions import check_may_act
from gallery.discovery.indexing import index_person
from gallery.discovery.search import index_works_of
from gallery.models import User


def edit_profile(user: User, *, display_name: str, bio: str) -> User:
    """Change the public profile.

    Raises Refused for visitors, for suspended people, for blocked words, and for words that a
    moderator has removed from this profile.
    """
    check_may_act(user)
    check_words(display_name, bio)
    check_not_removed(user, display_name, bio)
    is_renamed = user.display_name != display_name
    user.display_name, user.bio = display_name, bio
    user.save(update_fields=["display_name", "bio"])
    index_person(user)
    if is_renamed:
        index_works_of(user)  # Search finds works by their makers' names.
    return user
