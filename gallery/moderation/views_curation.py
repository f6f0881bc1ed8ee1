"""Pages of the desk for curators: picks and exhibitions."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery.collections import actions as collecting
from gallery.collections import picks as curating
from gallery.collections.cards import attach_previews
from gallery.collections.forms import ExhibitionForm, PickForm, read_address, zone
from gallery.core import pagination
from gallery.models import Artwork, Collection, Pick
from gallery.moderation.views_desk import curators_only, show_desk
from gallery.types import MemberRequest
from generation.refusal import Refused

PAGE_SIZE = 24
MAX_CURRENT = 200


@curators_only
@require_safe
def picks(request: MemberRequest) -> HttpResponse:
    """The current, upcoming and past picks."""
    after = request.GET.get("after", "")
    rows = Pick.objects.select_related("artwork__author", "artwork__species", "curator").defer(
        "artwork__genome", "artwork__pedigree", "artwork__description"
    )
    past = pagination.page_by_id(
        rows.filter(ends_at__lte=timezone.now()), after=after, size=PAGE_SIZE
    )
    context = {
        "shown": rows.in_force()[:MAX_CURRENT] if not after else (),
        "upcoming": rows.upcoming().order_by("starts_at")[:MAX_CURRENT] if not after else (),
        "page": past,
    }
    return show_desk(request, "gallery/moderation/picks.html", context)


@curators_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_pick(request: MemberRequest) -> HttpResponse:
    """Pick a work by its address; `?work=` fills the address in."""
    form = PickForm(request.POST or None, initial={"address": request.GET.get("work", "")[:400]})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            work = Artwork.objects.listed().filter(slug=read_address(data["address"])).first()
            if work is None:
                raise Refused(
                    "There is no public work at this address. Copy the address from the work's"
                    " page."
                )
            curating.pick(
                request.user,
                work,
                starts_at=data["starts_at"],
                ends_at=data["ends_at"],
                note=data["note"],
            )
            return redirect("curate_picks")
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return show_desk(
        request,
        "gallery/moderation/pick_form.html",
        {"form": form, "zone": zone()},
        status=400 if form.is_bound else 200,
    )


@curators_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit_pick(request: MemberRequest, pk: int) -> HttpResponse:
    """Change the dates and the note of a pick."""
    pick = get_object_or_404(
        Pick.objects.select_related("artwork__author", "artwork__species"), pk=pk
    )
    form = PickForm.of(pick, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            curating.reschedule(request.user, pick, **form.cleaned_data)
            return redirect("curate_picks")
        except Refused as refused:
            form.add_error(None, refused.sentence)
    context = {"form": form, "pick": pick, "zone": zone()}
    return show_desk(
        request, "gallery/moderation/pick_form.html", context, status=400 if form.is_bound else 200
    )


@curators_only
@require_POST
def end_pick(request: MemberRequest, pk: int) -> HttpResponse:
    """End a pick, or delete one that has not begun."""
    curating.unpick(request.user, get_object_or_404(Pick, pk=pk))
    return redirect("curate_picks")


@curators_only
@require_safe
def exhibitions(request: MemberRequest) -> HttpResponse:
    """All exhibitions: drafts, scheduled, open and closed."""
    found = Collection.objects.exhibitions().select_related("owner")
    page = pagination.page_by_id(found, after=request.GET.get("after", ""), size=PAGE_SIZE)
    attach_previews(page.items, request.user)
    return show_desk(request, "gallery/moderation/exhibitions.html", {"page": page})


@curators_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_exhibition(request: MemberRequest) -> HttpResponse:
    """Create an exhibition; its works are chosen afterwards."""
    form = ExhibitionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = collecting.create_exhibition(request.user, **form.cleaned_data)
            return redirect("collection_arrange", made.slug)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    context = {"form": form, "zone": zone()}
    return show_desk(
        request,
        "gallery/moderation/exhibition_form.html",
        context,
        status=400 if form.is_bound else 200,
    )


@curators_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit_exhibition(request: MemberRequest, slug: str) -> HttpResponse:
    """Change the texts and dates of an exhibition."""
    exhibition = get_object_or_404(Collection.objects.exhibitions(), slug=slug)
    form = ExhibitionForm.of(exhibition, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            collecting.edit_exhibition(request.user, exhibition, **form.cleaned_data)
            return redirect("curate_exhibitions")
        except Refused as refused:
            form.add_error(None, refused.sentence)
    context = {"form": form, "exhibition": exhibition, "zone": zone()}
    return show_desk(
        request,
        "gallery/moderation/exhibition_form.html",
        context,
        status=400 if form.is_bound else 200,
    )
