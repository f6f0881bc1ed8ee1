"""Making a print: the full-size picture or the mastered sound of a work, its thumbnail, and their
files.

Files are written under names that hold the runner's token, so that a runner that was given up for
dead cannot touch the files of the one that took over.
"""

import json
from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import asdict, dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from gallery import studio
from gallery.actions.screening import Finding, screen
from gallery.models import Artwork, Job
from gallery.models.artwork import master_path
from generation.codecs import image
from generation.codecs.audio import encode_audio, read_sound
from generation.codecs.provenance import Provenance
from generation.codecs.score_svg import card_svg
from generation.codecs.sound_tags import tags_of
from generation.frames import SOUND, STEMS

THUMBNAIL_EDGE = 512
TICK_S = 0.5


@dataclass(frozen=True)
class Print:
    """A finished print. master, thumbnail, notes, audio: names in the media storage, "" for what it
    has none of.

    A print that is a copy has its master alone. seconds: how long a tune plays. finding: why it may
    not be published as it is.
    """

    master: str
    thumbnail: str = ""
    width: int = 0
    height: int = 0
    accent: str = ""
    notes: str = ""
    audio: str = ""
    seconds: float = 0.0
    finding: Finding | None = None

    @property
    def names(self) -> list[str]:
        return [name for name in (self.master, self.thumbnail, self.notes, self.audio) if name]

    @property
    def fields(self) -> dict[str, Any]:
        """What a work's row is told of its print; without an accent it keeps its own."""
        said = {name: value for name, value in asdict(self).items() if name != "finding"}
        return {name: value for name, value in said.items() if name != "accent" or value}


def make_print(job: Job, *, keep: Callable[[float], bool]) -> Print | None:
    """Render the work of a job and write its files. keep: told the progress, 0 to 1, twice a
    second; False stops the print.

    None when it was stopped. Raises Refused (an unavailable species, a closing studio) and whatever
    the net raises.
    """
    progress = 0.0

    def tell(value: float) -> None:
        nonlocal progress
        progress = value

    future = studio.render_artwork(
        job.artwork.read_genome(),
        size=job.payload.get("size", 0),
        owner=f"user:{job.owner_id}",
        on_progress=tell,
        media_type=STEMS if job.payload.get("purpose") == "stems" else "",
    )
    while not wait([future], timeout=TICK_S).done:
        if not keep(progress):
            future.cancel()
            return None
    frame = future.result()
    if not keep(1.0):
        return None
    return write_print(
        job.artwork, frame, mark=job.token.hex[:12], with_thumbnail=is_for_master(job)
    )


def is_for_master(job: Job) -> bool:
    """True for the print that publishes a work, False for a copy of another size."""
    return job.payload.get("purpose") == "master"


def write_print(
    artwork: Artwork,
    frame: studio.Frame,
    *,
    mark: str,
    with_thumbnail: bool,
    is_screened: bool = True,
) -> Print:
    """Write the files of a rendered frame. mark: what makes their names different from those of any
    other print.

    is_screened: whether a picture that gets a thumbnail is also looked at
    (gallery.actions.screening).
    """
    if frame.media_type == STEMS:
        return Print(_save(artwork, f"stems-{mark}.zip", frame.payload), seconds=frame.seconds)
    if frame.media_type == SOUND:
        return _write_tune(artwork, frame, mark=mark)
    thumbnail, finding = "", None
    if with_thumbnail:
        small = image.shrink(
            image.read_image(frame.payload, keeps_transparency=True), edge=THUMBNAIL_EDGE
        )
        thumbnail = _save(artwork, f"thumbnail-{mark}.webp", image.encode(small, "image/webp"))
        finding = screen(small) if is_screened else None
    stem = "master" if with_thumbnail else f"print-{frame.width}"
    master = _save(artwork, f"{stem}-{mark}.png", frame.payload)
    return Print(master, thumbnail, frame.width, frame.height, frame.accent, finding=finding)


def _write_tune(artwork: Artwork, frame: studio.Frame, *, mark: str) -> Print:
    """The lossless master, a lighter file for players, the notes, and the notes as a drawing."""
    sound, rate = read_sound(frame.payload)
    # The title may change later, so this file says only what stays true; downloads say everything.
    light = encode_audio(sound, rate=rate, kind="mp3", tags=tags_of(Provenance()))
    return Print(
        master=_save(artwork, f"master-{mark}.flac", frame.payload),
        thumbnail=_save(
            artwork, f"thumbnail-{mark}.svg", card_svg(json.loads(frame.notes)).encode()
        ),
        notes=_save(artwork, f"notes-{mark}.json", frame.notes),
        audio=_save(artwork, f"audio-{mark}.mp3", light),
        accent=frame.accent,
        seconds=frame.seconds,
    )


def _save(artwork: Artwork, name: str, content: bytes) -> str:
    return default_storage.save(master_path(artwork, name), ContentFile(content))


def delete_files(names: list[str]) -> None:
    """Take files out of the storage; those that are gone already are no mistake."""
    for name in names:
        default_storage.delete(name)
