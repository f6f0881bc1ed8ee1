"""What operators do with works: feature, hide, quarantine, and each the other way round. Staff only."""

from collections.abc import Iterable

from django.db import transaction

from gallery.models import Artwork, State
from generation.refusal import Refused


def feature(user, artworks: Iterable[Artwork]) -> int:
    """Put works on the featured shelf. Only those on walls; the number of changed works is returned."""
    return _works(user, artworks, from_states=[State.PUBLISHED]).listed().filter(is_featured=False).update(is_featured=True)


def unfeature(user, artworks: Iterable[Artwork]) -> int:
    """Take works off the featured shelf."""
    return _works(user, artworks, from_states=State.values).filter(is_featured=True).update(is_featured=False)


def hide(user, artworks: Iterable[Artwork]) -> int:
    """Take works off the walls; their makers still see them."""
    return _works(user, artworks, from_states=[State.PUBLISHED]).update(state=State.HIDDEN, is_featured=False)


def show(user, artworks: Iterable[Artwork]) -> int:
    """Undo `hide`. A work without a print stays as it is."""
    return _works(user, artworks, from_states=[State.HIDDEN]).exclude(master="").update(state=State.PUBLISHED)


def quarantine(user, artworks: Iterable[Artwork]) -> int:
    """Close works to everybody but staff, their makers included."""
    states = [state for state in State.values if state not in (State.QUARANTINED, State.REMOVED)]
    return _works(user, artworks, from_states=states).update(state=State.QUARANTINED, is_featured=False)


def release(user, artworks: Iterable[Artwork]) -> int:
    """Undo `quarantine`: a printed work is published again, any other counts as not printed and can be printed anew."""
    with transaction.atomic():
        quarantined = _works(user, artworks, from_states=[State.QUARANTINED])
        keys = list(quarantined.values_list("pk", flat=True))
        works = Artwork.objects.filter(pk__in=keys)
        printed = works.exclude(master="").update(state=State.PUBLISHED)
        return printed + works.filter(master="").update(state=State.FAILED)


def _works(user, artworks: Iterable[Artwork], *, from_states: Iterable[str]):
    if not (user.is_authenticated and user.is_moderator):
        raise Refused("Only operators of this garden may do that.")
    return Artwork.objects.filter(pk__in=[artwork.pk for artwork in artworks], state__in=list(from_states))
