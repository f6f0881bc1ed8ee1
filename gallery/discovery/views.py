"""Pages to look around: the wall, search, tags and similar works."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from gallery.core import pagination
from gallery.discovery import hero_pair, shelves
from gallery.discovery.facets import with_counts
from gallery.discovery.filters import Filter, read_filter
from gallery.discovery.search import narrow
from gallery.discovery.similar import similar_to
from gallery.discovery.tags import read_cloud
from gallery.models import Artwork, Tag
from gallery.models.artwork import ArtworkQuerySet
from gallery.types import Request

PAGE_SIZE = 31  # With three large cards (css/wall.css), they fill complete rows.
SHOWN_TAGS = 24
SHOWN_SIMILAR = 48
MAX_QUERY = 100


@require_safe
def home(request: Request) -> HttpResponse:
    """The wall. Visitors also see what the site is, beside a pair of works that breed."""
    shelf = shelves.find_shelf(request.GET.get("shelf", ""), request.user)
    works = shelf.narrow(Artwork.objects.listed().within_boundaries(request.user), request.user)
    narrowed = read_filter(request)
    context: dict[str, Any] = {
        "shelf": shelf,
        "shelves": shelves.shelves_for(request.user),
        "filter": narrowed,
    }
    is_landing = (
        not request.GET.get("after") and shelf.key == shelves.DEFAULT and not narrowed.is_on
    )
    if is_landing and not request.user.is_authenticated:
        context["pair"] = hero_pair.choose_pair()
    context["is_whole"] = shelf.key in shelves.WHOLE
    return show_wall(request, "gallery/discovery/home.html", works, context)


@require_safe
def teaser_sheet(request: Request, first: str, second: str) -> HttpResponse:
    """The strip of the pair on the home page; 204 while it is being drawn."""
    sheet = hero_pair.read_sheet(first, second)
    if sheet is None:
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    return HttpResponse(
        sheet, content_type="image/webp", headers={"Cache-Control": "public, max-age=86400"}
    )


@require_safe
def search(request: Request) -> HttpResponse:
    """Works that match a query, newest first, and tags that start with it."""
    query = " ".join(request.GET.get("q", "").replace("\0", "").split())[:MAX_QUERY]
    context: dict[str, Any] = {"query": query, "tags": find_tags(query)}
    if not query:
        return render(request, "gallery/discovery/search.html", context)
    context["filter"] = read_filter(request)
    works = Artwork.objects.listed().within_boundaries(request.user).matching(query)
    return show_wall(request, "gallery/discovery/search.html", works, context)


def find_tags(query: str) -> QuerySet[Tag]:
    """Tags that start with the query, or the newest; only tags with listed works."""
    tags = Tag.objects.filter(Exists(Artwork.objects.listed().filter(tags=OuterRef("pk"))))
    if query:
        return tags.filter(slug__startswith=slugify(query) or "-")[:8]
    return tags.order_by("-id")[:SHOWN_TAGS]


@require_safe
def tag(request: Request, slug: str) -> HttpResponse:
    """Works with a tag, newest first."""
    found = get_object_or_404(Tag, slug=slug)
    works = narrow(
        Artwork.objects.listed().within_boundaries(request.user),
        Artwork.tags.through.objects.filter(tag=found),
    )
    return show_wall(
        request,
        "gallery/discovery/tag.html",
        works,
        {"tag": found, "filter": read_filter(request)},
    )


@require_safe
def tags(request: Request) -> HttpResponse:
    """All tags that are in use, as a cloud."""
    return render(request, "gallery/discovery/tags.html", {"tags": read_cloud()})


@require_safe
def similar(request: Request, slug: str) -> HttpResponse:
    """Works that look or sound like this one."""
    works = (
        Artwork.objects.visible_to(request.user)
        .select_related("author", "species")
        .defer("genome", "pedigree")
    )
    artwork = get_object_or_404(works, slug=slug)
    found = similar_to(artwork, request.user, count=SHOWN_SIMILAR)
    return render(request, "gallery/discovery/similar.html", {"artwork": artwork, "works": found})


def show_wall(
    request: Request, template: str, works: ArtworkQuerySet, context: dict[str, Any]
) -> HttpResponse:
    """A page with a wall of these works by `filter`; for "More works" by htmx, only the next cards.

    Raises Refused for an invalid cursor.
    """
    after = request.GET.get("after", "")
    narrowed: Filter | None = context.get("filter")
    if narrowed and not after:
        is_whole = context.get("is_whole", False)
        context["filter"] = with_counts(narrowed, works, user=request.user, is_whole=is_whole)
    works = narrowed.narrow(works) if narrowed else works
    key = context["shelf"].order if "shelf" in context else "published_at"
    context["page"] = pagination.page(works.for_cards(), after=after, size=PAGE_SIZE, key=key)
    context["is_first"] = not after
    return render(
        request, "gallery/discovery/_more.html" if request.htmx and after else template, context
    )
