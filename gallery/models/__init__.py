"""The models of the website, grouped by subject; import them from here."""

from gallery.models.access import ApiToken, ShareLink
from gallery.models.artwork import Artwork
from gallery.models.collection import Collection, CollectionItem, CollectionKind, CollectionMember
from gallery.models.comment import Comment
from gallery.models.deletion import Deletion
from gallery.models.feature import ArtworkFeature, FeatureBand
from gallery.models.job import Job, JobKind, JobState
from gallery.models.lineage import Descent, LineageEdge
from gallery.models.moderation import (
    AuditEntry,
    BlockedPicture,
    BlockedWord,
    Pick,
    Report,
    ReportReason,
    ReportState,
    Suspension,
)
from gallery.models.notification import Notification, NotificationKind
from gallery.models.planting import Planting
from gallery.models.scheduled_task import ScheduledTask
from gallery.models.social import Boundary, BoundaryKind, Follow, Like
from gallery.models.species import Medium, Species
from gallery.models.spelling import SpellingKey
from gallery.models.tag import Tag
from gallery.models.terms import Licence, State, Visibility
from gallery.models.user import Role, User

__all__ = [
    "ApiToken",
    "Artwork",
    "ArtworkFeature",
    "AuditEntry",
    "BlockedPicture",
    "BlockedWord",
    "ScheduledTask",
    "Collection",
    "CollectionItem",
    "CollectionKind",
    "CollectionMember",
    "Comment",
    "BoundaryKind",
    "Deletion",
    "FeatureBand",
    "Follow",
    "Species",
    "SpellingKey",
    "Job",
    "JobKind",
    "JobState",
    "Boundary",
    "Licence",
    "Like",
    "Descent",
    "LineageEdge",
    "Medium",
    "Notification",
    "NotificationKind",
    "Pick",
    "Planting",
    "Report",
    "ReportReason",
    "ReportState",
    "Role",
    "ShareLink",
    "State",
    "Suspension",
    "Tag",
    "User",
    "Visibility",
]
