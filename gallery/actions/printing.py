"""Making a print: the full-size picture of a work, its thumbnail, and their files.

Files are written under names that hold the runner's token, so that a runner that was given up for dead cannot touch the files
of the one that took over.
"""

from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from gallery import studio
from gallery.models import Artwork, Job
from gallery.models.artwork import master_path
from generation.codecs import image

THUMBNAIL_EDGE = 512
TICK_S = 0.5


@dataclass(frozen=True)
class Print:
    """A finished print. master, thumbnail: names in the media storage (thumbnail "" for a print that is a copy)."""

    master: str
    thumbnail: str
    width: int
    height: int
    accent: str

    @property
    def names(self) -> list[str]:
        return [name for name in (self.master, self.thumbnail) if name]


def make_print(job: Job, *, keep: Callable[[float], bool]) -> Print | None:
    """Render the work of a job and write its files. keep: told the progress, 0 to 1, twice a second; False stops the print.

    None when it was stopped. Raises Refused (an unavailable species, a closing studio) and whatever the net raises.
    """
    progress = 0.0

    def tell(value: float) -> None:
        nonlocal progress
        progress = value

    genome = job.artwork.read_genome()
    future = studio.render_artwork(genome, size=job.payload["size"], owner=f"user:{job.owner_id}", on_progress=tell)
    while not wait([future], timeout=TICK_S).done:
        if not keep(progress):
            future.cancel()
            return None
    frame = future.result()
    if not keep(1.0):
        return None
    return write_print(job.artwork, frame, mark=job.token.hex[:12], with_thumbnail=is_for_master(job))


def is_for_master(job: Job) -> bool:
    """True for the print that publishes a work, False for a copy of another size."""
    return job.payload.get("purpose") == "master"


def write_print(artwork: Artwork, frame: studio.Frame, *, mark: str, with_thumbnail: bool) -> Print:
    """Write the files of a rendered frame. mark: what makes their names different from those of any other print."""
    thumbnail = ""
    if with_thumbnail:
        small = image.shrink(image.read_image(frame.payload), edge=THUMBNAIL_EDGE)
        path = master_path(artwork, f"thumbnail-{mark}.webp")
        thumbnail = default_storage.save(path, ContentFile(image.encode(small, "image/webp")))
    stem = "master" if with_thumbnail else f"print-{frame.width}"
    master = default_storage.save(master_path(artwork, f"{stem}-{mark}.png"), ContentFile(frame.payload))
    return Print(master, thumbnail, frame.width, frame.height, frame.accent)


def delete_files(names: list[str]) -> None:
    """Take files out of the storage; those that are gone already are no mistake."""
    for name in names:
        default_storage.delete(name)
