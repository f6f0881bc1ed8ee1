"""Works as JSON payloads, and finding them for the caller."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from gallery.lineage.graph import nameable
from gallery.models import Artwork, LineageEdge
from gallery.sharing.downloads import may_download
from gallery.sharing.work_files import PAGE

MAX_RELATIVES = 200


def find_work(request: HttpRequest, slug: str) -> Artwork:
    """The work; 404 if it is unknown or closed to the caller, who cannot tell which."""
    visible = (
        Artwork.objects.visible_to(request.user)
        .select_related("author", "species")
        .prefetch_related("tags")
    )
    return get_object_or_404(visible, slug=slug.replace("\0", ""))


def card_payload(work: Artwork) -> dict[str, Any]:
    """A work in short, as JSON."""
    fields = {
        name: getattr(work, name)
        for name in (
            "slug",
            "title",
            "licence",
            "width",
            "height",
            "published_at",
            "made_elsewhere_at",
        )
    }
    return {
        **fields,
        "url": work.get_absolute_url(),
        "maker": work.author.username,
        "generator": work.species_id,
        "thumbnail": work.thumbnail_url,
        "seconds": work.seconds,
        "audio": work.audio_url,
    }


def work_payload(request: HttpRequest, work: Artwork) -> dict[str, Any]:
    """A work with its words and its parents, as JSON."""
    names = (
        "description",
        "alt_text",
        "visibility",
        "state",
        "may_be_bred",
        "may_train",
        "novelty",
        "depth",
    )
    variant = (
        "master.flac"
        if work.is_music
        else "master.png"
        if may_download(work, request.user)
        else PAGE
    )
    master = reverse("artwork_file", args=[work.slug, variant]) if work.master else ""
    return {
        **card_payload(work),
        **{name: getattr(work, name) for name in names},
        "tags": [tag.name for tag in work.tags.all()],
        "likes": work.like_count,
        "master": master,
        "parents": relative_payloads(request, work, "parent"),
    }


def relative_payloads(request: HttpRequest, work: Artwork, side: str) -> list[dict[str, Any]]:
    """The direct parents or children as JSON; those that the caller may not know of are null.

    side: "parent" or "child".
    """
    other = "child" if side == "parent" else "parent"
    edges = LineageEdge.objects.filter(**{other: work}).order_by(
        "-share" if side == "parent" else "-id"
    )[:MAX_RELATIVES]
    rows = list(edges.values_list(f"{side}_id", "share", "kind"))
    named = nameable(request.user).for_cards().in_bulk([pk for pk, *_ in rows])
    return [
        {"share": share, "kind": kind, "work": card_payload(named[pk]) if pk in named else None}
        for pk, share, kind in rows
    ]
