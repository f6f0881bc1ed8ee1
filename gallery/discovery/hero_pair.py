"""The pair of works on the home page that breeds before the visitor's eyes.

The frames between the two works are drawn once, ahead of time, into one strip of pictures that the
browser plays, so a thousand visitors cost the engine nothing. Loading the home page starts the
drawing where the strip is missing; requesting the strip never does.
"""

import io
import logging
import math
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from gallery import studio
from gallery.models import Artwork, Licence, Medium
from generation.breeding import breed
from generation.engine.frames import Frame
from generation.genome import NEWEST, Genome, Recipe
from generation.refusal import Refused

FRAMES = 13  # Both works and eleven children between them, in equal steps.
FRAME_SIZE = 384
CANDIDATES = 24  # How many of the newest works are looked at.
PATIENCE_S = 120  # How long a strip may take.
OWNER = "teaser"
# Path of a strip -> when to try drawing it (time.monotonic). Infinite while this process draws it,
# and once it gave it up. Strips that are not in here may be tried at once.
_next_try: dict[str, float] = {}
_lock = threading.Lock()
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pair:
    """Two works of one species.

    sheet: the address of their strip, FRAMES squares of FRAME_SIZE pixels side by side.
    """

    first: Artwork
    second: Artwork
    sheet: str
    frames: int = FRAMES
    frame_size: int = FRAME_SIZE


def choose_pair() -> Pair | None:
    """Two of the newest works that fit, featured ones before others; None where there are none.

    Two queries at most.
    """
    works = Artwork.objects.listed().for_cards()
    found = _find_pair(works.filter(is_featured=True)[:CANDIDATES]) or _find_pair(
        works[:CANDIDATES]
    )
    if found is None:
        return None
    _start_drawing(*found)
    return Pair(*found, sheet=reverse("teaser_sheet", args=[work.slug for work in found]))


def _find_pair(works: Iterable[Artwork]) -> tuple[Artwork, Artwork] | None:
    """Two works of one species that everybody may breed, or None.

    Pairs by two makers come before pairs by one; of several species, the one with the best
    midpoints wins. They are filtered here, not by the database, which might scan the whole wall.
    """
    first_of: dict[str, Artwork] = {}
    by_two: dict[str, tuple[Artwork, Artwork]] = {}
    by_one: dict[str, tuple[Artwork, Artwork]] = {}
    for work in works:
        kind = work.species
        is_free = work.may_be_bred and work.licence != Licence.RESERVED
        if not (is_free and work.thumbnail and kind.is_available and kind.medium == Medium.PICTURE):
            continue
        first = first_of.setdefault(kind.pk, work)
        if first.author_id != work.author_id:
            by_two.setdefault(kind.pk, (first, work))
        elif first is not work:
            by_one.setdefault(kind.pk, (first, work))
    pairs = list((by_two or by_one).values())
    return max(pairs, key=lambda pair: _midpoint_quality(pair[0].species.card)) if pairs else None


def _midpoint_quality(card: Mapping[str, Any]) -> float:
    """The part of midpoints between two works that look like works, 0 to 1 (`manage.py evaluate`).

    1 for species that are programs without a trained net: they are not measured, because whatever
    lies between two of their works is a work.
    """
    try:
        return float(card["figures"]["precision"]["midpoints"])
    except (KeyError, TypeError, ValueError):
        return 1.0


def read_sheet(first: str, second: str) -> bytes | None:
    """The strip of two works by their slugs, as WebP.

    None until it is drawn, and when one of the works is not open to everybody.
    """
    path = path_of(first, second)
    free = Artwork.objects.listed().filter(may_be_bred=True).exclude(licence=Licence.RESERVED)
    is_open = free.filter(slug__in={first, second}).count() == 2
    if not is_open or not default_storage.exists(path):
        return None
    with default_storage.open(path) as file:
        return file.read()


def path_of(first: str, second: str) -> str:
    """The path of the strip of two works in the media storage."""
    return f"teasers/{first}/{second}.webp"


def _start_drawing(first: Artwork, second: Artwork) -> None:
    """Start drawing the strip of two works, unless it is stored or being drawn.

    Never raises: the page works without the strip. After a refusal that says when to come back it
    is tried again at that time, after a failure in PATIENCE_S seconds; after any other refusal the
    strip is given up.
    """
    path = path_of(first.slug, second.slug)
    if not _claim(path):
        return
    frames: list[Future[Frame]] = []
    try:
        if default_storage.exists(path):
            _release(path)
            return
        for child in _children_between(first, second):
            frames.append(studio.render_artwork(child, size=FRAME_SIZE, owner=OWNER))
    except Exception as error:
        _give_up(path, frames, error)
        return
    threading.Thread(target=_write_sheet, args=(path, frames), name="teaser", daemon=True).start()


def _children_between(first: Artwork, second: Artwork) -> list[Genome]:
    """The genomes of the frames, from all of the first work to all of the second."""
    parents = [first.read_genome(), second.read_genome()]
    steps = [index / (FRAMES - 1) for index in range(FRAMES)]
    return [breed(parents, Recipe(weights=(1 - step, step), version=NEWEST)) for step in steps]


def _write_sheet(path: str, frames: Sequence[Future[Frame]]) -> None:
    """Wait for the frames and store them side by side; the body of a thread."""
    wait(frames, timeout=PATIENCE_S)
    try:
        sheet = Image.new("RGB", (FRAME_SIZE * len(frames), FRAME_SIZE))
        for index, frame in enumerate(frames):
            picture = Image.open(io.BytesIO(frame.result(timeout=0).payload))
            sheet.paste(picture, (index * FRAME_SIZE, 0))
        buffer = io.BytesIO()
        sheet.save(buffer, "WEBP", quality=82, method=4)
        default_storage.save(path, ContentFile(buffer.getvalue()))
    except Exception as error:
        _give_up(path, frames, error)
    else:
        _release(path)


def _claim(path: str) -> bool:
    """Whether the caller may draw this strip now; nobody else may until `_release`."""
    with _lock:
        if time.monotonic() < _next_try.get(path, 0.0):
            return False
        _next_try[path] = math.inf
        return True


def _release(path: str, *, wait_s: float = 0.0) -> None:
    """Let the strip be claimed again, after a number of seconds."""
    with _lock:
        if wait_s:
            _next_try[path] = time.monotonic() + wait_s
        else:
            _next_try.pop(path, None)


def _give_up(path: str, frames: Sequence[Future[Frame]], error: Exception) -> None:
    """Drop the frames. Only a refusal that waiting does not help gives up the strip for good."""
    for frame in frames:
        frame.cancel()
    if isinstance(error, TimeoutError):  # The studio is busy with other work.
        _release(path, wait_s=PATIENCE_S)
    elif isinstance(error, Refused) and error.retry_after is not None:
        _release(path, wait_s=error.retry_after)
    elif isinstance(error, Refused):
        logger.warning("The pair on the home wall cannot be drawn: %s", error.sentence)
    else:
        logger.error("The pair on the home wall could not be drawn.", exc_info=error)
        _release(path, wait_s=PATIENCE_S)
