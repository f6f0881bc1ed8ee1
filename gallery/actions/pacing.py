"""How fast a person may do what others are told about: a minute's worth at once, refilled
steadily.
"""

from django.conf import settings

from gallery.limits import Allowance
from generation.refusal import Refused


def check_pace(user, deed: str) -> None:
    """Count one deed of this person. `deed` is a key of the setting PACES, which says how many are
    welcome a minute.

    Raises Refused, with the seconds to wait, for more than that.
    """
    delay = Allowance(deed, settings.PACES[deed]).take(f"user:{user.pk}")
    if delay:
        seconds = max(1, round(delay))
        raise Refused(
            "That was very quick. Wait {seconds} seconds, then go on.",
            seconds=seconds,
            retry_after=seconds,
        )
