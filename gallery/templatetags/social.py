"""Template tags of link previews: Open Graph (ogp.me), Twitter cards and oEmbed discovery."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext

from gallery.core.http import absolute_url
from gallery.models import Artwork, Collection, CollectionKind, User
from gallery.models.texts import isolate
from gallery.sharing import oembed

register = template.Library()
MAX_DESCRIPTION = 200  # Characters.


@dataclass(frozen=True)
class Preview:
    """The link preview of one page. Empty fields are left out.

    kind: the Open Graph type. address, picture, sound, oembed, feed: absolute URLs. width, height:
    of the picture, in pixels.
    """

    kind: str
    title: str
    description: str
    address: str
    picture: str = ""
    picture_alt: str = ""
    width: int = 0
    height: int = 0
    sound: str = ""
    oembed: str = ""
    feed: str = ""


@register.inclusion_tag("gallery/sharing/_social.html", takes_context=True)
def social_tags(
    context: Context,
    *,
    work: Artwork | None = None,
    person: User | None = None,
    collection: Collection | None = None,
) -> dict[str, Any]:
    """The tags for the head of the page of a work, a person or a collection; none if not public."""
    base = absolute_url(context["request"], "/").rstrip("/")
    preview = None
    if work is not None and work.is_listed:
        preview = _of_work(work, base)
    elif person is not None:
        preview = _of_person(person, base)
    elif collection is not None and collection.is_open:
        preview = _of_collection(collection, base)
    return {"preview": preview, "garden_name": context["garden_name"]}


def _of_work(work: Artwork, base: str) -> Preview:
    title = gettext("%(title)s by %(maker)s") % {
        "title": isolate(work.title),
        "maker": isolate(work.author.name),
    }
    description = Truncator(" ".join((work.description or work.alt).split())).chars(MAX_DESCRIPTION)
    address = base + work.get_absolute_url()
    query = urlencode({"url": address, "format": "json"})
    fields: dict[str, Any] = {"oembed": f"{base}{reverse('oembed')}?{query}"}
    if work.is_music:
        sound = base + work.audio_url if work.audio else ""
        return Preview("music.song", title, description, address, sound=sound, **fields)
    if work.master:
        path, (width, height) = oembed.page_picture(work)
        fields |= {
            "picture": base + path,
            "picture_alt": work.alt,
            "width": width,
            "height": height,
        }
    return Preview("article", title, description, address, **fields)


def _of_person(person: User, base: str) -> Preview:
    description = Truncator(" ".join(person.bio.split())).chars(MAX_DESCRIPTION)
    description = description or gettext("Works by %(name)s.") % {"name": isolate(person.name)}
    newest = (
        Artwork.objects.listed().filter(author=person, species__medium="picture").exclude(master="")
    )
    feed = base + reverse("person_feed", args=[person.username])
    return Preview(
        "profile",
        person.name,
        description,
        base + person.get_absolute_url(),
        feed=feed,
        **_picture(newest.first(), base),
    )


def _of_collection(collection: Collection, base: str) -> Preview:
    description = Truncator(" ".join(collection.text.split())).chars(MAX_DESCRIPTION)
    is_exhibition = collection.kind == CollectionKind.EXHIBITION
    description = description or (
        gettext("An exhibition.")
        if is_exhibition
        else gettext("A collection by %(name)s.") % {"name": isolate(collection.owner.name)}
    )
    works = Artwork.objects.listed().exclude(master="").filter(species__medium="picture")
    cover = works.filter(pk=collection.cover_id).first() if collection.cover_id else None
    cover = (
        cover
        or works.filter(collection_items__collection=collection)
        .order_by("collection_items__position")
        .first()
    )
    return Preview(
        "website",
        collection.title,
        description,
        base + collection.get_absolute_url(),
        **_picture(cover, base),
    )


def _picture(work: Artwork | None, base: str) -> dict[str, Any]:
    """The fields of a preview whose picture is that of a work."""
    if work is None:
        return {}
    path, (width, height) = oembed.page_picture(work)
    return {"picture": base + path, "width": width, "height": height}
