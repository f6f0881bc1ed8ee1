"""Grows the demo garden behind the open site, one work at a time.

The job runner calls `grow_next` whenever no job waits. Each call publishes one work at most, so
that prints of people come in between, and all frames are rendered after those of benches. One
process at a time works on a garden, under a lease (`gallery.models.Planting`); another goes on
where it stopped, because the plan follows from the seed, and works that are there are left alone.
"""

import logging
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from gallery import studio
from gallery.artworks.printing import write_print
from gallery.core.files import delete_files
from gallery.demo.beds import BEDS, CHOSEN_SEED, Bed, beds_for
from gallery.demo.evaluation import OWNER, evaluate
from gallery.demo.memory import Memory
from gallery.demo.people import GARDENERS, ensure_account
from gallery.demo.plan import PlannedWork, plan_garden
from gallery.demo.plant import arrange_garden, publish_work
from gallery.demo.plant_people import plant_people
from gallery.demo.tunes import plan_tunes, plant_tunes
from gallery.discovery.actions import store_features
from gallery.maintenance import refresh_rankings
from gallery.models import Artwork, Planting, Species
from gallery.species.actions import sync_species
from generation.engine.frames import Frame
from generation.refusal import Refused

LEASE = timedelta(seconds=60)
LAST_LEASE = timedelta(minutes=10)  # The people of the garden come in one step.
WAITING = 2  # Prints in the works while the next work is being planned.
PLANNED_AT_ONCE = 20  # Works that are there already and are only planned again, in one step.
RETRY = timedelta(minutes=2)

logger = logging.getLogger(__name__)
_token = uuid.uuid4()  # Of this process.
_growths: dict[int, "Growth"] = {}


def start_planting(
    *, seed: int = CHOSEN_SEED, with_people: bool = True, beds: Sequence[Bed] = BEDS
) -> Planting:
    """Write down that a garden is to grow; `grow_next` does the rest.

    Returns the unfinished one of the same seed if there is one. Raises Refused where no species of
    its beds is available, or this garden has grown already.
    """
    total = sum(bed.works for bed in _open_beds(seed, beds))
    if not total:
        raise Refused("There is no species to plant with; see `manage.py sync_species`.")
    planting, _ = Planting.objects.get_or_create(
        seed=seed, defaults={"with_people": with_people, "total": total}
    )
    if planting.finished_at is not None:
        raise Refused(
            "The demo garden of seed {seed} is already here. Use --seed to plant another one.",
            seed=seed,
        )
    return planting


def _open_beds(seed: int, beds: Sequence[Bed]) -> list[Bed]:
    """Beds of a garden whose species are available; the others stay empty."""
    available = set(Species.objects.filter(is_available=True).values_list("key", flat=True))
    return [bed for bed in beds_for(seed, beds) if bed.species in available]


def grow_next() -> bool:
    """Do the next step of an unfinished garden, if no other process does; whether one was done."""
    planting = Planting.objects.unfinished().first() if settings.DEMO_GARDEN else None
    if planting is None:
        return False
    try:
        return step(planting)
    except Exception:
        logger.exception("The demo garden stopped growing; it goes on in two minutes.")
        _growths.pop(planting.seed, None)
        planting.hold(_token, for_=RETRY)
        return False


def step(planting: Planting, beds: Sequence[Bed] = BEDS) -> bool:
    """One step of a garden; False where another process holds its lease, or it is finished."""
    if not planting.hold(_token, for_=LEASE):
        _growths.pop(planting.seed, None)
        return False
    if planting.seed not in _growths:
        _growths[planting.seed] = Growth(planting, _open_beds(planting.seed, beds))
    if not _growths[planting.seed].grow():
        planting.hold(_token, for_=LAST_LEASE)
        _growths.pop(planting.seed).finish()
    return True


def stop_growing() -> None:
    """Give up this process's leases, so that the next process needs not wait for their end."""
    _growths.clear()
    Planting.objects.filter(token=_token).update(token=None, lease_until=None)


class Growth:
    """A garden that this process grows."""

    def __init__(self, planting: Planting, beds: Sequence[Bed]) -> None:
        self.planting = planting
        self.total = sum(bed.works for bed in beds)
        self.memory = Memory(settings.DATA_DIR / f"planting-{planting.seed}.jsonl", evaluate)
        self.planned: list[PlannedWork] = []
        self.there = set(Artwork.objects.values_list("slug", flat=True))
        self._plan: Iterator[PlannedWork] = plan_garden(planting.seed, beds, evaluate=self.memory)
        self._waiting: deque[tuple[int, PlannedWork, Future[Frame]]] = deque()
        for person in GARDENERS:
            ensure_account(person, now=planting.started_at)

    def grow(self) -> bool:
        """Plan works up to the next one that is missing, and publish one that is printed.

        While one is being printed, the next is planned. False when all are published.
        """
        work: PlannedWork | None = None
        for _ in range(PLANNED_AT_ONCE):
            work = next(self._plan, None)
            if work is None:
                break
            self.planned.append(work)
            if work.slug not in self.there:
                frame = studio.render_artwork(work.genome, size=settings.PRINT_SIZE, owner=OWNER)
                self._waiting.append((len(self.planned) - 1, work, frame))
                break
        if len(self._waiting) >= WAITING or (work is None and self._waiting):
            self._publish(*self._waiting.popleft())
        self._write_progress()
        return work is not None or bool(self._waiting)

    def _publish(self, place: int, work: PlannedWork, frame: Future[Frame]) -> None:
        made = write_print(
            Artwork(slug=work.slug),
            frame.result(),
            token=work.genome.identity[:12],
            with_thumbnail=True,
            is_screened=False,  # These works contain nobody's uploads.
        )
        published = None
        try:
            published = publish_work(
                work,
                made,
                seed=self.planting.seed,
                place=place,
                total=self.total,
                now=self.planting.started_at,
            )
        except IntegrityError:
            logger.info("Another process took over, and has planted %s already.", work.slug)
        finally:
            if published is None:
                delete_files(made.names)
        if published is not None:
            store_features(published)

    def _write_progress(self) -> None:
        # After a restart, works that are there already are planned anew.
        planted = max(self.planting.planted, len(self.planned) - len(self._waiting))
        Planting.objects.filter(pk=self.planting.pk).update(planted=planted, total=self.total)

    def finish(self) -> None:
        """What needs all works: their order, the tunes, and the people; then it is grown."""
        seed, now = self.planting.seed, self.planting.started_at
        arrange_garden(self.planned, seed=seed, now=now)
        refresh_rankings()
        plant_tunes(seed=seed, now=now)
        if self.planting.with_people:
            slugs = [work.slug for work in self.planned]
            if Species.objects.filter(key="tunes", is_available=True).exists():
                slugs += [tune.slug for tune in plan_tunes(seed)]
            plant_people(Artwork.objects.filter(slug__in=slugs), seed=seed, now=now)
        Planting.objects.filter(pk=self.planting.pk).update(
            finished_at=timezone.now(), token=None, lease_until=None
        )
        self.memory.forget()


def plant_garden(
    *,
    seed: int,
    beds: Sequence[Bed] = BEDS,
    with_people: bool = True,
    on_progress: Callable[[Planting], None] = lambda planting: None,
) -> list[Artwork]:
    """Grow a garden in one go; returns its pictures in the order of publication.

    on_progress: called after each step. Raises Refused where no species is available, where this
    garden has grown already, and while another process grows it.
    """
    sync_species()
    planting = start_planting(seed=seed, with_people=with_people, beds=beds)
    slugs: list[str] = []
    while planting.finished_at is None:
        if not step(planting, beds):
            raise Refused("Another process is planting this garden; the wall says how far it is.")
        if seed in _growths:
            slugs = [work.slug for work in _growths[seed].planned]
        planting.refresh_from_db()
        on_progress(planting)
    return list(Artwork.objects.filter(slug__in=slugs).order_by("published_at", "pk"))
