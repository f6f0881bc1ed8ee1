"""Walls for feed readers (Atom, RFC 4287): the garden's, a person's, a tag's; older works on
further pages (RFC 5005).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, linebreaks
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from gallery.core import pagination
from gallery.core.http import absolute_url
from gallery.discovery.search import narrow
from gallery.lineage.licences import rights
from gallery.models import Artwork, Tag, User
from gallery.sharing import oembed

ENTRIES = 30


@dataclass(frozen=True)
class Channel:
    """One page of one feed. base: address of the site; path: of the page that people read;
    next_page: of older works.
    """

    title: str
    subtitle: str
    base: str
    path: str
    works: list[Artwork]
    next_page: str


class PagedAtom(Atom1Feed):
    """Atom with a link to older works, and the files of each work as enclosures."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["next_page"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["next_page"]})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        # Django's own enclosures want a length; reading it of every file would cost a look into the
        # store each.
        for href, media_type in item["files"]:
            handler.addQuickElement(
                "link", "", {"rel": "enclosure", "href": href, "type": media_type}
            )
        if item["licence_url"]:
            handler.addQuickElement("link", "", {"rel": "license", "href": item["licence_url"]})


class Wall(Feed):
    """The newest public works; `?after=` an older page."""

    feed_type = PagedAtom

    def get_object(self, request: HttpRequest, **names: str) -> Channel:
        title, subtitle, path, works = self.about(**names)
        rows = works.select_related("author", "species").defer("genome", "pedigree")
        page = pagination.page(rows, after=request.GET.get("after", ""), size=ENTRIES)
        base = absolute_url(request, "/").rstrip("/")
        for work in page.items:
            work.base = base
        following = (
            f"{base}{request.path}?{urlencode({'after': page.next_cursor})}"
            if page.next_cursor
            else ""
        )
        return Channel(title, subtitle, base, path, page.items, following)

    def about(self) -> tuple[str, str, str, QuerySet]:
        """Title, subtitle, address of the page for people, and the works."""
        return (
            settings.GARDEN_NAME,
            gettext("The newest works on this site."),
            reverse("home"),
            Artwork.objects.listed(),
        )

    def title(self, channel: Channel) -> str:
        return channel.title

    def subtitle(self, channel: Channel) -> str:
        return channel.subtitle

    def link(self, channel: Channel) -> str:
        return channel.base + channel.path

    def feed_extra_kwargs(self, channel: Channel) -> dict[str, Any]:
        return {"next_page": channel.next_page}

    def items(self, channel: Channel) -> list[Artwork]:
        return channel.works

    def item_title(self, item: Artwork) -> str:
        return item.title

    def item_description(self, item: Artwork) -> SafeString:
        """The picture and its words, as HTML for readers elsewhere."""
        picture = format_html(
            '<p><a href="{}"><img src="{}" alt="{}"></a></p>',
            item.base + item.get_absolute_url(),
            item.base + item.thumbnail_url,
            item.alt,
        )
        # The words were escaped by `linebreaks`.
        return (
            picture + format_html("{}", linebreaks(item.description, autoescape=True))
            if item.description
            else picture
        )

    def item_link(self, item: Artwork) -> str:
        return item.base + item.get_absolute_url()

    def item_author_name(self, item: Artwork) -> str:
        return item.author.name

    def item_author_link(self, item: Artwork) -> str:
        return item.base + item.author.get_absolute_url()

    def item_pubdate(self, item: Artwork) -> datetime:
        return item.published_at

    def item_copyright(self, item: Artwork) -> str:
        return f"{item.author.name}, {rights(item.licence).name}"

    def item_extra_kwargs(self, item: Artwork) -> dict[str, Any]:
        """The enclosures: a tune's sound, a picture's large picture and thumbnail."""
        files = []
        if item.audio:
            files.append((item.base + item.audio_url, "audio/mpeg"))
        elif item.master and not item.is_music:
            path = oembed.page_picture(item)[0]
            files.append((item.base + path, "image/png" if path.endswith("png") else "image/webp"))
        if item.thumbnail:
            ending = item.thumbnail.name.rsplit(".", 1)[-1]
            files.append(
                (
                    item.base + item.thumbnail_url,
                    "image/svg+xml" if ending == "svg" else "image/webp",
                )
            )
        return {"files": files, "licence_url": rights(item.licence).url}


class PersonWall(Wall):
    """The newest public works of one person."""

    def about(self, username: str) -> tuple[str, str, str, QuerySet]:
        person = get_object_or_404(User, username=username.lower(), is_active=True)
        works = Artwork.objects.listed().filter(author=person)
        return (
            person.name,
            gettext("The newest works of %(name)s.") % {"name": person.name},
            person.get_absolute_url(),
            works,
        )


class TagWall(Wall):
    """The newest public works under one tag."""

    def about(self, slug: str) -> tuple[str, str, str, QuerySet]:
        tag = get_object_or_404(Tag, slug=slug)
        works = narrow(Artwork.objects.listed(), Artwork.tags.through.objects.filter(tag=tag))
        return (
            tag.name,
            gettext("The newest works tagged “%(tag)s”.") % {"tag": tag.name},
            tag.get_absolute_url(),
            works,
        )
