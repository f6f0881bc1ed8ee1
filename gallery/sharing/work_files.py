"""The files of a work, by their names in URLs, and who may have which."""

import numpy as np
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext
from PIL import Image

from gallery.core.files import send_file
from gallery.models import Artwork
from gallery.models.artwork import sees_adult_works
from gallery.sharing import downloads
from gallery.types import Request
from generation.codecs.image import encode, read_image, shrink

PAGE = "page.webp"  # The picture as large as pages show it.
# The blur has so few squares to an edge, and so many pixels.
BLUR_SQUARES, BLUR_EDGE = 6, 128
FILES = {
    "master.png": ("master", "image/png"),
    "thumbnail.webp": ("thumbnail", "image/webp"),
    "thumbnail.svg": ("thumbnail", "image/svg+xml"),
    "master.flac": ("master", "audio/flac"),
    "audio.mp3": ("audio", "audio/mpeg"),
    "notes.json": ("notes", "application/json"),
}


def _send_blur(work: Artwork) -> HttpResponse:
    """So little of the picture that only its colours are left; of a tune, nothing."""
    if work.is_music or not work.thumbnail:
        raise Http404(gettext("This work is for adults."))
    with work.thumbnail.open("rb") as stored:
        small = Image.fromarray(shrink(read_image(stored.read()), edge=BLUR_SQUARES))
    blur = small.resize((BLUR_EDGE, BLUR_EDGE), Image.Resampling.BICUBIC)
    response = HttpResponse(encode(np.asarray(blur), "image/webp"), content_type="image/webp")
    response["Cache-Control"] = "private, no-cache"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def send_variant(
    request: Request, work: Artwork, variant: str, *, is_public: bool
) -> HttpResponseBase:
    """One of a work's files. With all rights reserved, the master is its maker's alone.

    Of a work for adults, people who have not asked for such works get a blur in place of pictures.
    """
    if work.is_for_adults:
        is_public = False
        if not sees_adult_works(request.user):
            return _send_blur(work)
    if variant.startswith("master") and not downloads.may_download(work, request.user):
        raise Http404(
            gettext(
                "Its maker reserves all rights in this work, so the full-size file is theirs alone."
            )
        )
    try:
        if variant == PAGE:
            return send_file(
                request, downloads.page_picture(work), media_type="image/webp", is_public=is_public
            )
        field, media_type = FILES[variant]
        stored = getattr(work, field)
        if not stored or not stored.name.endswith(variant[variant.index(".") :]):
            raise Http404(gettext("This work is still being printed."))
        # A response that depends on who asks must not be stored in shared caches.
        is_same_for_all = is_public and not (variant.startswith("master") and work.is_reserved)
        return send_file(request, stored, media_type=media_type, is_public=is_same_for_all)
    except FileNotFoundError:
        raise Http404(gettext("The file of this work is missing from storage.")) from None
