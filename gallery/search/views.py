"""The search page: sections of works, people, collections and tags, and each in full."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gallery.collections.cards import attach_previews
from gallery.core import pagination
from gallery.discovery.filters import read_filter
from gallery.discovery.views import find_tags, show_wall
from gallery.models import Artwork, text_index
from gallery.models.texts import clean_line
from gallery.search.sections import find_collections, find_people, find_sections
from gallery.search.spelling import correct
from gallery.types import Request

MAX_QUERY = 100
PEOPLE_SIZE, COLLECTIONS_SIZE = 48, 24
PAGE = "gallery/search/search.html"


@require_safe
def search(request: Request) -> HttpResponse:
    """What matches a query, in sections.

    `in` names the section to show in full: works, people, collections or tags. A filter of works
    shows them in full as well. Where nothing matches, misspelt words are corrected, unless `exact`
    is given.
    """
    query = clean_line(request.GET.get("q", ""))[:MAX_QUERY]
    within = request.GET.get("in", "")
    context: dict[str, Any] = {"query": query, "written": query, "within": within}
    if not query:
        return render(request, PAGE, context | {"tags": list(find_tags(query))})
    context["filter"] = narrowed = read_filter(request)
    if within == "people":
        return show_people(request, context)
    if within == "collections":
        return show_collections(request, context)
    if narrowed.is_on or within == "works" or request.GET.get("after"):
        works = Artwork.objects.listed().within_boundaries(request.user).matching(query)
        return show_wall(request, PAGE, works, context | {"within": "works"})
    tags = list(find_tags(query))
    if "exact" not in request.GET and not (tags or is_found(query)):
        context["query"] = query = correct(query) or query
        tags = list(find_tags(query))
    sections = find_sections(query, request.user, tags=tags)
    if within == "tags":
        sections = [section for section in sections if section.key == "tags"]
    return render(request, PAGE, context | {"sections": sections})


def is_found(query: str) -> bool:
    """Whether works, people or collections have the words of a query, whoever may see them."""
    tables = (text_index.TABLE, text_index.PEOPLE, text_index.COLLECTIONS)
    return any(text_index.find(query, table=table, limit=1) for table in tables)


def show_people(request: Request, context: dict[str, Any]) -> HttpResponse:
    """A page of the people who match; for htmx only the next ones."""
    found = find_people(context["query"], request.user)
    after = request.GET.get("after", "")
    page = pagination.page_by_id(found, after=after, size=PEOPLE_SIZE)
    context |= {"people": page.items, "next_cursor": page.next_cursor}
    is_more = request.htmx and after
    return render(request, "gallery/people/_people.html" if is_more else PAGE, context)


def show_collections(request: Request, context: dict[str, Any]) -> HttpResponse:
    """A page of the collections that match; for htmx only the next ones."""
    after = request.GET.get("after", "")
    page = pagination.page_by_id(
        find_collections(context["query"]), after=after, size=COLLECTIONS_SIZE
    )
    attach_previews(page.items, request.user)
    is_more = request.htmx and after
    return render(
        request, "gallery/collections/_cards.html" if is_more else PAGE, context | {"page": page}
    )
