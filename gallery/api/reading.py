"""Reading: works, their genomes and lineage, species, tags."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.errors import HttpError

from gallery.api import schemas
from gallery.api.core import READ_ERRORS, add_rate_limit_headers
from gallery.api.payloads import card_payload, find_work, relative_payloads, work_payload
from gallery.core import pagination
from gallery.lineage.graph import nameable
from gallery.lineage.originality import may_copy
from gallery.lineage.references import work_in, works_in
from gallery.models import Artwork, Species, Tag
from gallery.models.texts import slug_of
from gallery.sharing import downloads

MAX_TAGS = 100

works = Router(tags=["works"])
garden = Router(tags=["garden"])


@works.get(
    "", response={200: schemas.CardPage, **READ_ERRORS}, summary="Public works, newest first"
)
def list_works(request: HttpRequest, query: Query[schemas.WallQuery]) -> dict[str, Any]:
    """The public works, page by page."""
    tag = slug_of(query.tag) or query.tag
    filters = {"species": query.generator, "tags__slug": tag, "author__username": query.maker}
    wall = Artwork.objects.listed().filter(
        **{name: value.replace("\0", "") for name, value in filters.items() if value}
    )
    page = pagination.page(wall.for_cards(), after=query.after, size=query.size)
    return {"items": [card_payload(work) for work in page.items], "next": page.next_cursor or ""}


@works.get(
    "/search", response={200: schemas.CardPage, **READ_ERRORS}, summary="Public works by words"
)
def search(request: HttpRequest, query: Query[schemas.SearchQuery]) -> dict[str, Any]:
    """Works whose title, description, tags or maker hold all the words, newest first."""
    page = pagination.page(
        Artwork.objects.listed().matching(query.q).for_cards(), after=query.after, size=query.size
    )
    return {"items": [card_payload(work) for work in page.items], "next": page.next_cursor or ""}


@works.get("/{slug}", response={200: schemas.Work, **READ_ERRORS}, summary="One work")
def one_work(request: HttpRequest, slug: str) -> dict[str, Any]:
    """A work with its words and its parents."""
    return work_payload(request, find_work(request, slug))


@works.get("/{slug}/genome", response={200: schemas.GenomeOut, **READ_ERRORS}, summary="Its genome")
def genome(request: HttpRequest, slug: str) -> dict[str, Any]:
    """The genes and everything else that is needed to render the work again, bit for bit.

    With all rights reserved, they are the maker's alone.
    """
    work = find_work(request, slug)
    if not may_copy(work, request.user.pk):
        raise HttpError(403, "The maker reserves all rights in this work and its genome.")
    return {"identity": work.genome_identity, "genome": work.genome}


@works.get("/{slug}/lineage", response={200: schemas.Lineage, **READ_ERRORS}, summary="Its lineage")
def lineage(request: HttpRequest, slug: str) -> dict[str, Any]:
    """Parents, children (at most 200, the newest), and the pedigree."""
    work = find_work(request, slug)
    pedigree = dict(work.pedigree)
    roots = pedigree.get("roots", [])
    # An unlisted work is found by its address alone, so its children must not reveal it.
    slugs = works_in(roots)
    named = {root.slug: root for root in nameable(request.user).filter(slug__in=slugs)}
    pedigree["roots"] = [
        root if not work_in(root) or work_in(root) in named else None for root in roots
    ]
    # Whoever has the steps can breed the work again, or reckon back to a root.
    if None in pedigree["roots"] or not all(
        may_copy(each, request.user.pk) for each in (work, *named.values())
    ):
        pedigree.pop("steps", None)
    return {
        "parents": relative_payloads(request, work, "parent"),
        "children": relative_payloads(request, work, "child"),
        "pedigree": pedigree,
    }


FILE = {
    "responses": {200: {"description": "The file.", "content": {"application/octet-stream": {}}}}
}


@works.get(
    "/{slug}/download/{kind}",
    response=READ_ERRORS,
    summary="Download a file",
    openapi_extra=FILE,
)
def download(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """png, webp or jpeg, smaller ones as 256.png, 512.webp ...; of a tune mp3, ogg, flac, wav, mid
    or json.

    The file's metadata names maker, licence and lineage.
    """
    work = find_work(request, slug)
    if not downloads.may_download(work, request.user):
        raise HttpError(403, "The maker reserves all rights in this work; ask them for a file.")
    if kind not in downloads.kinds(work) or not work.master:
        raise Http404("This work has no such file.")
    try:
        data, _ = downloads.make_copy(work, kind)
    except FileNotFoundError:
        raise Http404("The file of this work is missing from storage.") from None
    return add_rate_limit_headers(
        request, HttpResponse(data, content_type="application/octet-stream")
    )


@garden.get(
    "/generators", response={200: list[schemas.Species], **READ_ERRORS}, summary="The species"
)
def generators(request: HttpRequest) -> list[Species]:
    """Every species on this site, unavailable ones too."""
    return list(Species.objects.all())


@garden.get("/tags", response={200: list[schemas.TagOut], **READ_ERRORS}, summary="Tags")
def tags(request: HttpRequest, begins: str = "") -> list[Tag]:
    """At most a hundred tags, by the beginning of their slug."""
    return list(Tag.objects.filter(slug__startswith=slug_of(begins[:80]))[:MAX_TAGS])
