"""Screening a picture before it is published: the block list, and a net's score if installed."""

from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.utils.translation import gettext_noop

from gallery.core.picture_hash import NEAR, distance, picture_hash, read_hash
from gallery.models import Artwork, BlockedPicture, ReportReason
from gallery.notifications.actions import send_notice
from gallery.reports.actions import file_automatic_report
from generation.safety import unsafe_score

WAITS = gettext_noop("A moderator needs to check your work “{title}” before it can be seen.")


@dataclass(frozen=True)
class Finding:
    """Why a picture was stopped: a reason of ReportReason and words for moderators."""

    reason: str
    text: str


def screen(pixels: np.ndarray, *, score: float | None = None) -> Finding | None:
    """Why a picture may not be published as it is, or None.

    pixels: uint8 [height, width, 3 or 4]. score: what the studio gave it already, if it did.
    """
    own_hash = picture_hash(pixels)
    for row in BlockedPicture.objects.only("hash", "note"):
        if (bits := distance(own_hash, read_hash(row.hash))) <= NEAR:
            return Finding(
                ReportReason.OTHER,
                f"Blocked picture {row.hash} ({bits} of 64 bits differ). {row.note}".strip(),
            )
    score = unsafe_score(pixels) if score is None else score
    if score is not None and score >= settings.UNSAFE_SCORE:
        return Finding(
            ReportReason.SEXUAL,
            f"Score {score:.2f} of open_nsfw; from {settings.UNSAFE_SCORE:.2f} on works wait.",
        )
    return None


def hold(artwork: Artwork, finding: Finding) -> None:
    """Report a stopped work to the moderators, and notify its maker.

    The caller sets the work's state, in the same transaction.
    """
    file_automatic_report(artwork, reason=finding.reason, text=finding.text)
    send_notice(artwork.author, WAITS, artwork=artwork, title=artwork.title)
