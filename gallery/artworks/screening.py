"""Looking at a picture before it is published: the block list of pictures, and the score where it
is installed.
"""

from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.utils.translation import gettext_noop

from gallery.actions.reporting import report_by_the_garden
from gallery.actions.telling import tell
from gallery.models import Artwork, BlockedPicture, ReportReason
from gallery.picture_hash import NEAR, distance, picture_hash, read_hash
from gallery.unsafe import unsafe_score

WAITS = gettext_noop(
    "Your work “{title}” waits for a moderator to look at it before it can be seen."
)


@dataclass(frozen=True)
class Finding:
    """Why a picture was stopped: a reason of ReportReason and words for moderators."""

    reason: str
    text: str


def screen(pixels: np.ndarray) -> Finding | None:
    """Look at a picture, uint8 [height, width, 3 or 4]: why it may not be published as it is, or
    None.
    """
    mine = picture_hash(pixels)
    for row in BlockedPicture.objects.only("hash", "note"):
        if (bits := distance(mine, read_hash(row.hash))) <= NEAR:
            return Finding(
                ReportReason.OTHER,
                f"Blocked picture {row.hash} ({bits} of 64 bits differ). {row.note}".strip(),
            )
    score = unsafe_score(pixels)
    if score is not None and score >= settings.UNSAFE_SCORE:
        return Finding(
            ReportReason.SEXUAL,
            f"Score {score:.2f} of open_nsfw; from {settings.UNSAFE_SCORE:.2f} on works wait.",
        )
    return None


def hold(artwork: Artwork, finding: Finding) -> None:
    """Tell moderators and the maker that a work was stopped. Whoever calls sets its state, in the
    same transaction.
    """
    report_by_the_garden(artwork, reason=finding.reason, text=finding.text)
    tell(artwork.author, WAITS, artwork=artwork, title=artwork.title)
