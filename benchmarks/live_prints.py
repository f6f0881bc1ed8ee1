"""Publish works for a running server to print.

`python -m benchmarks.live_prints 50`: so many of Patterns; other species may be named behind it.
"""

import sys
import time

import django

django.setup()

from gallery.artworks.publishing import publish_child  # noqa: E402
from gallery.models import Job, JobState, User  # noqa: E402
from generation.genome import Recipe  # noqa: E402
from generation.pedigree import Pedigree, Step  # noqa: E402


def main(count: int, *keys: str) -> None:
    """Publish `count` works of each species, and wait until all are printed."""
    maker, _ = User.objects.get_or_create(username="printer")
    first = Job.objects.count()
    keys = keys or ("patterns",)
    for number in range(first, first + count * len(keys)):
        key = keys[number % len(keys)]
        recipe = Recipe(weights=(0.5, 0.5), mutation_rate=0.2, seed=number)
        pedigree = Pedigree((f"seed:{key}:1", f"seed:{key}:2"), (Step((0, 1), recipe),))
        publish_child(
            maker,
            pedigree=pedigree,
            title=f"Print {number}",
            licence="CC0-1.0",
            visibility="public",
        )
    while Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).exists():
        time.sleep(0.5)
    failed = Job.objects.exclude(state=JobState.DONE).count()
    if failed:
        raise SystemExit(f"{failed} prints failed.")


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
