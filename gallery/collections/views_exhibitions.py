"""Pages of exhibitions: works that curators show to everybody for a time."""

from collections import Counter

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gallery.collections.cards import attach_previews
from gallery.core import pagination
from gallery.models import Artwork, Collection, CollectionItem, User
from gallery.reports.actions import report_of_takedown
from gallery.types import Request

PAGE_SIZE = 12


@require_safe
def overview(request: Request) -> HttpResponse:
    """The exhibitions that are open now, the newest first."""
    found = Collection.objects.open_now().select_related("owner")
    page = pagination.page_by_id(found, after=request.GET.get("after", ""), size=PAGE_SIZE)
    attach_previews(page.items, request.user)
    return render(request, "gallery/collections/exhibitions.html", {"page": page})


@require_safe
def show(request: Request, slug: str) -> HttpResponse:
    """One exhibition: its cover and text, the works in their order, and their makers."""
    user = request.user
    found = Collection.objects.exhibitions().visible_to(user).select_related("owner")
    exhibition = found.filter(slug=slug).first()
    if exhibition is None:
        raise Http404(gettext("This exhibition doesn't exist, or isn't open now."))
    items = list(exhibition.items.shown_to(user).for_pages())
    context = {
        "exhibition": exhibition,
        "items": items,
        "cover": choose_cover(exhibition, items),
        "makers": count_makers(items),
        "takedown": report_of_takedown(exhibition) if exhibition.hidden_at else None,
        "can_edit": user.is_authenticated and user.is_curator,
    }
    response = render(request, "gallery/collections/exhibition.html", context)
    if not exhibition.is_open:
        response["X-Robots-Tag"] = "noindex"
    return response


def choose_cover(exhibition: Collection, items: list[CollectionItem]) -> Artwork | None:
    """The work that curators chose, if it is among the items; else the first picture."""
    works = [item.artwork for item in items if item.artwork.master]
    pictures = [work for work in works if not work.is_music]
    return next(
        (work for work in works if work.pk == exhibition.cover_id),
        next(iter(pictures or works), None),
    )


def count_makers(items: list[CollectionItem]) -> list[tuple[User, int]]:
    """The makers of the works, with how many each, in the order of their first work."""
    counts = Counter(item.artwork.author_id for item in items)
    makers = {item.artwork.author_id: item.artwork.author for item in items}
    return [(maker, counts[key]) for key, maker in makers.items()]
