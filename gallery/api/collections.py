"""Collections: who has which, what is inside, and changing one's own."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router, Status

from gallery.api import schemas
from gallery.api.callers import Caller
from gallery.api.core import READ_ERRORS, WRITE_ERRORS, Done
from gallery.api.payloads import card_payload, find_work
from gallery.collections.actions import (
    add_work,
    arrange,
    create_collection,
    delete_collection,
    edit_collection,
    remove_work,
)
from gallery.collections.views import with_listed_works
from gallery.core import pagination
from gallery.models import Collection
from gallery.types import MemberRequest
from generation.refusal import Refused

collections = Router(tags=["collections"])
READ, WRITE = Caller("read"), Caller("write")


@collections.get(
    "",
    response={200: schemas.CollectionPage, **READ_ERRORS},
    summary="Public collections, newest first",
)
def list_collections(request: HttpRequest, query: Query[schemas.PageQuery]) -> dict[str, Any]:
    """People's public collections that contain at least one public work."""
    return page_payload(
        with_listed_works(Collection.objects.listed().filter(owner__is_active=True)), query
    )


@collections.get(
    "/mine",
    response={200: schemas.CollectionPage, **READ_ERRORS},
    auth=READ,
    summary="Your own, newest first",
)
def my_collections(request: MemberRequest, query: Query[schemas.PageQuery]) -> dict[str, Any]:
    """Private ones, too; those that others share with you are not among them."""
    return page_payload(Collection.objects.personal().filter(owner=request.user), query)


@collections.post(
    "", response={201: schemas.CollectionOut, **WRITE_ERRORS}, auth=WRITE, summary="Make one"
)
def make(request: MemberRequest, body: schemas.CollectionIn) -> Status[dict[str, Any]]:
    """A new, empty collection of your own."""
    return Status(201, collection_payload(create_collection(request.user, **body.dict())))


@collections.get(
    "/{slug}", response={200: schemas.CollectionItems, **READ_ERRORS}, summary="One with its works"
)
def one_collection(request: HttpRequest, slug: str) -> dict[str, Any]:
    """In order; works that are not open to you are left out."""
    found = find_collection(request, slug)
    return {
        **collection_payload(found),
        "works": [
            card_payload(item.artwork) for item in found.items.shown_to(request.user).for_pages()
        ],
    }


@collections.patch(
    "/{slug}",
    response={200: schemas.CollectionOut, **WRITE_ERRORS},
    auth=WRITE,
    summary="Edit its title, text and visibility",
)
def change(request: MemberRequest, slug: str, body: schemas.CollectionEdit) -> dict[str, Any]:
    """Title, text, and whether everybody may look."""
    found = find_collection(request, slug)
    fields: dict[str, Any] = {
        "title": found.title,
        "text": found.text,
        "is_public": found.is_public,
    }
    fields |= body.dict(exclude_none=True)
    return collection_payload(edit_collection(request.user, found, **fields))


@collections.delete(
    "/{slug}", response={200: Done, **WRITE_ERRORS}, auth=WRITE, summary="Delete it"
)
def delete(request: MemberRequest, slug: str) -> dict[str, Any]:
    """The works stay where they are."""
    delete_collection(request.user, find_collection(request, slug))
    return {}


@collections.put(
    "/{slug}/works", response={200: Done, **WRITE_ERRORS}, auth=WRITE, summary="Order its works"
)
def order(request: MemberRequest, slug: str, body: schemas.OrderIn) -> dict[str, Any]:
    """All works that you see in it, each once."""
    found = find_collection(request, slug)
    keys = dict(found.items.shown_to(request.user).values_list("artwork__slug", "pk"))
    if set(body.works) - set(keys):
        raise Refused(
            "The order lists works that are not in the collection. Send exactly those that are."
        )
    arrange(request.user, found, [keys[work] for work in body.works])
    return {}


@collections.put(
    "/{slug}/works/{work}",
    response={200: Done, **WRITE_ERRORS},
    auth=WRITE,
    summary="Put a work in",
)
def add(request: MemberRequest, slug: str, work: str) -> dict[str, Any]:
    """At the end. Doing it twice changes nothing."""
    add_work(request.user, find_collection(request, slug), find_work(request, work))
    return {}


@collections.delete(
    "/{slug}/works/{work}",
    response={200: Done, **WRITE_ERRORS},
    auth=WRITE,
    summary="Take a work out",
)
def remove(request: MemberRequest, slug: str, work: str) -> dict[str, Any]:
    """Doing it twice changes nothing."""
    remove_work(request.user, find_collection(request, slug), find_work(request, work))
    return {}


def find_collection(request: HttpRequest, slug: str) -> Collection:
    """The collection; 404 if it is unknown or closed to the caller, who cannot tell which."""
    visible = Collection.objects.personal().visible_to(request.user).select_related("owner")
    found = visible.filter(slug=slug.replace("\0", "")).first()
    if found is None:
        raise Http404("There is no such collection.")
    return found


def page_payload(found: QuerySet[Collection], query: schemas.PageQuery) -> dict[str, Any]:
    """One page of collections, as JSON."""
    page = pagination.page_by_id(found.select_related("owner"), after=query.after, size=query.size)
    return {"items": [collection_payload(one) for one in page.items], "next": page.next_cursor}


def collection_payload(collection: Collection) -> dict[str, Any]:
    """A collection in short, as JSON."""
    fields = {name: getattr(collection, name) for name in ("slug", "title", "text", "is_public")}
    fields |= {"is_hidden": collection.hidden_at is not None, "owner": collection.owner.username}
    return {**fields, "url": collection.get_absolute_url()}
