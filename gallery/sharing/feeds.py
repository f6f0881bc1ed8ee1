"""Walls as Atom feeds (RFC 4287), paged (RFC 5005): the site's, a person's and a tag's."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, linebreaks
from django.utils.http import parse_http_date_safe, urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from gallery.core import pagination
from gallery.core.http import absolute_url
from gallery.discovery.search import narrow
from gallery.discovery.tags import find_tag
from gallery.lineage.licences import rights
from gallery.models import Artwork, Tag, User
from gallery.models.artwork import ArtworkQuerySet
from gallery.models.texts import isolate
from gallery.sharing import oembed

ENTRIES = 30


@dataclass(frozen=True)
class Entry:
    """A work in a feed. base: the site's address, without a slash at its end."""

    work: Artwork
    base: str

    @property
    def address(self) -> str:
        """Address of the work's page."""
        return self.base + self.work.get_absolute_url()


@dataclass(frozen=True)
class Channel:
    """One page of one feed.

    link: address of the same wall for people. next_page: address of older works in the feed, or "".
    """

    title: str
    subtitle: str
    link: str
    entries: list[Entry]
    next_page: str


if TYPE_CHECKING:
    ChannelFeed = Feed[Entry, Channel]
else:
    ChannelFeed = Feed


class PagedAtom(Atom1Feed):
    """Atom with a link to older works, and the files of each work as enclosures."""

    def latest_post_date(self) -> datetime:
        """When the last of its entries changed; of an empty feed always the same time, not now."""
        return super().latest_post_date() if self.items else datetime(2000, 1, 1, tzinfo=UTC)

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["next_page"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["next_page"]})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        # Django's own enclosures need a length, and to read it would cost a request to the media
        # storage for every file.
        for href, media_type in item["files"]:
            handler.addQuickElement(
                "link", "", {"rel": "enclosure", "href": href, "type": media_type}
            )
        if item["licence_url"]:
            handler.addQuickElement("link", "", {"rel": "license", "href": item["licence_url"]})


class Wall(ChannelFeed):
    """The newest public works; `?after=` asks for an older page."""

    feed_type = PagedAtom

    def __call__(self, request: HttpRequest, *args: Any, **names: Any) -> HttpResponse:
        """The feed, or 304 for a reader that has it already."""
        response = super().__call__(request, *args, **names)
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["ETag"] = etag
        known = get_conditional_response(
            request,
            etag=etag,
            last_modified=parse_http_date_safe(response["Last-Modified"]),
            response=response,
        )
        return known or response

    def get_object(self, request: HttpRequest, **names: str) -> Channel:
        title, subtitle, path, works = self.describe(**names)
        rows = works.select_related("author", "species").defer("genome", "pedigree")
        page = pagination.page(rows, after=request.GET.get("after", ""), size=ENTRIES)
        base = absolute_url(request, "/").rstrip("/")
        query = urlencode({"after": page.next_cursor})
        return Channel(
            title,
            subtitle,
            base + path,
            [Entry(work, base) for work in page.items],
            f"{base}{request.path}?{query}" if page.next_cursor else "",
        )

    def describe(self, **names: str) -> tuple[str, str, str, ArtworkQuerySet]:
        """Title, subtitle, path of the page for people, and the works. names: those of the URL."""
        return (
            settings.GARDEN_NAME,
            gettext("The newest works on this site."),
            reverse("home"),
            Artwork.objects.listed().suitable_for(AnonymousUser()),
        )

    def title(self, channel: Channel) -> str:
        return channel.title

    def subtitle(self, channel: Channel) -> str:
        return channel.subtitle

    def link(self, channel: Channel) -> str:
        return channel.link

    def feed_extra_kwargs(self, channel: Channel) -> dict[str, Any]:
        return {"next_page": channel.next_page}

    def items(self, channel: Channel) -> list[Entry]:
        return channel.entries

    def item_title(self, item: Entry) -> str:
        return item.work.title

    def item_description(self, item: Entry) -> SafeString:
        """The thumbnail and the description, as HTML."""
        work = item.work
        picture = format_html(
            '<p><a href="{}"><img src="{}" alt="{}"></a></p>',
            item.address,
            item.base + work.thumbnail_url,
            work.alt,
        )
        if not work.description:
            return picture
        # `linebreaks` escapes the description, and its result is safe.
        return picture + format_html("{}", linebreaks(work.description, autoescape=True))

    def item_link(self, item: Entry) -> str:
        return item.address

    def item_author_name(self, item: Entry) -> str:
        return item.work.author.name

    def item_author_link(self, item: Entry) -> str:
        return item.base + item.work.author.get_absolute_url()

    def item_pubdate(self, item: Entry) -> datetime | None:
        return item.work.published_at

    def item_updateddate(self, item: Entry) -> datetime | None:
        """When its words last changed; readers show an entry again whose time is newer."""
        work = item.work
        return max(filter(None, (work.published_at, work.reworded_at)), default=None)

    def item_copyright(self, item: Entry) -> str:
        return f"{item.work.author.name}, {rights(item.work.licence).name}"

    def item_extra_kwargs(self, item: Entry) -> dict[str, Any]:
        """The enclosures (a tune's sound or a large picture, and the thumbnail) and the licence."""
        work, base, files = item.work, item.base, []
        if work.audio:
            files.append((base + work.audio_url, "audio/mpeg"))
        elif work.master and not work.is_music:
            path = oembed.page_picture(work)[0]
            files.append((base + path, "image/png" if path.endswith("png") else "image/webp"))
        if work.thumbnail:
            is_svg = work.thumbnail_url.endswith(".svg")
            files.append((base + work.thumbnail_url, "image/svg+xml" if is_svg else "image/webp"))
        return {"files": files, "licence_url": rights(work.licence).url}


class PersonWall(Wall):
    """The newest public works of one person."""

    def describe(self, **names: str) -> tuple[str, str, str, ArtworkQuerySet]:
        person = get_object_or_404(User, username=names["username"].lower(), is_active=True)
        works = Artwork.objects.listed().suitable_for(AnonymousUser()).filter(author=person)
        return (
            person.name,
            gettext("The newest works of %(name)s.") % {"name": isolate(person.name)},
            person.get_absolute_url(),
            works,
        )


class TagWall(Wall):
    """The newest public works under one tag. Another spelling of its address leads to it."""

    def __call__(self, request: HttpRequest, *args: Any, **names: Any) -> HttpResponse:
        try:
            tag = find_tag(names["slug"])
        except Tag.DoesNotExist:
            raise Http404 from None
        if tag.slug != names["slug"]:
            return redirect("tag_feed", tag.slug, permanent=True)
        return super().__call__(request, *args, **names)

    def describe(self, **names: str) -> tuple[str, str, str, ArtworkQuerySet]:
        tag = Tag.objects.get(slug=names["slug"])
        listed = Artwork.objects.listed().suitable_for(AnonymousUser())
        works = narrow(listed, Artwork.tags.through.objects.filter(tag=tag))
        return (
            tag.name,
            gettext("The newest works tagged “%(tag)s”.") % {"tag": isolate(tag.name)},
            tag.get_absolute_url(),
            works,
        )
