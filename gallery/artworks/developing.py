"""Developing: the children of a species that paints too slowly to follow a hand, made by a job.

Each child is painted as it would be printed, and its file is kept for a while. The print of a work
that is published from it takes that very file, so what was developed is what is published.
"""

from concurrent.futures import wait
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from gallery import studio
from gallery.core import push
from gallery.core.permissions import check_may_act
from gallery.jobs import leases
from gallery.jobs.leases import OnProgress
from gallery.lineage.parents import find_parents
from gallery.models import Job, JobKind, JobState, User
from generation.breeding import BROOD_SIZE, breed, brood
from generation.codecs import image
from generation.engine.frames import Frame
from generation.genome import Genome, Recipe
from generation.pedigree import Pedigree, grow
from generation.refusal import Refused
from generation.safety import withheld

FOLDER = "developed"
LIFETIME = timedelta(days=7)  # How long a developed picture is kept, published or not.
SHOWN_EDGE = 512
WAIT_S = 60.0
TICK_S = 0.5


@dataclass(frozen=True)
class Bed:
    """What children are to grow from: a recipe, and the parents at positions of a pedigree."""

    pedigree: Pedigree
    chosen: tuple[int, ...]
    recipe: Recipe

    def to_json(self) -> dict[str, Any]:
        return {
            "parents": self.pedigree.to_json(),
            "chosen": list(self.chosen),
            "recipe": self.recipe.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Bed":
        """Read back what `to_json` wrote."""
        chosen = tuple(data["chosen"])
        recipe = Recipe.from_json(data["recipe"], parents=len(chosen))
        return cls(Pedigree.from_json(data["parents"]), chosen, recipe)

    def children(self) -> list[Recipe]:
        return brood(self.recipe, parents=len(self.chosen), count=BROOD_SIZE)

    def genomes(self, user: User) -> list[Genome]:
        """The parents. Raises Refused as `find_parents` does."""
        roots = find_parents(user, self.pedigree.roots)
        grown = grow(self.pedigree, [parent.genome for parent in roots])
        return [grown[position] for position in self.chosen]


def enqueue_development(owner: User, bed: Bed) -> Job:
    """Queue the development of a brood.

    Asking again for the one that is under way gives the same job. Raises Refused for parents that
    this person may not breed, while another brood of theirs is under way, and above the cap of
    waiting jobs.
    """
    check_may_act(owner)
    bed.genomes(owner)
    with transaction.atomic():
        owner = User.objects.select_for_update().get(pk=owner.pk)
        open_jobs = Job.objects.filter(owner=owner, state__in=[JobState.QUEUED, JobState.RUNNING])
        if known := open_jobs.filter(kind=JobKind.DEVELOP).first():
            if Bed.from_json(known.payload) == bed:
                return known
            raise Refused(
                "Your last brood is still being developed. Wait until it is done, or cancel it.",
                retry_after=WAIT_S,
            )
        if open_jobs.count() >= settings.JOBS_PER_USER:
            raise Refused(
                "You have {jobs_per_user} prints waiting, the maximum. Try again when some are"
                " done.",
                retry_after=WAIT_S,
                jobs_per_user=settings.JOBS_PER_USER,
            )
        job = Job.objects.create(
            kind=JobKind.DEVELOP, owner=owner, payload=bed.to_json() | {"developed": []}
        )
    transaction.on_commit(push.job_waiting.set)
    return job


def make_development(job: Job, *, on_progress: OnProgress) -> list[str] | None:
    """Paint the children of a job one by one, and note each in its row; None when it was stopped.

    Returns their identities; that of a child that the site does not show is empty. It goes on after
    the children that the row names, and does not paint one again whose file is there. Raises
    GaveWay between two children when other jobs wait, Refused, and whatever the net raises.
    """
    bed = Bed.from_json(job.payload)
    parents = bed.genomes(job.owner)
    developed: list[str] = job.payload["developed"]
    for number, recipe in enumerate(bed.children()):
        if number < len(developed):
            continue
        child = breed(parents, recipe)
        if default_storage.exists(file_of(job.owner, child.identity)):
            is_shown = True
        else:
            frame = _paint(job, child, number, on_progress)
            if frame is None:
                return None
            is_shown = frame.unsafe_score is None or frame.unsafe_score < settings.UNSAFE_SCORE
            if is_shown:
                _keep(job.owner, child, frame)
        developed.append(child.identity if is_shown else "")
        leases.leased(job).update(payload=job.payload)
        if not on_progress(len(developed) / BROOD_SIZE):
            return None
        if len(developed) < BROOD_SIZE and leases.others_wait(job):
            raise leases.GaveWay(len(developed) / BROOD_SIZE)
    return developed


def _paint(job: Job, child: Genome, number: int, on_progress: OnProgress) -> Frame | None:
    progress = 0.0

    def set_progress(value: float) -> None:
        nonlocal progress
        progress = value

    future = studio.render_artwork(
        child,
        size=settings.PRINT_SIZE,
        owner=f"user:{job.owner_id}",
        on_progress=set_progress,
    )
    while not wait([future], timeout=TICK_S).done:
        if not on_progress((number + progress) / BROOD_SIZE):
            future.cancel()
            return None
    return future.result()


def _keep(owner: User, child: Genome, frame: Frame) -> None:
    small = image.shrink(image.read_image(frame.payload), edge=SHOWN_EDGE)
    # The small one first: where the large one is, both are.
    for name, content in (
        (_shown_of(owner, child.identity), image.encode(small, "image/webp")),
        (file_of(owner, child.identity), frame.payload),
    ):
        default_storage.delete(name)
        default_storage.save(name, ContentFile(content))


def complete_development(job: Job, developed: list[str]) -> bool:
    """Record that a brood is developed; False when this runner has lost the job's lease."""
    if not leases.finish(job):
        return False
    push.notify_job_change(job.pk)
    return True


def file_of(owner: User, identity: str) -> str:
    """Where a developed child's picture is kept, as it would be printed."""
    return f"{FOLDER}/{owner.pk}/{identity}-{settings.PRINT_SIZE}.png"


def _shown_of(owner: User, identity: str) -> str:
    return file_of(owner, identity).removesuffix(".png") + ".webp"


def developed_frame(owner: User, genome: Genome, *, size: int) -> Frame | None:
    """The print of a child as its owner developed it; None where there is none of this size."""
    name = file_of(owner, genome.identity)
    if size != settings.PRINT_SIZE:
        return None
    try:
        with default_storage.open(name) as stored:
            payload = stored.read()
    except FileNotFoundError:
        return None
    pixels = image.read_image(payload)
    return Frame(payload, "image/png", size, size, 0.0, image.accent(pixels))


@dataclass(frozen=True)
class Developed:
    """A child of a brood that is being developed.

    is_done: whether it was painted. is_shown: whether its picture is there; else why not.
    """

    is_done: bool
    is_shown: bool
    why: str = ""


def developed_children(job: Job) -> list[Developed]:
    """The children of a job, as far as they are painted."""
    done = job.payload["developed"]
    children = [
        Developed(True, True) if identity else Developed(True, False, withheld().sentence)
        for identity in done
    ]
    return children + [Developed(False, False)] * (BROOD_SIZE - len(children))


def read_developed(job: Job, number: int) -> bytes:
    """The small picture (WebP) of a child. Raises LookupError where there is none (any more)."""
    identity = job.payload["developed"][number]
    if not identity:
        raise LookupError(number)
    try:
        with default_storage.open(_shown_of(job.owner, identity)) as stored:
            content: bytes = stored.read()
            return content
    except FileNotFoundError:
        raise LookupError(number) from None


def developed_files(owner: User) -> list[str]:
    """The names of all pictures that were developed for a person and are still kept."""
    folder = f"{FOLDER}/{owner.pk}"
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in names]
