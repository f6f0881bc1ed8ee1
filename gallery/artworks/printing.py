"""Making a print: the full-size picture or the mastered sound of a work, its thumbnail, and their
files.

Files are written under names that hold the runner's token, so that a runner that was given up for
dead cannot touch the files of the one that took over.
"""

import json
from concurrent.futures import wait
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from gallery import studio
from gallery.artworks.announcing import announce
from gallery.artworks.screening import Finding, hold, screen
from gallery.core import push
from gallery.core.permissions import check_may_act
from gallery.core.storage import delete_files
from gallery.discovery.actions import describe
from gallery.discovery.figures import initial_rankings
from gallery.jobs import leases
from gallery.jobs.leases import OnProgress
from gallery.models import Artwork, Job, JobKind, JobState, Licence, State, User
from gallery.models.artwork import master_path
from gallery.notifications.actions import tell_followers
from generation.codecs import image
from generation.codecs.audio import encode_audio, read_sound
from generation.codecs.provenance import Provenance
from generation.codecs.score_svg import card_svg
from generation.codecs.sound_tags import tags_of
from generation.engine.frames import MIN_SIZE, SOUND, STEMS
from generation.refusal import Refused

CAP_RETRY_S = 60.0
THUMBNAIL_EDGE = 512
TICK_S = 0.5


def enqueue_print(owner, artwork: Artwork, *, size: int = 0) -> Job:
    """Put a print of a work in line. The first one (and one after a failure) publishes it; later
    ones are copies to download.

    Of music, the first print is the mastered tune, a later one its parts one by one, and there is
    no size. Asking twice for the same gives the same job. Raises Refused for an impossible size,
    for somebody else's work whose maker reserves all rights, and above the cap of waiting jobs
    (with retry_after).
    """
    check_may_act(owner)
    if not artwork.is_music:
        _check_size(size)
    with transaction.atomic():
        # Locking the person keeps two requests at once within the cap (on SQLite every writer waits
        # for the other anyway).
        owner = User.objects.select_for_update().get(pk=owner.pk)
        artwork = (
            Artwork.objects.visible_to(owner)
            .select_for_update(of=("self",))
            .filter(pk=artwork.pk)
            .first()
        )
        if artwork is None:
            raise Refused("You don't have access to this work.")
        is_theirs = artwork.author_id == owner.pk or owner.is_moderator
        if artwork.licence == Licence.RESERVED and not is_theirs:
            raise Refused("The maker reserves all rights in this work; ask them for a print.")
        if not artwork.master and not is_theirs:
            raise Refused("This work hasn't been printed yet.")
        payload = _payload(artwork, size)
        if artwork.master and not artwork.is_music and size == max(artwork.width, artwork.height):
            raise Refused("This work already has a print at {size} px; download it.", size=size)
        open_jobs = Job.objects.filter(owner=owner, state__in=[JobState.QUEUED, JobState.RUNNING])
        if known := open_jobs.filter(artwork=artwork, payload=payload).first():
            return known
        # What an import brought waits behind the rest, and keeps nobody from printing something
        # new.
        if open_jobs.filter(payload__imported__isnull=True).count() >= settings.JOBS_PER_USER:
            raise Refused(
                "You have {jobs_per_user} prints waiting, the maximum. Try again when some are done.",
                retry_after=CAP_RETRY_S,
                jobs_per_user=settings.JOBS_PER_USER,
            )
        if artwork.state == State.FAILED:
            Artwork.objects.filter(pk=artwork.pk).update(state=State.RENDERING)
        job = Job.objects.create(kind=JobKind.PRINT, owner=owner, artwork=artwork, payload=payload)
    transaction.on_commit(push.work_waits.set)
    return job


def _payload(artwork: Artwork, size: int) -> dict[str, Any]:
    if artwork.is_music:
        return {"purpose": "stems" if artwork.master else "master"}
    return {"size": size, "purpose": "copy" if artwork.master else "master"}


def _check_size(size: int) -> None:
    if (
        isinstance(size, bool)
        or not isinstance(size, int)
        or not MIN_SIZE <= size <= settings.MAX_PRINT_SIZE
    ):
        raise Refused(
            "A print can be {min_size} to {max_print_size} pixels wide; choose a size in that"
            " range.",
            min_size=MIN_SIZE,
            max_print_size=settings.MAX_PRINT_SIZE,
        )


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


def complete_print(job: Job, made: Print) -> bool:
    """Record a finished print, and publish the work if it was its first: one transaction, under the
    job's lease.

    False, with the files of this print deleted, when the job is not this runner's any more.
    """
    with transaction.atomic():
        is_held = leases.finish(job, result="" if job.is_for_master else made.master)
        artwork = _publish(job, made) if is_held and job.is_for_master else None
    if not is_held:
        delete_files(made.names)
        return False
    push.tell_change(job.pk)
    if artwork is not None:
        describe(artwork)
    return True


def _publish(job: Job, made: Print) -> Artwork:
    artwork = Artwork.objects.select_for_update().get(pk=job.artwork_id)
    for name, value in made.fields.items():
        setattr(artwork, name, value)
    artwork.published_at = artwork.published_at or timezone.now()
    if artwork.state == State.RENDERING:  # What a moderator hid meanwhile stays hidden.
        artwork.state = State.QUARANTINED if made.finding else State.PUBLISHED
        if made.finding:
            hold(artwork, made.finding)
    artwork.save(update_fields=[*made.fields, "published_at", "state", *initial_rankings(artwork)])
    announce(artwork)
    tell_followers(artwork)
    return artwork


def make_print(job: Job, *, on_progress: OnProgress) -> Print | None:
    """Render the work of a job and write its files. on_progress is called twice a second.

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
        if not on_progress(progress):
            future.cancel()
            return None
    frame = future.result()
    if not on_progress(1.0):
        return None
    return write_print(
        job.artwork, frame, mark=job.token.hex[:12], with_thumbnail=job.is_for_master
    )


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
    (gallery.artworks.screening).
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
