"""The read API: works, their genomes and lineage, the species. Its page lists the endpoints from the same schema."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from ninja import Field, NinjaAPI, Query, Schema
from ninja.openapi.docs import DocsBase

from gallery import keyset
from gallery.lineage import nameable
from gallery.models import Artwork, Generator, LineageEdge
from generation.refusal import Refused

MAX_RELATIVES = 200


class ApiPage(DocsBase):
    """A page of our own: the stock one loads scripts from another host."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **path: Any) -> HttpResponse:
        schema = api.get_openapi_schema()
        operations = [
            {"path": path, "method": method.upper(), **operation}
            for path, methods in schema["paths"].items()
            for method, operation in methods.items()
        ]
        return render(request, "gallery/api.html", {"operations": operations, "schema": reverse("api-1:openapi-json")})


api = NinjaAPI(
    title="Arboretum", version="1", urls_namespace="api-1", docs=ApiPage(), docs_url="/",
    description="Reads what a visitor may see; with a session cookie, what that person may see. Nothing is written here.",
)


@api.exception_handler(Refused)
def refuse(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The sentence as JSON; 429 with Retry-After where waiting helps."""
    response = api.create_response(request, {"detail": refused.sentence}, status=429 if refused.retry_after else 400)
    if refused.retry_after:
        response["Retry-After"] = str(max(1, round(refused.retry_after)))
    return response


class Card(Schema):
    """A work in short."""

    slug: str
    title: str
    url: str
    maker: str
    generator: str
    licence: str
    width: int = Field(description="Pixels of the master; 0 while it is being printed.")
    height: int
    thumbnail: str = Field(description="Address of a square picture (WebP, of a tune SVG), empty while it is being printed.")
    seconds: float = Field(description="How long a tune plays; 0 for pictures.")
    audio: str = Field(description="Address of a tune's MP3; empty for pictures.")
    published_at: datetime | None


class CardPage(Schema):
    """Some works, and where the next ones begin."""

    items: list[Card]
    next: str = Field(description="Give this as `after` for the next works; empty at the end.")


class Relative(Schema):
    """A parent or a child, and how much was inherited."""

    share: float = Field(description="Part of the child's inheritance, above 0 and at most 1.")
    work: Card | None = Field(description="null for a work that is not public.")


class Work(Card):
    """A work with its words, and its parents."""

    description: str
    alt_text: str
    tags: list[str]
    may_be_bred: bool
    novelty: float = Field(description="0 to 1: the part that came from no parent.")
    depth: int = Field(description="Broods between this work and its oldest ancestor.")
    master: str
    parents: list[Relative]


class GenomeOut(Schema):
    """Everything that is needed to render a work again."""

    identity: str = Field(description="SHA-256 of the genome's canonical JSON.")
    genome: dict[str, Any]


class Lineage(Schema):
    """Direct parents and children, and the pedigree: how the work came from its roots through unpublished broods."""

    parents: list[Relative]
    children: list[Relative]
    pedigree: dict[str, Any] = Field(description="Roots that are not public are null.")


class Species(Schema):
    """A generator's card."""

    key: str
    name: str
    medium: str
    version: int
    digest: str
    licence: str
    credit: str
    description: str
    is_available: bool
    problem: str


class WallQuery(Schema):
    """Which works, and from where on."""

    after: str = Field("", max_length=80, description="The `next` of the page before.")
    size: int = Field(24, ge=1, le=100)
    generator: str = Field("", max_length=60, description="Only works of this species, by key.")
    tag: str = Field("", max_length=40, description="Only works with this tag, by slug.")
    maker: str = Field("", max_length=30, description="Only works of this person, by user name.")


@api.get("/works", response=CardPage, summary="Public works, newest first")
def works(request: HttpRequest, query: Query[WallQuery]) -> dict[str, Any]:
    """What stands on the wall, page by page."""
    asked = {"generator": query.generator, "tags__slug": query.tag, "author__username": query.maker}
    wall = Artwork.objects.listed().filter(**{name: value for name, value in asked.items() if value})
    page = keyset.page(wall.for_cards(), after=query.after, size=query.size)
    return {"items": [card(work) for work in page.items], "next": page.next_cursor or ""}


@api.get("/works/{slug}", response=Work, summary="One work")
def one_work(request: HttpRequest, slug: str) -> dict[str, Any]:
    """A work with its words and its parents."""
    work = find(request, slug)
    words = {name: getattr(work, name) for name in ("description", "alt_text", "may_be_bred", "novelty", "depth")}
    ending = "flac" if work.is_music else "png"
    master = reverse("artwork_file", args=[work.slug, f"master.{ending}"]) if work.master else ""
    tags = [tag.name for tag in work.tags.all()]
    return {**card(work), **words, "tags": tags, "master": master, "parents": relatives(request, work, "parent")}


@api.get("/works/{slug}/genome", response=GenomeOut, summary="Its genome")
def genome(request: HttpRequest, slug: str) -> dict[str, Any]:
    """The genes and everything else that is needed to render the work again, bit for bit."""
    work = find(request, slug)
    return {"identity": work.genome_identity, "genome": work.genome}


@api.get("/works/{slug}/lineage", response=Lineage, summary="Its lineage")
def lineage(request: HttpRequest, slug: str) -> dict[str, Any]:
    """Parents, children (at most 200, the newest), and the pedigree."""
    work = find(request, slug)
    pedigree = dict(work.pedigree)
    roots = pedigree.get("roots", [])
    # An unlisted work is found by its address alone, so a child must not tell the address.
    named = set(nameable(request.user).filter(slug__in=roots).values_list("slug", flat=True))
    pedigree["roots"] = [root if root in named or root.startswith("seed:") else None for root in roots]
    parents, children = relatives(request, work, "parent"), relatives(request, work, "child")
    return {"parents": parents, "children": children, "pedigree": pedigree}


@api.get("/generators", response=list[Species], summary="The species")
def generators(request: HttpRequest) -> list[Generator]:
    """Every species of this garden, unavailable ones too."""
    return list(Generator.objects.all())


def find(request: HttpRequest, slug: str) -> Artwork:
    """The work, or 404 for what is unknown and what is private alike."""
    visible = Artwork.objects.visible_to(request.user).select_related("author", "generator").prefetch_related("tags")
    return get_object_or_404(visible, slug=slug)


def card(work: Artwork) -> dict[str, Any]:
    """A work in short, as JSON."""
    fields = {name: getattr(work, name) for name in ("slug", "title", "licence", "width", "height", "published_at")}
    return {
        **fields, "url": work.get_absolute_url(), "maker": work.author.username, "generator": work.generator_id,
        "thumbnail": work.thumbnail_url, "seconds": work.seconds, "audio": work.audio_url,
    }


def relatives(request: HttpRequest, work: Artwork, side: str) -> list[dict[str, Any]]:
    """The direct parents (side "parent") or children (side "child"); those that may not be named are null."""
    other = "child" if side == "parent" else "parent"
    edges = LineageEdge.objects.filter(**{other: work}).order_by("-share" if side == "parent" else "-id")[:MAX_RELATIVES]
    pairs = list(edges.values_list(f"{side}_id", "share"))
    named = nameable(request.user).for_cards().in_bulk([pk for pk, _ in pairs])
    return [{"share": share, "work": card(named[pk]) if pk in named else None} for pk, share in pairs]
