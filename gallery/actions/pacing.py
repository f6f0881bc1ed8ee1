"""Rate limits for what people do to each other, such as likes and comments."""

from django.conf import settings

from gallery.limits import RateLimiter
from gallery.models import User
from generation.refusal import Refused


def check_rate_limit(user: User, action: str) -> None:
    """Count one action of this user.

    action: a key of the setting RATE_LIMITS, which holds the number allowed per minute.
    Raises Refused, with the seconds to wait, when the user has used up that number.
    """
    wait = RateLimiter(action, settings.RATE_LIMITS[action]).take(f"user:{user.pk}")
    if wait:
        seconds = max(1, round(wait))
        raise Refused(
            "That was very quick. Wait {seconds} seconds, then go on.",
            seconds=seconds,
            retry_after=seconds,
        )
