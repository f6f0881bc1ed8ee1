"""Reading, writing, answering, changing and removing comments; for htmx each as a fragment."""

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery.comments import actions as commenting
from gallery.comments import threads
from gallery.core.http import find_work, redirect_to_login
from gallery.core.permissions import require_user
from gallery.core.undo import note_deletion
from gallery.models import Artwork, Comment, Deletion
from gallery.types import Request


@require_http_methods(["GET", "HEAD", "POST"])
def of_artwork(request: Request, slug: str) -> HttpResponse:
    """GET: a page of the threads under a work. POST: write a comment."""
    artwork = find_work(request, slug)
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request, artwork.get_absolute_url())
        comment = commenting.write_comment(request.user, artwork, request.POST.get("text", ""))
        if not request.htmx:
            return redirect(f"{artwork.get_absolute_url()}#comment-{comment.pk}")
        context = {
            "artwork": artwork,
            "conversation": threads.conversation(artwork, request.user),
            "new": comment.pk,
        }
        return render(request, "gallery/comments/_comments.html", context)
    page = threads.conversation(artwork, request.user, after=request.GET.get("after", ""))
    template = (
        "gallery/comments/_threads.html" if request.htmx else "gallery/comments/comments.html"
    )
    return render(request, template, {"artwork": artwork, "conversation": page})


@require_safe
def show(request: Request, id: int) -> HttpResponse:
    """One thread on its own page, for htmx the answers before a cursor.

    The address of an answer redirects to its thread.
    """
    comment = find_comment(request, id)
    if comment.parent_id:
        first = find_comment(request, comment.parent_id)
        # The page then ends at this answer, however many came after it.
        return redirect(
            f"{reverse('comment', args=[first.pk])}?before={comment.pk + 1}#comment-{comment.pk}"
        )
    before = request.GET.get("before", "")
    context = {
        "artwork": comment.artwork,
        "thread": threads.thread(comment, request.user, before=before),
        "is_part": before,
        "is_open": threads.is_open(comment.artwork),
    }
    return render(
        request,
        "gallery/comments/_answers.html" if request.htmx else "gallery/comments/comment.html",
        context,
    )


@require_POST
def answer(request: Request, id: int) -> HttpResponse:
    """Answer a comment."""
    comment = find_comment(request, id)
    if not request.user.is_authenticated:
        return redirect_to_login(request, comment.get_absolute_url())
    made = commenting.write_comment(
        request.user, comment.artwork, request.POST.get("text", ""), answered=comment
    )
    return show_thread(request, made, new=made.pk)


@require_POST
def edit(request: Request, id: int) -> HttpResponse:
    """Change one's own comment."""
    comment = find_comment(request, id)
    commenting.edit_comment(require_user(request.user), comment, request.POST.get("text", ""))
    return show_thread(request, comment)


@require_POST
def remove(request: Request, id: int) -> HttpResponse:
    """Remove a comment: one's own, or one under one's own work."""
    comment = find_comment(request, id)
    deletion = commenting.remove_comment(require_user(request.user), comment)
    note_deletion(request.session)
    return show_thread(request, comment, deletion=deletion)


@require_POST
def hide(request: Request, id: int) -> HttpResponse:
    """Hide a comment (`hide=1`) or show it again; for moderators."""
    comment = find_comment(request, id)
    action = commenting.hide_comment if request.POST.get("hide") == "1" else commenting.show_comment
    reason = " ".join(request.POST.get("reason", "").split())[:500]
    action(require_user(request.user), comment, reason=reason)
    return show_thread(request, comment)


def show_thread(
    request: Request, comment: Comment, *, new: int = 0, deletion: Deletion | None = None
) -> HttpResponse:
    """Redirect to the thread of a comment; for htmx its fragment, empty when the thread is gone.

    deletion: of a comment that was removed just now; the fragment offers to undo it.
    """
    artwork = comment.artwork
    if not request.htmx:
        return redirect(f"{artwork.get_absolute_url()}#comment-{comment.pk}")
    firsts = (
        Comment.objects.filter(artwork=artwork)
        .shown_to(request.user)
        .select_related("author", "artwork__author")
    )
    first = firsts.filter(pk=comment.parent_id or comment.pk).first()
    if first is None:
        return render(request, "gallery/comments/_removed.html", {"deletion": deletion})
    context = {
        "artwork": artwork,
        "deletion": deletion,
        "thread": threads.thread(first, request.user, shown=threads.ANSWERS),
        "new": new,
        "is_open": threads.is_open(artwork),
    }
    return render(request, "gallery/comments/_thread.html", context)


def find_comment(request: Request, id: int) -> Comment:
    """A comment that this person sees, under a work that they may open; else 404."""
    works = Artwork.objects.visible_to(request.user).filter(pk=OuterRef("artwork"))
    comments = Comment.objects.filter(Exists(works)).shown_to(request.user)
    found = (
        comments.select_related("author", "artwork__author", "artwork__species")
        .filter(pk=id)
        .first()
    )
    if found is None:
        raise Http404(gettext("This comment is gone, or its work is no longer public."))
    return found
