"""The nouns of the website, one a file."""

from gallery.models.access import ApiToken, ShareLink
from gallery.models.artwork import Artwork, Licence, State, Visibility
from gallery.models.chore import Chore
from gallery.models.collection import Collection, CollectionItem, CollectionKind, CollectionMember
from gallery.models.comment import Comment
from gallery.models.feature import ArtworkFeature, FeatureBand
from gallery.models.generator import Generator, Medium
from gallery.models.job import Job, JobKind, JobState
from gallery.models.lineage import LineageEdge
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
from gallery.models.social import Distance, Follow, KeptAway, Like
from gallery.models.tag import Tag
from gallery.models.user import Role, User

__all__ = [
    "ApiToken",
    "Artwork",
    "ArtworkFeature",
    "AuditEntry",
    "BlockedPicture",
    "BlockedWord",
    "Chore",
    "Collection",
    "CollectionItem",
    "CollectionKind",
    "CollectionMember",
    "Comment",
    "Distance",
    "FeatureBand",
    "Follow",
    "Generator",
    "Job",
    "JobKind",
    "JobState",
    "KeptAway",
    "Licence",
    "Like",
    "LineageEdge",
    "Medium",
    "Notification",
    "NotificationKind",
    "Pick",
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
