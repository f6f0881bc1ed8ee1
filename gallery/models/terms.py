"""What a work's maker decides about it, and what became of it: licence, visibility, state."""

from django.db import models
from django.utils.translation import gettext_lazy


class Licence(models.TextChoices):
    """What others may do with a work; the values are SPDX identifiers where there is one."""

    CC0 = "CC0-1.0", gettext_lazy("CC0 (no rights reserved)")
    CC_BY = "CC-BY-4.0", gettext_lazy("CC BY (credit the maker)")
    CC_BY_SA = "CC-BY-SA-4.0", gettext_lazy("CC BY-SA (credit, share alike)")
    CC_BY_NC = "CC-BY-NC-4.0", gettext_lazy("CC BY-NC (credit, non-commercial)")
    RESERVED = "all-rights-reserved", gettext_lazy("All rights reserved")


class Visibility(models.TextChoices):
    """Who can find a work."""

    PUBLIC = "public", gettext_lazy("Public: on the wall for everybody")
    UNLISTED = "unlisted", gettext_lazy("Unlisted: for everybody who has the link")
    PRIVATE = "private", gettext_lazy("Private: only for you")


class State(models.TextChoices):
    """The state of a work. Hidden and quarantined are moderators' decisions.

    A deleted work is closed to all and can be restored for a minute (`Deletion`). A removed work
    was deleted but has children: an empty row (a tombstone) stays, for their lineage.
    """

    RENDERING = "rendering", gettext_lazy("Printing")
    PUBLISHED = "published", gettext_lazy("Published")
    FAILED = "failed", gettext_lazy("Printing failed")
    HIDDEN = "hidden", gettext_lazy("Hidden by a moderator")
    QUARANTINED = "quarantined", gettext_lazy("In quarantine")
    DELETED = "deleted", gettext_lazy("Deleted")
    REMOVED = "removed", gettext_lazy("Removed")


GONE = (State.DELETED, State.REMOVED)
