"""The pair of works on the home page that breeds before the visitor's eyes.

The film between the two works is drawn once, ahead of time, and played by the browser, so a
thousand visitors cost the engine nothing. Loading the home page starts the choice of a pair and the
drawing of its film where they are missing; requesting the film never does.

The choice is stored in the media storage: the pairs that melt best (gallery.discovery.hero_film),
the best first. It is made anew once a day, so that new works get their turn.
"""

import json
import logging
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.fields.json import KeyTransform
from django.urls import reverse

from gallery.discovery import hero_film
from gallery.models import Artwork, Licence, Medium
from generation.breeding import breed
from generation.genome import NEWEST, Genome, Recipe
from generation.refusal import Refused

FEATURED, CANDIDATES = 16, 24  # How many featured works, and of the newest, are looked at.
OF_A_SPECIES = 4  # Works of each species that are paired with each other.
REHEARSALS = 18  # Pairs that are measured.
KEPT = 6  # Pairs that are remembered, in case that one of the works is closed.
MAX_AGE_S = 86_400
RETRY_S = 120
# Finishing steps that make another thing of the picture, so that nothing seems to melt.
OTHER_THINGS = {"pattern", "mock-up"}
# Steps that repaint the picture. A child has those of its heavier parent, so a film between two
# works that differ in them jumps half way.
PAINTS = {"style", "borrowed-style", "palette", "duotone", "background"}
FOLDER = "teasers"
CHOICE = f"{FOLDER}/choice.json"
# What is being made -> when it may be tried (again), by time.monotonic. Infinite while this process
# makes it, and once it gave it up. What is not in here may be tried at once.
_next_try: dict[str, float] = {}
_lock = threading.Lock()
logger = logging.getLogger(__name__)
Material = TypeVar("Material")
Film = tuple[Genome, Genome, Mapping[str, Any]]


@dataclass(frozen=True)
class Pair:
    """Two works of one species.

    film: the address of their film, "" until they are chosen. still: of the child half way, ""
    until it is drawn.
    """

    first: Artwork
    second: Artwork
    film: str = ""
    still: str = ""
    frames: int = hero_film.FRAMES
    frame_size: int = hero_film.FRAME_SIZE
    columns: int = hero_film.COLUMNS


def choose_pair() -> Pair | None:
    """The pair that melts best, two works that fit until it is known, None where there are none.

    Three queries at most, unless a choice or a film has to be made.
    """
    choice = _read_choice()
    open_pairs = _open_pairs(choice)
    age = time.time() - choice.get("made", 0)
    if not open_pairs or age > MAX_AGE_S:
        _start(CHOICE, _make_choice, _candidates)
    for first, second, row in open_pairs:
        film = f"{_address(first, second)}?v={row['film']}"
        if default_storage.exists(_path(row, "middle")):
            return Pair(first, second, film=film, still=f"{film}&part=middle")
        _start(_path(row, "film"), _make_film, partial(_parents_of, row))
        return Pair(first, second, film=film)
    likely = list(_pairs(_candidates(with_genomes=False)))[:REHEARSALS]
    best = max(likely, key=lambda pair: (_are_painted_alike(pair), _presence(pair)), default=None)
    return Pair(*best) if best else None


def read_film(first: str, second: str, part: str) -> bytes | None:
    """The film of two works by their slugs, or its part "middle", as WebP.

    None until it is drawn, for pairs that were not chosen, and where one of the works is not open
    to everybody.
    """
    for row in _read_choice().get("pairs", []):
        if (row["first"], row["second"]) != (first, second):
            continue
        path = _path(row, "middle" if part == "middle" else "film")
        if len(_free_works([first, second])) == 2 and default_storage.exists(path):
            with default_storage.open(path) as file:
                return file.read()
    return None


def _address(first: Artwork, second: Artwork) -> str:
    return reverse("teaser_sheet", args=[first.slug, second.slug])


def _path(row: Mapping[str, Any], part: str) -> str:
    return f"{FOLDER}/{row['first']}/{row['second']}/{row['film']}-{part}.webp"


def _read_choice() -> dict[str, Any]:
    """What `_make_choice` stored; empty where there is nothing, or nothing readable."""
    try:
        with default_storage.open(CHOICE) as file:
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _free_works(slugs: Sequence[str]) -> dict[str, Artwork]:
    """Those of these works that everybody may see and breed, by slug."""
    works = Artwork.objects.listed().for_cards().filter(slug__in=slugs)
    return {work.slug: work for work in works if _is_free(work)}


def _is_free(work: Artwork) -> bool:
    kind = work.species
    is_free = work.may_be_bred and work.licence != Licence.RESERVED and not work.is_brought
    return bool(is_free and work.thumbnail and kind.is_available and kind.medium == Medium.PICTURE)


def _open_pairs(choice: Mapping[str, Any]) -> list[tuple[Artwork, Artwork, Mapping[str, Any]]]:
    """The chosen pairs of which both works are still free."""
    rows = choice.get("pairs", [])
    if not rows:
        return []
    works = _free_works([row[name] for row in rows for name in ("first", "second")])
    return [
        (works[row["first"]], works[row["second"]], row)
        for row in rows
        if row["first"] in works and row["second"] in works
    ]


def _candidates(*, with_genomes: bool = True) -> list[Artwork]:
    """Free works, featured ones and then the newest, a few of each species.

    They are filtered here, not by the database, which might scan the whole wall.
    """
    finishing = KeyTransform(
        "finishing", "genome"
    )  # Without the rest of the genome, which is long.
    works = Artwork.objects.listed().for_cards()
    works = works.annotate(finishing=finishing)  # type: ignore[no-redef]
    if with_genomes:
        works = works.defer(None).defer("pedigree", "description")
    found = [*works.filter(is_featured=True)[:FEATURED], *works[:CANDIDATES]]
    per_species: dict[str, dict[int, Artwork]] = {}
    for work in filter(_is_free, found):
        if OTHER_THINGS & _steps(work).keys():
            continue
        row = per_species.setdefault(work.species_id, {})
        if len(row) < OF_A_SPECIES:
            row.setdefault(work.pk, work)
    return [work for row in per_species.values() for work in row.values()]


def _pairs(works: Iterable[Artwork]) -> Iterator[tuple[Artwork, Artwork]]:
    """Pairs of one species, the species in turn.

    Those painted alike come first, and of them and of the others those by two makers.
    """
    every = [pair for pair in combinations(works, 2) if pair[0].species_id == pair[1].species_id]
    turns: dict[tuple[str, bool, bool], int] = {}
    ranked = []
    for place, pair in enumerate(every):
        differ, is_by_one = not _are_painted_alike(pair), pair[0].author_id == pair[1].author_id
        kind = (pair[0].species_id, differ, is_by_one)
        turns[kind] = turns.get(kind, 0) + 1
        ranked.append((differ, is_by_one, turns[kind], place, pair))
    yield from (pair for *_, pair in sorted(ranked, key=lambda one: one[:4]))


def _steps(work: Artwork) -> dict[str, Any]:
    """The finishing steps of a candidate: name -> settings. Empty where the genome is damaged."""
    try:
        return dict(work.finishing)
    except (TypeError, ValueError):
        return {}


def _are_painted_alike(pair: tuple[Artwork, Artwork]) -> bool:
    first, second = (
        {name: settings for name, settings in _steps(work).items() if name in PAINTS}
        for work in pair
    )
    return first == second


def _presence(pair: tuple[Artwork, Artwork]) -> float:
    return min(work.presence for work in pair)


def _parents_of(row: Mapping[str, Any]) -> Film:
    found = Artwork.objects.in_bulk([row["first"], row["second"]], field_name="slug")
    return found[row["first"]].read_genome(), found[row["second"]].read_genome(), row


def _make_choice(works: Sequence[Artwork]) -> None:
    """Measure pairs of these works, store the best, and draw the film of the very best; the body of
    a thread.
    """
    measured: list[Film] = []
    for first, second in list(_pairs(works))[:REHEARSALS]:
        try:
            parents = first.read_genome(), second.read_genome()
            melting = hero_film.rehearse(*parents)
            half_way = breed(parents, Recipe(weights=(0.5, 0.5), version=NEWEST))
        except Refused as refused:
            if refused.retry_after is not None:
                raise
            continue  # A work of another version of its species: it cannot be drawn any more.
        row = {
            "first": first.slug,
            "second": second.slug,
            "film": half_way.identity[:12],  # Another way of blending makes another film.
            # It is the first that visitors see, so it should also fill the frame with colour.
            "quality": round(melting.quality * (0.4 + 0.6 * _presence((first, second))), 4),
            "stops": [round(stop, 5) for stop in melting.stops],
        }
        measured.append((*parents, row))
    if not measured:
        raise Refused("No pair of works on the home wall can be drawn.")
    measured.sort(key=lambda film: -film[2]["quality"])
    rows = [row for _, _, row in measured[:KEPT]]
    film = _path(rows[0], "film")
    is_ours = _claim(film)  # Before the choice is known, or a visitor would draw it too.
    _store(CHOICE, json.dumps({"made": time.time(), "pairs": rows}).encode())
    try:
        if is_ours and not default_storage.exists(_path(rows[0], "middle")):
            _make_film(measured[0])
    finally:
        if is_ours:
            _release(film)


def _make_film(film_job: Film) -> None:
    """Draw and store the film of a chosen pair; the body of a thread."""
    first, second, row = film_job
    film, middle = hero_film.draw(first, second, row["stops"])
    _store(_path(row, "film"), film)
    _store(_path(row, "middle"), middle)  # The last: where it is, the film is too.


def _store(path: str, data: bytes) -> None:
    default_storage.delete(path)
    default_storage.save(path, ContentFile(data))


def _start(name: str, make: Callable[[Material], None], read: Callable[[], Material]) -> None:
    """Start making something in a thread, unless it is being made or was given up.

    read: fetches what `make` needs, here, because threads have no place in a transaction. Never
    raises: the page works without. After a refusal that says when to come back it is tried again at
    that time, after a failure in RETRY_S seconds; after any other refusal it is given up.
    """
    if not _claim(name):
        return
    try:
        material = read()
    except Exception as error:
        _give_up(name, error)
        return

    def work() -> None:
        try:
            make(material)
        except Exception as error:
            _give_up(name, error)
        else:
            _release(name)

    threading.Thread(target=work, name="teaser", daemon=True).start()


def _claim(name: str) -> bool:
    """Whether the caller may make this now; nobody else may until `_release`."""
    with _lock:
        if time.monotonic() < _next_try.get(name, 0.0):
            return False
        _next_try[name] = math.inf
        return True


def _release(name: str, *, wait_s: float = 0.0) -> None:
    """Let it be claimed again, after a number of seconds."""
    with _lock:
        if wait_s:
            _next_try[name] = time.monotonic() + wait_s
        else:
            _next_try.pop(name, None)


def _give_up(name: str, error: Exception) -> None:
    """Only a refusal that waiting does not help gives it up for good."""
    if isinstance(error, TimeoutError):  # The studio is busy with other work.
        _release(name, wait_s=RETRY_S)
    elif isinstance(error, Refused) and error.retry_after is not None:
        _release(name, wait_s=error.retry_after)
    elif isinstance(error, Refused):
        logger.warning("The pair on the home wall cannot be drawn: %s", error.sentence)
        if name == CHOICE:  # Other works may come.
            _release(name, wait_s=RETRY_S)
    else:
        logger.error("The pair on the home wall could not be drawn.", exc_info=error)
        _release(name, wait_s=RETRY_S)
