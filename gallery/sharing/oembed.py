"""oEmbed (oembed.com, version 1.0): what another site may show of a public work, and the code it
puts into its page.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gallery.lineage.licences import rights
from gallery.models import Artwork
from gallery.sharing import downloads
from gallery.sharing.work_files import PAGE
from generation.refusal import Refused

CACHE_S = 86_400
FRAME = {
    "picture": (480, 560),
    "music": (480, 180),
}  # Width and height in pixels of an embedded frame.
THUMBNAIL_EDGE = 512


def find_work(url: str, *, hosts: set[str]) -> Artwork | None:
    """The public work whose page (or frame) has this address in this garden, else None."""
    try:
        parts = urlsplit(url.strip()[:500])
        if parts.scheme not in ("http", "https") or parts.netloc.lower() not in hosts:
            return None
        match = resolve(parts.path)
    except (ValueError, Resolver404):
        return None
    if match.url_name not in ("artwork", "artwork_embed"):
        return None
    works = Artwork.objects.listed().select_related("author", "species").exclude(master="")
    return works.filter(slug=match.kwargs["slug"]).first()


def describe(work: Artwork, base: str, *, most_wide: int = 0, most_high: int = 0) -> dict[str, Any]:
    """The answer for a work: a photo, or a frame with a player. base: the address of the site; 0:
    as large as there is.
    """
    told: dict[str, Any] = {
        "version": "1.0",
        "title": work.title,
        "author_name": work.author.name,
        "author_url": base + work.author.get_absolute_url(),
        "provider_name": settings.GARDEN_NAME,
        "provider_url": base + reverse("home"),
        "cache_age": CACHE_S,
        "license": rights(work.licence).name,
        "license_url": rights(work.licence).url,
    }
    if work.is_music:
        width, height = _fit(FRAME["music"], most_wide, most_high)
        html = embed_code(work, base, width=width, height=height)
        return told | {"type": "rich", "html": html, "width": width, "height": height}
    small = _shrunk(work, THUMBNAIL_EDGE)
    thumbnail = {
        "thumbnail_url": base + work.thumbnail_url,
        "thumbnail_width": small[0],
        "thumbnail_height": small[1],
    }
    picture, size = page_picture(work)
    if (most_wide and size[0] > most_wide) or (most_high and size[1] > most_high):
        picture, size = work.thumbnail_url, small
    width, height = _fit(size, most_wide, most_high)
    return (
        told
        | {"type": "photo", "url": base + picture, "width": width, "height": height}
        | thumbnail
    )


def page_picture(work: Artwork) -> tuple[str, tuple[int, int]]:
    """Path of the largest picture that everybody may see, and its width and height in pixels."""
    if not downloads.is_reserved(work):
        return reverse("artwork_file", args=[work.slug, "master.png"]), (work.width, work.height)
    return reverse("artwork_file", args=[work.slug, PAGE]), _shrunk(work, downloads.PAGE_EDGE)


def embed_code(work: Artwork, base: str, *, width: int = 0, height: int = 0) -> SafeString:
    """The HTML that shows the work in a page elsewhere: a frame that needs no script there."""
    usual = FRAME["music" if work.is_music else "picture"]
    return format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy" allow="fullscreen" '
        'style="border:0;max-width:100%"></iframe>',
        base.rstrip("/") + reverse("artwork_embed", args=[work.slug]),
        width or usual[0],
        height or usual[1],
        f"{work.title}, {work.author.name}",
    )


def read_most(text: str) -> int:
    """maxwidth or maxheight of a request: 0 where there is none. Raises Refused for anything but a
    whole number.
    """
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) > 0):
        raise Refused("maxwidth and maxheight must be whole numbers of pixels.")
    return int(text)


def _shrunk(work: Artwork, edge: int) -> tuple[int, int]:
    scale = min(1.0, edge / max(work.width, work.height, 1))
    return max(1, round(work.width * scale)), max(1, round(work.height * scale))


def _fit(size: tuple[int, int], most_wide: int, most_high: int) -> tuple[int, int]:
    """The size within both limits, in its proportions."""
    scale = min(1.0, (most_wide or size[0]) / size[0], (most_high or size[1]) / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
