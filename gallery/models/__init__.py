"""The nouns of the website, one a file."""

from gallery.models.artwork import Artwork, ArtworkWord, Licence, State, Visibility
from gallery.models.generator import Generator, Medium
from gallery.models.job import Job, JobKind, JobState
from gallery.models.lineage import LineageEdge
from gallery.models.social import Favourite
from gallery.models.tag import Tag
from gallery.models.user import User

__all__ = [
    "Artwork", "ArtworkWord", "Favourite", "Generator", "Job", "JobKind", "JobState", "Licence", "LineageEdge", "Medium",
    "State", "Tag", "User", "Visibility",
]
