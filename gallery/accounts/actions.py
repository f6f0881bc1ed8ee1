"""Actions on a person's own profile. allauth handles passwords, email addresses and passkeys."""

from collections.abc import Sequence

from gallery.core.blocked_words import check_not_removed, check_words
from gallery.core.links import read_links
from gallery.core.permissions import check_may_act
from gallery.discovery.indexing import index_person
from gallery.discovery.search import index_works_of
from gallery.models import Artwork, User
from gallery.models.texts import clean_line, clean_text
from generation.refusal import Refused


def edit_profile(
    user: User,
    *,
    display_name: str,
    bio: str,
    links: Sequence[str] = (),
    avatar: Artwork | None = None,
    sees_adult_works: bool = False,
) -> User:
    """Change the public profile, and whether the person sees works for adults.

    avatar: one of the person's own works. Raises Refused for visitors, for suspended people, for
    blocked words, for words that a moderator has removed from this profile, and for links that are
    no https addresses.
    """
    check_may_act(user)
    display_name, bio = clean_line(display_name), clean_text(bio)
    addresses = read_links(links)
    check_words(display_name, bio, *addresses)
    check_not_removed(user, display_name, bio, *addresses)
    _check_avatar(user, avatar)
    is_renamed = user.display_name != display_name
    user.display_name, user.bio = display_name, bio
    user.links, user.avatar = addresses, avatar
    user.sees_adult_works = sees_adult_works
    user.save(update_fields=["display_name", "bio", "links", "avatar", "sees_adult_works"])
    index_person(user)
    if is_renamed:
        index_works_of(user)  # Search finds works by their makers' names.
    return user


def choose_avatar(user: User, avatar: Artwork) -> None:
    """Make one of one's own works the profile picture."""
    check_may_act(user)
    _check_avatar(user, avatar)
    if not avatar.is_listed or not avatar.thumbnail:
        raise Refused("Only a public work that is printed can be your profile picture.")
    User.objects.filter(pk=user.pk).update(avatar=avatar)


def _check_avatar(user: User, avatar: Artwork | None) -> None:
    if avatar is not None and avatar.author_id != user.pk:
        raise Refused("Choose one of your own works as your profile picture.")
