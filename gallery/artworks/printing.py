"""Making a print: the full-size picture or the mastered sound of a work, and its other files.

File names hold the runner's token, so that a runner that lost its lease cannot touch the files of
the one that took over.
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
from gallery.artworks.developing import developed_frame
from gallery.artworks.screening import Finding, hold, screen
from gallery.core import push
from gallery.core.files import delete_files
from gallery.core.permissions import check_may_act
from gallery.discovery.actions import store_features, store_look
from gallery.discovery.figures import initial_rankings
from gallery.jobs import leases
from gallery.jobs.leases import OnProgress
from gallery.models import Artwork, Deletion, Job, JobKind, JobState, Licence, State, User
from gallery.models.artwork import master_path
from gallery.notifications.actions import notify_followers
from gallery.sharing.downloads import SOLIDS, has_solid
from gallery.sharing.provenance import describe
from generation.codecs import image, solids
from generation.codecs.audio import encode_audio, read_sound
from generation.codecs.provenance import Provenance
from generation.codecs.score_svg import card_svg
from generation.codecs.sound_tags import tags_of
from generation.engine.frames import MIN_SIZE, SOLID_TYPES, SOUND, STEMS, Frame
from generation.refusal import Refused

CAP_RETRY_S = 60.0
THUMBNAIL_EDGE = 512
TICK_S = 0.5


def enqueue_print(owner: User, artwork: Artwork, *, size: int = 0, solid: str = "") -> Job:
    """Queue a print of a work.

    The first print (and one after a failure) publishes the work; later ones are copies to download.
    Of music, the first print is the mastered tune, a later one its stems, and there is no size.
    solid: "glb" or "stl" instead of a size, for a 3D model of a work that is published and has one.
    Asking twice for the same gives the same job. Raises Refused for an impossible size or format,
    for somebody else's work whose maker reserves all rights, and above the cap of waiting jobs
    (with retry_after).
    """
    check_may_act(owner)
    if solid:
        _check_solid(artwork, solid)
    elif not artwork.is_music:
        _check_size(size)
    with transaction.atomic():
        # Locking the person keeps two simultaneous requests within the cap. (On SQLite every
        # writer waits for the other anyway.)
        owner = User.objects.select_for_update().get(pk=owner.pk)
        artwork = _find_printable(owner, artwork, size=size)
        payload = {"purpose": "solid", "format": solid} if solid else _payload(artwork, size)
        open_jobs = Job.objects.filter(owner=owner, state__in=[JobState.QUEUED, JobState.RUNNING])
        if known := open_jobs.filter(artwork=artwork, payload=payload).first():
            return known
        # Prints of an import wait behind the rest and do not count towards the cap.
        if open_jobs.filter(payload__imported__isnull=True).count() >= settings.JOBS_PER_USER:
            raise Refused(
                "You have {jobs_per_user} prints waiting, the maximum. Try again when some are"
                " done.",
                retry_after=CAP_RETRY_S,
                jobs_per_user=settings.JOBS_PER_USER,
            )
        if artwork.state == State.FAILED:
            Artwork.objects.filter(pk=artwork.pk).update(state=State.RENDERING)
        job = Job.objects.create(kind=JobKind.PRINT, owner=owner, artwork=artwork, payload=payload)
    transaction.on_commit(push.job_waiting.set)
    return job


def _find_printable(owner: User, artwork: Artwork, *, size: int) -> Artwork:
    """The work, locked for update. Raises Refused where this person may not print it so large."""
    works = Artwork.objects.visible_to(owner).select_for_update(of=("self",))
    found = works.filter(pk=artwork.pk).first()
    if found is None:
        raise Refused("You don't have access to this work.")
    is_theirs = found.author_id == owner.pk or owner.is_moderator
    if found.licence == Licence.RESERVED and not is_theirs:
        raise Refused("The maker reserves all rights in this work; ask them for a print.")
    if not found.master and not is_theirs:
        raise Refused("This work hasn't been printed yet.")
    if found.master and not found.is_music and size == max(found.width, found.height):
        raise Refused("This work already has a print at {size} px; download it.", size=size)
    return found


def _payload(artwork: Artwork, size: int) -> dict[str, Any]:
    if artwork.is_music:
        return {"purpose": "stems" if artwork.master else "master"}
    return {"size": size, "purpose": "copy" if artwork.master else "master"}


def _check_solid(artwork: Artwork, ending: str) -> None:
    if ending not in SOLIDS:
        raise Refused("A 3D model can be a GLB or an STL file.")
    if not has_solid(artwork) or not artwork.master:
        raise Refused("There is no 3D model of this work.")
    if not solids.is_installed():
        raise Refused(solids.MISSING)


def _check_size(size: int) -> None:
    # What JSON holds may be of another type, or a bool, which is an int too.
    if type(size) is not int or not MIN_SIZE <= size <= settings.MAX_PRINT_SIZE:
        raise Refused(
            "A print can be {min_size} to {max_print_size} pixels wide; choose a size in that"
            " range.",
            min_size=MIN_SIZE,
            max_print_size=settings.MAX_PRINT_SIZE,
        )


@dataclass(frozen=True)
class Print:
    """A finished print.

    master, thumbnail, notes, audio: names in the media storage, or "". A print that is a copy has a
    master alone. width, height: in pixels, 0 for music. seconds: how long a tune plays. finding:
    why it may not be published as it is.
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
        """The fields of the work to update; without an accent the work keeps its own."""
        values = {name: value for name, value in asdict(self).items() if name != "finding"}
        return {name: value for name, value in values.items() if name != "accent" or value}


def complete_print(job: Job, made: Print) -> bool:
    """Record a finished print, and publish the work if it was its first, in one transaction.

    False, with the files of this print deleted, when this runner has lost the job's lease.
    """
    with transaction.atomic():
        is_held = leases.finish(job, result="" if job.is_for_master else made.master)
        artwork = _publish(job, made) if is_held and job.is_for_master else None
    if not is_held:
        delete_files(made.names)
        return False
    push.notify_job_change(job.pk)
    if artwork is not None:
        store_features(artwork)
        store_look(artwork)
    return True


def _publish(job: Job, made: Print) -> Artwork:
    artwork = Artwork.objects.select_for_update().get(jobs=job)
    replaced = set(artwork.file_names) - set(made.names)  # Those of the preview.
    for name, value in made.fields.items():
        setattr(artwork, name, value)
    artwork.published_at = artwork.published_at or timezone.now()
    # What a moderator hid or its maker deleted meanwhile stays so.
    deletion = Deletion.objects.filter(artwork=artwork, state=State.RENDERING).first()
    if artwork.state == State.RENDERING or deletion:
        state = State.QUARANTINED if made.finding else State.PUBLISHED
        if made.finding:
            hold(artwork, made.finding)
        if deletion:
            deletion.state = state
            deletion.save(update_fields=["state"])
        else:
            artwork.state = state
    artwork.save(update_fields=[*made.fields, "published_at", "state", *initial_rankings(artwork)])
    announce(artwork)
    notify_followers(artwork)
    transaction.on_commit(lambda: delete_files(sorted(replaced)))
    return artwork


def make_print(job: Job, *, on_progress: OnProgress) -> Print | None:
    """Render the work of a job and write its files; None when it was stopped.

    A child that was developed on the bench is not rendered again.

    on_progress: called twice a second with the progress, 0 to 1; when it returns False, the print
    stops.
    Raises Refused (an unavailable species, a closing studio) and whatever the net raises.
    """
    artwork, token = job.artwork, job.token
    if artwork is None or token is None:
        raise ValueError("A print needs a work, and a runner that has claimed the job.")
    genome, size = artwork.read_genome(), job.payload.get("size", 0)
    if job.is_for_master and (known := developed_frame(job.owner, genome, size=size)):
        return write_print(artwork, known, token=token.hex[:12], with_thumbnail=True)
    progress = 0.0

    def set_progress(value: float) -> None:
        nonlocal progress
        progress = value

    future = studio.render_artwork(
        genome,
        size=size,
        owner=f"user:{job.owner_id}",
        on_progress=set_progress,
        media_type=_media_type(job),
    )
    while not wait([future], timeout=TICK_S).done:
        if not on_progress(progress):
            future.cancel()
            return None
    frame = future.result()
    if not on_progress(1.0):
        return None
    return write_print(artwork, frame, token=token.hex[:12], with_thumbnail=job.is_for_master)


def _media_type(job: Job) -> str:
    """What is printed other than the master; empty for that and for pictures of another size."""
    if job.payload.get("purpose") == "stems":
        return STEMS
    return SOLIDS.get(job.payload.get("format", ""), "")


def write_print(
    artwork: Artwork,
    frame: Frame,
    *,
    token: str,
    with_thumbnail: bool,
    is_screened: bool = True,
) -> Print:
    """Write the files of a rendered frame.

    token: makes their names differ from those of any other print. is_screened: whether a picture
    that gets a thumbnail is also screened (gallery.artworks.screening).
    """
    if frame.media_type in SOLID_TYPES:
        ending = next(name for name, kind in SOLIDS.items() if kind == frame.media_type)
        content = solids.embed(frame.payload, describe(artwork))
        return Print(_save(artwork, f"solid-{token}.{ending}", content))
    if frame.media_type == STEMS:
        return Print(_save(artwork, f"stems-{token}.zip", frame.payload), seconds=frame.seconds)
    if frame.media_type == SOUND:
        return _write_tune(artwork, frame, token=token)
    thumbnail, finding = "", None
    if with_thumbnail:
        small = image.shrink(
            image.read_image(frame.payload, keeps_transparency=True), edge=THUMBNAIL_EDGE
        )
        thumbnail = _save(artwork, f"thumbnail-{token}.webp", image.encode(small, "image/webp"))
        finding = screen(small, score=frame.unsafe_score) if is_screened else None
    stem = "master" if with_thumbnail else f"print-{frame.width}"
    master = _save(artwork, f"{stem}-{token}.png", frame.payload)
    return Print(master, thumbnail, frame.width, frame.height, frame.accent, finding=finding)


def _write_tune(artwork: Artwork, frame: Frame, *, token: str) -> Print:
    """Write the lossless master, an MP3 for players, the notes, and a drawing of the notes."""
    sound, rate = read_sound(frame.payload)
    # The title may change later, so the tags of this file leave it out; downloads have it.
    light = encode_audio(sound, rate=rate, kind="mp3", tags=tags_of(Provenance()))
    return Print(
        master=_save(artwork, f"master-{token}.flac", frame.payload),
        thumbnail=_save(
            artwork, f"thumbnail-{token}.svg", card_svg(json.loads(frame.notes)).encode()
        ),
        notes=_save(artwork, f"notes-{token}.json", frame.notes),
        audio=_save(artwork, f"audio-{token}.mp3", light),
        accent=frame.accent,
        seconds=frame.seconds,
    )


def _save(artwork: Artwork, name: str, content: bytes) -> str:
    return default_storage.save(master_path(artwork, name), ContentFile(content))
