"""The pair on the home wall that already breeds: two works, and the frames between them, drawn once
and ahead.

A visitor's browser only plays a strip of pictures, so a thousand visitors cost the engine nothing.
Looking at the page starts the drawing where it is missing; asking for the strip never does.
"""

import io
import logging
import threading
from collections.abc import Iterable, Mapping
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
from generation.genome import Recipe
from generation.refusal import Refused

FRAMES = 13  # From all of the first to all of the second, twelve steps between.
FRAME_SIZE = 384
CANDIDATES = 24
PATIENCE_S = 120
OWNER = "teaser"
_drawing: set[str] = set()  # Paths of the strips that this process draws now.
_lock = threading.Lock()
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pair:
    """Two works of one species. sheet: the address of their strip, FRAMES squares of FRAME_SIZE
    pixels beside each other.
    """

    first: Artwork
    second: Artwork
    sheet: str
    frames: int = FRAMES
    frame_size: int = FRAME_SIZE


def choose_pair() -> Pair | None:
    """Two of the newest works that fit, featured ones before others; None where there are none. Two
    queries at most.
    """
    works = Artwork.objects.listed().for_cards()
    found = _find_pair(works.filter(is_featured=True)[:CANDIDATES]) or _find_pair(
        works[:CANDIDATES]
    )
    if found is None:
        return None
    _draw_once(*found)
    return Pair(*found, sheet=reverse("teaser_sheet", args=[work.slug for work in found]))


def _find_pair(works: Iterable[Artwork]) -> tuple[Artwork, Artwork] | None:
    """Two works of one species that everybody may breed, if possible by two makers, of the species
    that melts best.

    They are sorted out here, not by the database, which might walk the whole wall for them.
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
    return max(pairs, key=lambda pair: _melting(pair[0].species.card)) if pairs else None


def _melting(card: Mapping[str, Any]) -> float:
    """How much of what lies between two works looks like a work, 0 to 1, as `manage.py evaluate`
    measured it.

    Programs that learnt nothing are not measured: whatever lies between two of their works is one.
    """
    try:
        return float(card["figures"]["precision"]["midpoints"])
    except (KeyError, TypeError, ValueError):
        return 1.0


def read_sheet(first: str, second: str) -> bytes | None:
    """The strip of two works by their slugs, None until it is drawn and when one of them is not
    open to everybody.
    """
    path = path_of(first, second)
    free = Artwork.objects.listed().filter(may_be_bred=True).exclude(licence=Licence.RESERVED)
    is_open = free.filter(slug__in={first, second}).count() == 2
    if not is_open or not default_storage.exists(path):
        return None
    with default_storage.open(path) as file:
        return file.read()


def path_of(first: str, second: str) -> str:
    """Where the strip of two works lies in the media storage."""
    return f"teasers/{first}/{second}.webp"


def _draw_once(first: Artwork, second: Artwork) -> None:
    """Start drawing the strip, unless it is there or on its way. Never fails: the page does
    without.
    """
    path = path_of(first.slug, second.slug)
    with _lock:
        if path in _drawing or default_storage.exists(path):
            return
        _drawing.add(path)
    try:
        parents = [first.read_genome(), second.read_genome()]
        steps = [index / (FRAMES - 1) for index in range(FRAMES)]
        children = [breed(parents, Recipe(weights=(1 - step, step))) for step in steps]
        frames = [studio.render_artwork(child, size=FRAME_SIZE, owner=OWNER) for child in children]
    except Refused as refused:
        logger.warning("The pair on the home wall cannot be drawn: %s", refused.sentence)
        return  # It stays among those in work, so that not every visitor tries again.
    threading.Thread(target=_write_sheet, args=(path, frames), name="teaser", daemon=True).start()


def _write_sheet(path: str, frames: list[Future]) -> None:
    wait(frames, timeout=PATIENCE_S)
    try:
        sheet = Image.new("RGB", (FRAME_SIZE * len(frames), FRAME_SIZE))
        for index, frame in enumerate(frames):
            sheet.paste(
                Image.open(io.BytesIO(frame.result(timeout=0).payload)), (index * FRAME_SIZE, 0)
            )
        buffer = io.BytesIO()
        sheet.save(buffer, "WEBP", quality=82, method=4)
        default_storage.save(path, ContentFile(buffer.getvalue()))
    except Exception:  # A thread has nobody above it; the page works without the strip.
        logger.exception("The pair on the home wall could not be drawn.")
    finally:
        with _lock:
            _drawing.discard(path)
