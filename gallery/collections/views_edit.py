"""Pages that create and change collections.

Each works as a plain form; htmx and js/collections/arrange.js improve it.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from gallery.collections import actions as collecting
from gallery.collections.forms import AddressForm, CollectionForm, read_address
from gallery.core.http import find_work
from gallery.core.undo import note_deletion
from gallery.models import Artwork, Collection, CollectionItem, User
from gallery.types import MemberRequest
from generation.refusal import Refused

MAX_CHOICES = 300


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: MemberRequest) -> HttpResponse:
    """Create a collection."""
    form = CollectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(collecting.create_collection(request.user, **form.cleaned_data))
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return render(
        request,
        "gallery/collections/form.html",
        {"form": form},
        status=400 if form.is_bound else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, slug: str) -> HttpResponse:
    """Change the texts of a collection and who may see it."""
    collection = get_object_or_404(
        Collection.objects.personal().editable_by(request.user), slug=slug
    )
    form = CollectionForm.of(collection, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(
                collecting.edit_collection(request.user, collection, **form.cleaned_data)
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
    context = {"form": form, "collection": collection}
    return render(
        request, "gallery/collections/form.html", context, status=400 if form.is_bound else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: MemberRequest, slug: str) -> HttpResponse:
    """GET: ask for confirmation. POST: delete the collection or exhibition."""
    collection = get_object_or_404(Collection.objects.editable_by(request.user), slug=slug)
    if request.method == "POST":
        collecting.delete_collection(request.user, collection)
        note_deletion(request.session)
        return redirect("curate_exhibitions" if collection.is_exhibition else "my_collections")
    return render(request, "gallery/collections/delete.html", {"collection": collection})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: MemberRequest, slug: str) -> HttpResponse:
    """Reorder the works, write captions, take works out, add one by its address."""
    collection = find_arrangeable(request, slug)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_by_address(request.user, collection, form.cleaned_data["address"])
            return redirect("collection_arrange", slug)
        except Refused as refused:
            form.add_error("address", refused.sentence)
    context = {
        "collection": collection,
        "form": form,
        "items": list(collection.items.shown_to(request.user).for_pages()),
        "can_edit": Collection.objects.editable_by(request.user).filter(pk=collection.pk).exists(),
    }
    return render(
        request, "gallery/collections/arrange.html", context, status=400 if form.is_bound else 200
    )


def add_by_address(user: User, collection: Collection, address: str) -> None:
    """Add the work of an address. Raises Refused when there is no such work."""
    work = (
        Artwork.objects.visible_to(user).filter(slug=read_address(address)).first()
        if "\0" not in address
        else None
    )
    if work is None:
        raise Refused("There is no work at this address. Copy the address from the work's page.")
    collecting.add_work(user, collection, work)


@login_required
@require_POST
def change_item(request: MemberRequest, slug: str, pk: int) -> HttpResponse:
    """Change one item: move it `to` a place, or what `act` says: place, caption, cover, remove."""
    collection = find_arrangeable(request, slug)
    user, data = request.user, request.POST
    if "to" in data or data.get("act") == "place":
        collecting.move(
            user, collection, pk, place=read_place(data.get("to") or data.get("place", ""))
        )
    elif data.get("act") == "caption":
        collecting.write_caption(user, collection, pk, data.get("caption", ""))
    elif data.get("act") == "cover":
        collecting.set_cover(user, collection, pk)
    elif data.get("act") == "remove":
        item = collection.items.shown_to(user).select_related("artwork").filter(pk=pk).first()
        if item is not None:
            collecting.remove_work(user, collection, item.artwork)
        return redirect("collection_arrange", slug)
    else:
        raise Refused("This page is out of date. Reload it and try again.")
    return redirect(reverse("collection_arrange", args=[slug]) + f"#item-{pk}")


def read_place(text: str) -> int:
    """A place as people write it, 1 for the first. Raises Refused for anything but a number."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused("Enter the position as a number; 1 is first.")
    return int(text)


@login_required
@require_POST
def order(request: MemberRequest, slug: str) -> HttpResponse:
    """Save the order after a drag: `order` holds the id of every item once."""
    collection = find_arrangeable(request, slug)
    given = request.POST.getlist("order")
    if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in given):
        raise Refused(
            "The works in this collection have changed in the meantime. Reload the page and"
            " order them again."
        )
    collecting.arrange(request.user, collection, [int(text) for text in given])
    return HttpResponse(status=204)


def find_arrangeable(request: MemberRequest, slug: str) -> Collection:
    """The collection or exhibition, if this person may reorder it; else 404."""
    return get_object_or_404(
        Collection.objects.arrangeable_by(request.user).select_related("owner"), slug=slug
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def collect(request: MemberRequest, slug: str) -> HttpResponse:
    """Choose which of one's collections hold a work, or put it into a new one."""
    artwork = find_work(request, slug)
    if not artwork.master and artwork.author_id != request.user.pk:
        raise Http404(gettext("This work is still being printed."))
    context: dict[str, object] = {"artwork": artwork}
    status = 200
    if request.method == "POST":
        data = request.POST
        try:
            collecting.set_collected(
                request.user,
                artwork,
                offered=data.getlist("offered"),
                ticked=data.getlist("in"),
                title=data.get("title", ""),
                is_public=data.get("is_private") != "1",
            )
            if not request.htmx:
                return redirect(artwork)
            context["is_saved"] = True
        except Refused as refused:
            context |= {"refused": refused.sentence, "title": data.get("title", "")[:120]}
            status = 200 if request.htmx else 400  # htmx shows it inside the dialog.
    context["choices"] = choices_for(request.user, artwork)
    template = "_collect_form.html" if request.htmx else "collect.html"
    return render(request, f"gallery/collections/{template}", context, status=status)


def choices_for(user: User, artwork: Artwork) -> Sequence[Collection]:
    """The collections that this person may put a work into, last changed first.

    has_work: it is inside; is_fixed: somebody else added it, so this person cannot take it out.
    """
    inside = CollectionItem.objects.filter(collection=OuterRef("pk"), artwork=artwork)
    found = (
        Collection.objects.arrangeable_by(user)
        .select_related("owner")
        .annotate(has_work=Exists(inside), was_added_by_me=Exists(inside.filter(added_by=user)))
    )
    choices: list[Any] = list(found.order_by("-changed_at")[:MAX_CHOICES])
    for one in choices:
        is_guest = not one.is_exhibition and one.owner_id != user.pk
        one.is_fixed = one.has_work and is_guest and not one.was_added_by_me
    return choices
