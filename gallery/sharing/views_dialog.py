"""The share dialog of a work's page: its address, HTML for other sites, and its share links."""

from dataclasses import dataclass

from django.urls import reverse

from gallery.core.http import absolute_url
from gallery.models import Artwork, ShareLink, Visibility
from gallery.sharing import downloads
from gallery.sharing.actions import is_open
from gallery.sharing.forms import LinkForm
from gallery.sharing.oembed import embed_code
from gallery.types import Request

SHOWN_LINKS = 100


@dataclass(frozen=True)
class Share:
    """What the share dialog shows.

    address: the work's, to copy. embed: HTML for other sites, "" unless the work is public.
    picture: address of the large picture for this visitor. links: for the maker, the share links of
    a work that is not public.
    """

    address: str
    embed: str
    picture: str
    is_maker: bool
    may_download: bool
    links: list[ShareLink]
    form: LinkForm | None


def share_of(request: Request, artwork: Artwork) -> Share:
    """The share dialog of a work's page."""
    is_maker = request.user.is_authenticated and artwork.author_id == request.user.pk
    has_links = is_maker and artwork.visibility != Visibility.PUBLIC
    may_download = downloads.may_download(artwork, request.user)
    variant = "master.png" if may_download else "page.webp"
    return Share(
        address=absolute_url(request, artwork.get_absolute_url()),
        embed=embed_code(artwork, absolute_url(request, "/")) if artwork.is_listed else "",
        picture=(
            reverse("artwork_file", args=[artwork.slug, variant])
            if artwork.master and not artwork.is_music
            else ""
        ),
        is_maker=is_maker,
        may_download=may_download,
        links=links_of(request, artwork) if has_links else [],
        form=LinkForm() if has_links else None,
    )


def links_of(request: Request, artwork: Artwork) -> list[ShareLink]:
    """The work's links, open ones first, then newest first.

    Sets `address` and `is_open` on each.
    """
    links = list(artwork.share_links.all()[:SHOWN_LINKS])
    for link in links:
        link.artwork = artwork
        link.address = absolute_url(request, reverse("share_link", args=[link.token]))
        link.is_open = is_open(link)
    return sorted(links, key=lambda link: not link.is_open)
