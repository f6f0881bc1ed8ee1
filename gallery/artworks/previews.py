"""The preview of a work that is being printed: the child as the bench showed it, rendered again.

It is kept as the work's thumbnail (of a tune, as its notes too) until the print replaces it, and
only its maker and moderators can open it, as the work itself. The browser never uploads a picture.
"""

import json
import logging
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from gallery import studio
from gallery.core.files import delete_files
from gallery.models import Artwork, State
from gallery.models.artwork import master_path
from generation.codecs import image
from generation.codecs.score_svg import card_svg
from generation.engine.frames import NOTES, Frame
from generation.refusal import Refused

PREVIEW_EDGE = 512  # Pixels; as large as the thumbnail that replaces it.
logger = logging.getLogger(__name__)


def make_preview(artwork: Artwork, *, patience_s: float) -> bool:
    """Render the work small and keep that as its picture while it is being printed.

    False when there is no preview after so many seconds: the studio is busy, the species is slow or
    unavailable, or the print came first. A preview that is there already stays.
    """
    if artwork.thumbnail or artwork.state != State.RENDERING:
        return bool(artwork.thumbnail)
    future: Future[Frame] | None = None
    try:
        genome = artwork.read_genome()
        if studio.is_slow(genome.generator, genome.digest):
            return False
        future = studio.preview(genome, size=PREVIEW_EDGE, owner=f"user:{artwork.author_id}")
        frame = future.result(timeout=patience_s)
    except (Refused, TooLate):
        if future is not None:
            future.cancel()
        return False
    except Exception:  # Whatever a net raises: the print will say what is wrong with it.
        logger.warning("The preview of %s could not be rendered.", artwork.slug, exc_info=True)
        return False
    return _keep(artwork, frame)


def _keep(artwork: Artwork, frame: Frame) -> bool:
    """Store the files of a preview, unless the work has a print by now."""
    token = uuid4().hex[:12]
    if frame.media_type == NOTES:
        drawing = card_svg(json.loads(frame.payload)).encode()
        files = {
            "thumbnail": _save(artwork, f"preview-{token}.svg", drawing),
            "notes": _save(artwork, f"preview-{token}.json", frame.payload),
        }
    else:
        small = image.encode(image.read_image(frame.payload), "image/webp")
        files = {"thumbnail": _save(artwork, f"preview-{token}.webp", small)}
    unprinted = Artwork.objects.filter(
        pk=artwork.pk, state=State.RENDERING, master="", thumbnail=""
    )
    if not unprinted.update(**files):
        delete_files(list(files.values()))
        return False
    for field, name in files.items():
        setattr(artwork, field, name)
    return True


def _save(artwork: Artwork, name: str, content: bytes) -> str:
    return default_storage.save(master_path(artwork, name), ContentFile(content))
