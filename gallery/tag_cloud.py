"""The tags of the garden, larger the more works hang under them."""

import math

from gallery.models import Tag

SHOWN = 150
SIZES = 5


def read_cloud() -> list[Tag]:
    """The most used tags in the order of the alphabet, each with its `number` of public works and a
    `size` from 1 to SIZES.

    The numbers are as gallery.actions.tending last counted them. One query.
    """
    tags = sorted(
        Tag.objects.filter(number__gt=0).order_by("-number", "slug")[:SHOWN],
        key=lambda tag: tag.slug,
    )
    most = max((tag.number for tag in tags), default=1)
    for tag in tags:
        # By the logarithm: a few tags are on half of all works, most on a handful.
        tag.size = 1 + round((SIZES - 1) * math.log1p(tag.number) / math.log1p(most))
    return tags
