"""Pages to look around: the wall, search, tags and similar works."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from gallery.core import pagination
from gallery.discovery import hero_pair, shelves
from gallery.discovery.facets import with_counts
from gallery.discovery.filters import Filter, read_filter
from gallery.discovery.growth import read_growth
from gallery.discovery.large_tiles import SQUARES, lay_out
from gallery.discovery.search import narrow
from gallery.discovery.similar import similar_to
from gallery.discovery.tags import complete, find_tag, read_cloud
from gallery.models import Artwork, State, Tag, Visibility
from gallery.models.artwork import ArtworkQuerySet
from gallery.models.texts import slug_of
from gallery.types import AnyUser, Request

MAX_BEING_PUBLISHED = 4
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
    if is_landing and (growth := read_growth()):
        context |= {"growth": growth, "seen": growth.planted}
    if is_landing and not request.user.is_authenticated:
        context["pair"] = hero_pair.choose_pair()
    context["is_whole"] = shelf.key in shelves.WHOLE
    first = being_published(request.user) if is_landing else []
    return show_wall(request, "gallery/discovery/home.html", works, context, first=first)


def being_published(user: AnyUser) -> list[Artwork]:
    """A person's own works that will be on the wall once they are printed, with their previews."""
    if not user.is_authenticated:
        return []
    works = Artwork.objects.filter(
        author=user, state=State.RENDERING, visibility=Visibility.PUBLIC
    ).exclude(thumbnail="")
    return list(works.for_cards().order_by("-pk")[:MAX_BEING_PUBLISHED])


@require_safe
def growing(request: Request) -> HttpResponse:
    """The wall's word on the demo garden. A wall that was empty is loaded again at the first work.

    In the query: seen, the number of works that were there when the wall was loaded.
    """
    growth = read_growth()
    given = request.GET.get("seen", "")
    seen = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0
    context = {"growth": growth, "seen": seen}
    response = render(request, "gallery/discovery/_growing.html", context)
    if not seen and (growth is None or growth.planted):
        response["HX-Refresh"] = "true"
    return response


@require_safe
def teaser_sheet(request: Request, first: str, second: str) -> HttpResponse:
    """The film of the pair on the home page, or its middle; 204 while it is being drawn."""
    film = hero_pair.read_film(first, second, request.GET.get("part", ""))
    if film is None:
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    return HttpResponse(
        film, content_type="image/webp", headers={"Cache-Control": "public, max-age=86400"}
    )


def find_tags(query: str) -> QuerySet[Tag]:
    """Tags that start with the query, or the newest; only tags with listed works."""
    tags = Tag.objects.filter(Exists(Artwork.objects.listed().filter(tags=OuterRef("pk"))))
    if query:
        return tags.filter(slug__startswith=slug_of(query) or "-")[:8]
    return tags.order_by("-id")[:SHOWN_TAGS]


@require_safe
def tag(request: Request, slug: str) -> HttpResponse:
    """Works with a tag, newest first. Another spelling of its address leads to it."""
    try:
        found = find_tag(slug)
    except Tag.DoesNotExist:
        raise Http404 from None
    if slug != found.slug:
        return redirect(found, permanent=True)
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
def complete_tag(request: Request) -> JsonResponse:
    """Tags in use that begin with `q`, for whoever is typing one: {"tags": [name]}."""
    names = [tag.name for tag in complete(request.GET.get("q", "")[:MAX_QUERY])]
    return JsonResponse({"tags": names}, headers={"Cache-Control": "public, max-age=60"})


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
    request: Request,
    template: str,
    works: ArtworkQuerySet,
    context: dict[str, Any],
    *,
    first: Sequence[Artwork] = (),
) -> HttpResponse:
    """A page with a wall of these works by `filter`; for "More works" by htmx, only the next cards.

    first: works that go before them. Raises Refused for an invalid cursor.
    """
    after = request.GET.get("after", "")
    narrowed: Filter | None = context.get("filter")
    if narrowed and not after:
        is_whole = context.get("is_whole", False)
        context["filter"] = with_counts(narrowed, works, user=request.user, is_whole=is_whole)
    works = narrowed.narrow(works) if narrowed else works
    key = context["shelf"].order if "shelf" in context else "published_at"
    page = pagination.page(works.for_cards(), after=after, size=SQUARES - len(first), key=key)
    page = replace(page, items=[*first, *page.items])
    context["page"] = lay_out(page, lambda work: pagination.cursor_of(work, key))
    context["is_first"] = not after
    return render(
        request, "gallery/discovery/_more.html" if request.htmx and after else template, context
    )
