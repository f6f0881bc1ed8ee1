"""The pages of one work: itself, its family, its files, and what its maker may change."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery.artworks.deleting import delete_work
from gallery.artworks.forms import EditForm, PrintForm, print_sizes
from gallery.artworks.likes import set_like
from gallery.artworks.previews import make_preview
from gallery.artworks.printing import enqueue_print
from gallery.artworks.publishing import edit_work
from gallery.comments.threads import conversation
from gallery.core.http import find_work, redirect_to_login
from gallery.core.permissions import check_of_age
from gallery.core.tunes import tune_page
from gallery.core.undo import note_deletion
from gallery.discovery.similar import similar_to
from gallery.jobs.progress import progress_payload
from gallery.lineage import graph, replay, story, tree_svg
from gallery.lineage.credit import credits, percent
from gallery.lineage.licences import add_robots_headers, may_train, rights
from gallery.models import Artwork, Like, Species, State
from gallery.models.artwork import sees_adult_works
from gallery.reports.views import is_quarantined_work_of, report_context
from gallery.sharing import downloads
from gallery.sharing.views_dialog import share_of
from gallery.sharing.work_files import send_variant
from gallery.species.worded import graftable_species
from gallery.types import AnyUser, MemberRequest, Request
from generation.codecs import solids
from generation.refusal import Refused

SHOWN_CHILDREN = 12
PREVIEW_PATIENCE_S = 10.0


@require_safe
def show(request: Request, slug: str) -> HttpResponse:
    """The page of a work: the work, its maker, lineage, comments and similar works."""
    try:
        artwork = find_work(request, slug)
    except Http404:
        if is_quarantined_work_of(request.user, slug):
            return redirect("takedown", slug=slug)
        raise
    user = request.user
    is_mine = Artwork.objects.editable_by(user).filter(pk=artwork.pk).exists()
    family = graph.family(artwork, user)
    job = (
        artwork.jobs.order_by("-created_at").first()
        if artwork.state in (State.RENDERING, State.FAILED) and is_mine
        else None
    )
    is_hidden = artwork.is_for_adults and not sees_adult_works(user)
    has_picture = bool(artwork.master) or artwork.state == State.RENDERING
    context = {
        "artwork": artwork,
        "rights": rights(artwork.licence),
        "credits": credits(artwork, user),
        "has_replay": replay.read_pedigree(artwork) is not None,
        "may_train": may_train(artwork),
        "story": story.describe_recipe(artwork, user),
        "prompts": prompts_of(artwork),
        "family": family,
        "parents": parents_of(family, artwork),
        "children": children_of(artwork, user),
        "trees": tree_svg.draw_both(family),
        "is_hidden": is_hidden,
        "tune": tune_page(artwork) if artwork.is_music and has_picture and not is_hidden else None,
        "tags": artwork.tags.all(),
        "can_edit": is_mine,
        "grafts_onto": grafts_onto(artwork),
        "can_breed": Artwork.objects.breedable_by(user).filter(pk=artwork.pk).exists(),
        "is_brought": artwork.is_brought,
        "is_liked": (
            user.is_authenticated and Like.objects.filter(user=user, artwork=artwork).exists()
        ),
        "job": job,
        "progress": progress_payload(job) if job else None,
        "preview_url": reverse("artwork_preview", args=[slug]) if job else "",
        "print_sizes": other_sizes(artwork),
        "conversation": conversation(artwork, user),
        "report": report_context(artwork, user),
        "share": share_of(request, artwork),
        "similar": similar_to(artwork, user),
        "picture_sizes": [] if artwork.is_music else downloads.picture_sizes(artwork),
        "has_solid": downloads.has_solid(artwork),
        "solid_missing": "" if solids.is_installed() else gettext(solids.MISSING),
    }
    response = render(request, "gallery/artworks/artwork.html", context)
    add_robots_headers(response, artwork)
    return response


def grafts_onto(artwork: Artwork) -> list[Species]:
    """The species that can paint over the work; none for a tune."""
    return [] if artwork.is_music else graftable_species()


def prompts_of(artwork: Artwork) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the work was painted from and keeps away from: a term, and its words with their parts.

    The part is empty where the words are all that there are.
    """
    terms = {"prompts": gettext("Painted from"), "avoided": gettext("Kept away from")}
    found = {name: artwork.genome.get(name, []) for name in terms}
    return [
        (terms[name], [(words, "" if weight == 1 else percent(weight)) for words, weight in pairs])
        for name, pairs in found.items()
        if pairs
    ]


def other_sizes(artwork: Artwork) -> list[tuple[int, str]]:
    """Other sizes that the work can be printed in; music has none."""
    return [] if artwork.is_music else [size for size in print_sizes() if size[0] != artwork.width]


def parents_of(family: graph.Family, artwork: Artwork) -> list[tuple[graph.Member, graph.Tie]]:
    """The work's parents with their ties to it, the heaviest first."""
    members = {member.key: member for member in family.members}
    ties = sorted(
        (tie for tie in family.ties if tie.child == artwork.pk), key=lambda tie: -tie.share
    )
    return [(members[tie.parent], tie) for tie in ties if tie.parent in members]


def children_of(artwork: Artwork, user: AnyUser) -> list[Artwork]:
    """The newest children that this person may know of; one more than are shown."""
    children = graph.nameable(user).filter(parent_edges__parent=artwork)
    return list(children.for_cards()[: SHOWN_CHILDREN + 1])


@require_safe
def file(request: Request, slug: str, variant: str) -> HttpResponseBase:
    """A file of a work, for whoever may open the work. Players may request a range of a sound."""
    works = Artwork.objects.visible_to(request.user).select_related("species")
    work = get_object_or_404(works.defer("genome", "pedigree", "description"), slug=slug)
    return send_variant(request, work, variant, is_public=work.is_listed)


@require_safe
def preview(request: Request, slug: str) -> HttpResponse:
    """The picture of a work that is being printed, rendered now if it is not there yet."""
    if not request.user.is_authenticated:
        raise Http404(gettext("This work is still being printed."))
    artwork = find_editable(request, slug)
    if not make_preview(artwork, patience_s=PREVIEW_PATIENCE_S):
        artwork.refresh_from_db(fields=["thumbnail"])  # The print may have come meanwhile.
    if not artwork.thumbnail:
        raise Http404(gettext("This work is still being printed."))
    return redirect(artwork.thumbnail_url)


@require_safe
def download(request: Request, slug: str, kind: str) -> HttpResponse:
    """A download of the work; the file holds its maker, licence and lineage as metadata."""
    artwork = find_work(request, slug)
    if artwork.is_for_adults:
        check_of_age(request.user, artwork.title)
    if not downloads.may_download(artwork, request.user):
        raise Http404(gettext("Its maker reserves all rights in this work; ask them for a file."))
    if kind not in downloads.kinds(artwork) or not artwork.master:
        raise Http404(gettext("This work has no such file to download yet."))
    try:
        data, media_type = downloads.make_copy(artwork, kind)
    except FileNotFoundError:
        raise Http404(gettext("The file of this work is missing from storage.")) from None
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = downloads.disposition(artwork, kind)
    response["Cache-Control"] = "private, no-cache"
    return response


@require_POST
def like(request: Request, slug: str) -> HttpResponse:
    """Like the work (`keep=1`), or take the like back."""
    artwork = find_work(request, slug)
    if not request.user.is_authenticated:
        return redirect_to_login(request, artwork.get_absolute_url())
    is_liked = request.POST.get("keep") == "1"
    set_like(request.user, artwork, is_liked)
    if not request.htmx:
        # The fragment gives the focus back to the button.
        return redirect(f"{artwork.get_absolute_url()}#like")
    artwork.refresh_from_db(fields=["like_count"])
    return render(
        request,
        "gallery/artworks/_like.html",
        {"artwork": artwork, "is_liked": is_liked, "is_changed": True},
    )


@require_POST
def request_print(request: Request, slug: str) -> HttpResponse:
    """Queue a print of another size, a 3D model or a tune's stems; leads to the job's page."""
    artwork = find_work(request, slug)
    if not request.user.is_authenticated:
        return redirect_to_login(request, artwork.get_absolute_url())
    solid = request.POST.get("solid", "")
    if artwork.is_music or solid:
        return redirect("job", id=enqueue_print(request.user, artwork, solid=solid).pk)
    form = PrintForm(request.POST)
    if not form.is_valid():
        raise Refused(
            " ".join(str(message) for messages in form.errors.values() for message in messages)
        )
    job = enqueue_print(request.user, artwork, size=form.cleaned_data["size"])
    return redirect("job", id=job.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, slug: str) -> HttpResponse:
    """Edit what is said about a work."""
    artwork = find_editable(request, slug)
    form = EditForm.of(artwork, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            edit_work(request.user, artwork, **form.cleaned_data)
            return redirect(artwork)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    context = {"artwork": artwork, "form": form}
    return render(
        request, "gallery/artworks/edit.html", context, status=400 if form.is_bound else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: MemberRequest, slug: str) -> HttpResponse:
    """GET: ask for confirmation. POST: delete the work."""
    artwork = find_editable(request, slug)
    if request.method == "POST":
        delete_work(request.user, artwork)
        note_deletion(request.session)
        return redirect("mine")
    has_children = artwork.child_edges.exists()
    return render(
        request, "gallery/artworks/delete.html", {"artwork": artwork, "has_children": has_children}
    )


def find_editable(request: Request, slug: str) -> Artwork:
    """The work, if this person may change it; else 404."""
    works = Artwork.objects.editable_by(request.user).select_related("author", "species")
    return get_object_or_404(works.prefetch_related("tags"), slug=slug)
