"""Pages that show collections: everybody's, one person's, one's own, and a single one."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gallery.collections.cards import attach_previews
from gallery.core import pagination
from gallery.models import Boundary, Collection, CollectionItem, CollectionMember
from gallery.people.profiles import find_profile
from gallery.reports.actions import report_of_takedown
from gallery.types import AnyUser, MemberRequest, Request

PAGE_SIZE = 24
WORKS_PER_PAGE = 48


@require_safe
def overview(request: Request) -> HttpResponse:
    """Public collections that hold a listed work, the newest first."""
    found = with_listed_works(Collection.objects.listed().filter(owner__is_active=True))
    if request.user.is_authenticated:
        found = found.exclude(owner__in=Boundary.objects.filter(user=request.user).values("other"))
    return show_cards(request, "gallery/collections/collections.html", found, {})


@require_safe
def of_person(request: Request, username: str) -> HttpResponse:
    """The public collections of a person."""
    person = find_profile(username, request.user)
    if person.username != username:
        return redirect("person_collections", person.username, permanent=True)
    found = with_listed_works(Collection.objects.listed().filter(owner=person))
    return show_cards(
        request, "gallery/collections/person_collections.html", found, {"person": person}
    )


@login_required
@require_safe
def mine(request: MemberRequest) -> HttpResponse:
    """One's own collections, those shared with one, and open invitations."""
    user = request.user
    invited = CollectionMember.objects.filter(
        user=user, accepted_at__isnull=True, collection__hidden_at__isnull=True
    )
    invited = invited.select_related("collection__owner")
    shared = (
        Collection.objects.shared_with(user)
        .select_related("owner")
        .order_by("-changed_at")[:PAGE_SIZE]
    )
    is_first = not request.GET.get("after")
    context = {
        "invitations": invited.order_by("-id")[:PAGE_SIZE] if is_first else (),
        "shared": attach_previews(list(shared), user) if is_first else (),
    }
    return show_cards(
        request,
        "gallery/collections/my_collections.html",
        Collection.objects.personal().filter(owner=user),
        context,
    )


def with_listed_works(found: QuerySet[Collection]) -> QuerySet[Collection]:
    """Only those that hold a work which everybody sees."""
    listed = CollectionItem.objects.filter(
        collection=OuterRef("pk"), artwork__state="published", artwork__visibility="public"
    )
    return found.filter(Exists(listed))


def show_cards(
    request: Request, template: str, found: QuerySet[Collection], context: dict[str, Any]
) -> HttpResponse:
    """A page of collection cards, the newest first; for htmx's “more” only the next cards."""
    after = request.GET.get("after", "")
    page = pagination.page_by_id(found.select_related("owner"), after=after, size=PAGE_SIZE)
    attach_previews(page.items, request.user)
    return render(
        request,
        "gallery/collections/_cards.html" if request.htmx and after else template,
        context | {"page": page},
    )


@require_safe
def show(request: Request, slug: str) -> HttpResponse:
    """One collection: its title and text, who collects, and the works in their order."""
    user = request.user
    collection = Collection.objects.personal().select_related("owner").filter(slug=slug).first()
    membership = find_membership(collection, user)
    if (
        collection is None
        or not Collection.objects.visible_to(user).filter(pk=collection.pk).exists()
    ):
        if collection is None or membership is None or collection.hidden_at:
            raise Http404(gettext("This collection doesn't exist, or its owner keeps it private."))
        return render(request, "gallery/collections/invitation.html", {"collection": collection})
    after = request.GET.get("after", "")
    context = {
        "collection": collection,
        "page": page_of_items(collection, user, after=after, size=WORKS_PER_PAGE),
    }
    if request.htmx and after:
        return render(request, "gallery/artworks/_pieces.html", context)
    is_owner = user.is_authenticated and collection.owner_id == user.pk
    context |= {
        "work_count": collection.items.shown_to(user).count(),
        "together": (
            collection.members.filter(
                accepted_at__isnull=False, user__is_active=True
            ).select_related("user")
        ),
        "is_owner": is_owner,
        "takedown": report_of_takedown(collection) if collection.hidden_at else None,
        "is_member": membership is not None and membership.accepted_at is not None,
        "is_invited": membership is not None and membership.accepted_at is None,
    }
    response = render(request, "gallery/collections/collection.html", context)
    if not collection.is_open:
        response["X-Robots-Tag"] = "noindex"
    return response


def find_membership(collection: Collection | None, user: AnyUser) -> CollectionMember | None:
    """This person's invitation to the collection, accepted or not."""
    if collection is None or not user.is_authenticated:
        return None
    return collection.members.filter(user=user).first()


def page_of_items(
    collection: Collection, user: AnyUser, *, after: str, size: int
) -> pagination.Page:
    """A page of the works of a collection, in their order. after: position of the last one seen."""
    rows = collection.items.shown_to(user).for_pages()
    if after:
        rows = rows.filter(position__gt=pagination.read_id(after))
    items = list(rows[: size + 1])
    return pagination.Page(items[:size], str(items[size - 1].position) if len(items) > size else "")
