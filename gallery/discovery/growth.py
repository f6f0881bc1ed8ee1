"""How far the demo garden has grown, for the wall."""

from django.core.cache import cache

from gallery.models import Planting

KEY = "nothing-grows"
PAUSE_S = 60  # How long the wall does not ask again once nothing grows; nearly always nothing does.


def read_growth() -> Planting | None:
    """The garden that is growing now, or None."""
    if cache.get(KEY):
        return None
    growing = Planting.objects.unfinished().first()
    if growing is None:
        cache.set(KEY, True, PAUSE_S)
    return growing
