"""oEmbed 1.0 (oembed.com): how other sites show a public work, and the HTML that embeds it."""

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
FRAME = {"picture": (480, 560), "music": (480, 180)}  # Width and height in pixels of an <iframe>.
THUMBNAIL_EDGE = 512


def find_work(url: str, *, hosts: set[str]) -> Artwork | None:
    """The public work whose page (or embedded frame) has this URL on this site, else None."""
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


def describe(
    work: Artwork, base: str, *, max_width: int = 0, max_height: int = 0
) -> dict[str, Any]:
    """The oEmbed response for a work: a photo, or for music an <iframe> with a player.

    base: the site's address. max_width, max_height: limits in pixels; 0 for none.
    """
    answer: dict[str, Any] = {
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
        width, height = _fit(FRAME["music"], max_width, max_height)
        html = embed_code(work, base, width=width, height=height)
        return answer | {"type": "rich", "html": html, "width": width, "height": height}
    small = _shrunk(work, THUMBNAIL_EDGE)
    thumbnail = {
        "thumbnail_url": base + work.thumbnail_url,
        "thumbnail_width": small[0],
        "thumbnail_height": small[1],
    }
    picture, size = page_picture(work)
    if (max_width and size[0] > max_width) or (max_height and size[1] > max_height):
        picture, size = work.thumbnail_url, small
    width, height = _fit(size, max_width, max_height)
    photo = {"type": "photo", "url": base + picture, "width": width, "height": height}
    return answer | photo | thumbnail


def page_picture(work: Artwork) -> tuple[str, tuple[int, int]]:
    """The path of the largest picture that everybody may see, and its (width, height) in pixels."""
    if not work.is_reserved:
        return reverse("artwork_file", args=[work.slug, "master.png"]), (work.width, work.height)
    return reverse("artwork_file", args=[work.slug, PAGE]), _shrunk(work, downloads.PAGE_EDGE)


def embed_code(work: Artwork, base: str, *, width: int = 0, height: int = 0) -> SafeString:
    """The HTML that shows the work on another site: an <iframe>, which needs no script there."""
    usual = FRAME["music" if work.is_music else "picture"]
    return format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy" allow="fullscreen" '
        'style="border:0;max-width:100%"></iframe>',
        base.rstrip("/") + reverse("artwork_embed", args=[work.slug]),
        width or usual[0],
        height or usual[1],
        f"{work.title}, {work.author.name}",
    )


def read_limit(text: str) -> int:
    """maxwidth or maxheight of a request; 0 where it is empty.

    Raises Refused for anything but a whole number above 0.
    """
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) > 0):
        raise Refused("maxwidth and maxheight must be whole numbers of pixels.")
    return int(text)


def _shrunk(work: Artwork, edge: int) -> tuple[int, int]:
    scale = min(1.0, edge / max(work.width, work.height, 1))
    return max(1, round(work.width * scale)), max(1, round(work.height * scale))


def _fit(size: tuple[int, int], max_width: int, max_height: int) -> tuple[int, int]:
    """The size scaled down to fit both limits (0 for none), with the same proportions."""
    scale = min(1.0, (max_width or size[0]) / size[0], (max_height or size[1]) / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
