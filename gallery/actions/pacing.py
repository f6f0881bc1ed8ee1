"""How fast a person may do what others are told about: a minute's worth at once, refilled steadily."""

import threading

from django.conf import settings

from gallery.limits import Allowance
from generation.refusal import Refused

_allowances: dict[tuple[str, int], Allowance] = {}
_lock = threading.Lock()


def check_pace(user, deed: str) -> None:
    """Count one deed of this person. `deed` is a key of the setting PACES, which says how many are welcome a minute.

    Raises Refused, with the seconds to wait, for more than that. Every web process counts for itself.
    """
    per_minute = settings.PACES[deed]
    with _lock:
        allowance = _allowances.setdefault((deed, per_minute), Allowance(per_minute))
    delay = allowance.take(f"user:{user.pk}")
    if delay:
        seconds = max(1, round(delay))
        raise Refused(
            "That was very quick. Wait {seconds} seconds, then go on.", seconds=seconds, retry_after=seconds,
        )


def forget() -> None:
    """Everybody begins anew; for tests, whose people come and go under the same numbers."""
    with _lock:
        _allowances.clear()
