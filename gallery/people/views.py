"""Pages about people: profiles, followers, muting and blocking, one's own works and likes."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from gallery.core import pagination
from gallery.core.avatars import attach_avatars
from gallery.core.http import redirect_to_login
from gallery.discovery.facets import with_counts
from gallery.discovery.filters import read_filter
from gallery.discovery.large_tiles import SQUARES, lay_out
from gallery.models import Artwork, Boundary, Job, Like, User
from gallery.models.artwork import ArtworkQuerySet
from gallery.people.actions import remove_boundary, set_boundary, set_follow
from gallery.people.profiles import find_profile, people_in
from gallery.types import MemberRequest, Request
from generation.refusal import Refused

PAGE_SIZE = 48
MAX_UNFINISHED = 12  # Each of them polls its job every two seconds.


@require_safe
def profile(request: Request, username: str) -> HttpResponse:
    """A person's public works, newest first, and their bio."""
    person = find_profile(username, request.user)
    if person.username != username:
        return redirect(person, permanent=True)
    narrowed = read_filter(request)
    works = Artwork.objects.listed().filter(author=person)
    after = request.GET.get("after", "")
    page = read_wall(request, narrowed.narrow(works).for_cards())
    if not after:
        narrowed = with_counts(narrowed, works, user=request.user)
    return show_wall(
        request, "gallery/people/profile.html", {"person": person, "page": page, "filter": narrowed}
    )


@require_safe
def followers(request: Request, username: str) -> HttpResponse:
    """The followers of a person, the newest first."""
    return show_follows(request, username, side="follower")


@require_safe
def following(request: Request, username: str) -> HttpResponse:
    """The people whom a person follows, the newest first."""
    return show_follows(request, username, side="followed")


def show_follows(request: Request, username: str, *, side: str) -> HttpResponse:
    """A page of the people on one side of a person's follows; for htmx only the next ones."""
    person = find_profile(username, request.user)
    if person.username != username:
        page = "followers" if side == "follower" else "following"
        return redirect(page, person.username, permanent=True)
    follows = person.followers if side == "follower" else person.follows
    rows = pagination.page_by_id(follows.all(), after=request.GET.get("after", ""), size=PAGE_SIZE)
    context = {
        "person": person,
        "side": side,
        "people": people_in(rows.items, side, request.user),
        "next_cursor": rows.next_cursor,
    }
    return render(
        request,
        "gallery/people/_people.html" if request.htmx else "gallery/people/people.html",
        context,
    )


@require_POST
def follow(request: Request, username: str) -> HttpResponse:
    """Follow a person (`follow=1`), or stop following them."""
    person = find_profile(username, request.user)
    if not request.user.is_authenticated:
        return redirect_to_login(request, person.get_absolute_url())
    set_follow(request.user, person, request.POST.get("follow") == "1")
    if not request.htmx:
        # The fragment gives the focus back to the button.
        return redirect(f"{person.get_absolute_url()}#follow-{person.username}")
    context = {"person": find_profile(person.username, request.user), "is_changed": True}
    return render(request, "gallery/people/_follow.html", context)


@login_required
@require_POST
def change_boundary(request: MemberRequest, username: str) -> HttpResponse:
    """Mute or block a person (`boundary`), or undo that with an empty `boundary`."""
    # Closed accounts are found too, so that they can be taken off the list.
    person = get_object_or_404(User, username=username)
    if kind := request.POST.get("boundary", ""):
        set_boundary(request.user, person, kind)
    else:
        remove_boundary(request.user, person)
    return redirect(
        "boundaries" if request.POST.get("from") == "list" or not person.is_active else person
    )


@login_required
@require_safe
def boundaries(request: MemberRequest) -> HttpResponse:
    """The list of people whom one mutes and blocks."""
    rows = Boundary.objects.filter(user=request.user).select_related("other")
    page = pagination.page_by_id(rows, after=request.GET.get("after", ""), size=PAGE_SIZE)
    attach_avatars(row.other for row in page.items)
    return render(request, "gallery/people/boundaries.html", {"page": page})


@login_required
@require_safe
def mine(request: MemberRequest) -> HttpResponse:
    """All of one's own works in every state; those without a picture come first, with their job."""
    works = Artwork.objects.visible_to(request.user).filter(author=request.user).for_cards()
    page = read_wall(request, works)
    unfinished = [] if request.GET.get("after") else find_unfinished(works)
    return show_wall(
        request,
        "gallery/artworks/mine.html",
        {"page": page, "unfinished": unfinished, "most": MAX_UNFINISHED},
    )


def find_unfinished(works: ArtworkQuerySet) -> Sequence[Artwork]:
    """The newest works without a picture; each has its `newest_job` (or None) and its `progress`.

    The position in the queue is left to the polling of each job: here it would cost a query a work.
    """
    jobs = Prefetch("jobs", Job.objects.order_by("-created_at"))
    unfinished = works.filter(published_at__isnull=True).order_by("-id")
    found = list(unfinished.prefetch_related(jobs)[:MAX_UNFINISHED])
    for work in found:
        work.newest_job = next(iter(work.jobs.all()), None)
        progress = work.newest_job.progress if work.newest_job else 0.0
        work.progress = {"progress": progress, "place": 0, "left": ""}
    return found


@login_required
@require_safe
def likes(request: MemberRequest) -> HttpResponse:
    """The works one likes, last liked first; those that are no longer open to one are left out."""
    visible = Artwork.objects.visible_to(request.user).filter(pk=OuterRef("artwork"))
    likes = Like.objects.filter(Exists(visible), user=request.user)
    if after := request.GET.get("after", ""):
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise Refused("This page of likes does not exist. Start from the first one.")
        likes = likes.filter(id__lt=int(after))
    rows = list(likes.order_by("-id").values_list("artwork_id", "id")[: SQUARES + 1])
    like_of = dict(rows[:SQUARES])
    works = Artwork.objects.for_cards().in_bulk(like_of)
    page = pagination.Page(
        items=[works[artwork_id] for artwork_id in like_of if artwork_id in works],
        next_cursor=str(rows[SQUARES - 1][1]) if len(rows) > SQUARES else "",
    )
    page = lay_out(page, lambda work: str(like_of[work.pk]))
    return show_wall(request, "gallery/people/likes.html", {"page": page})


def read_wall(request: Request, works: ArtworkQuerySet) -> pagination.Page:
    """The page of these works that the address asks for, the newest first."""
    page = pagination.page(works, after=request.GET.get("after", ""), size=SQUARES)
    return lay_out(page, lambda work: pagination.cursor_of(work, "published_at"))


def show_wall(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    """The whole page, or for htmx's “more” only the next cards."""
    is_more = request.htmx and request.GET.get("after")
    return render(request, "gallery/discovery/_more.html" if is_more else template, context)
