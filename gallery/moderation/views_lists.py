"""Pages of the desk: quarantine, one work, one collection, block lists, and the audit log."""

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery.core import pagination
from gallery.lineage.originality import painted_over
from gallery.models import (
    Artwork,
    AuditEntry,
    BlockedPicture,
    BlockedWord,
    Collection,
    Report,
    State,
)
from gallery.models.texts import clean_line
from gallery.moderation import actions as moderating
from gallery.moderation import block_lists
from gallery.moderation.actions_cases import take_down_with
from gallery.moderation.forms import CloseForm, PictureForm, ReasonForm, WordForm
from gallery.moderation.views_cases import captions_of, find_descendants, log_entries_about
from gallery.moderation.views_desk import moderators_only, show_desk
from gallery.types import MemberRequest, Words
from generation import safety
from generation.refusal import Refused

PAGE_SIZE = 40
WORKS_A_PAGE = 24
MAX_FILTER = 60

# What a moderator can do with a work, by the value of the button, and the message after it.
CLOSING = {"hide": State.HIDDEN, "quarantine": State.QUARANTINED}
OPENING = {"show": moderating.show, "release": moderating.release}
DONE: dict[str, Words] = {
    "hide": gettext_lazy("The work is hidden; its maker has been told why."),
    "show": gettext_lazy("The work is visible again."),
    "quarantine": gettext_lazy("The work is in quarantine; its maker has been told why."),
    "release": gettext_lazy("The work has been released from quarantine."),
}
COLLECTION_VERBS: dict[str, tuple[Callable[..., int], Words]] = {
    "hide": (
        moderating.hide_collection,
        gettext_lazy("The collection is hidden; its owner has been told why."),
    ),
    "show": (moderating.show_collection, gettext_lazy("The collection is visible again.")),
}


@moderators_only
@require_safe
def quarantine(request: MemberRequest) -> HttpResponse:
    """Works that only moderators see, the newest first, each with the reason."""
    rows = Artwork.objects.filter(state=State.QUARANTINED).for_cards()
    page = pagination.page_by_id(rows, after=request.GET.get("after", ""), size=WORKS_A_PAGE)
    reports = Report.objects.filter(artwork__in=page.items).order_by("pk")
    reasons = {report.artwork_id: report.decision or report.text for report in reports}
    for work in page.items:
        work.reason = reasons.get(work.pk, "")
    return show_desk(request, "gallery/moderation/quarantine.html", {"page": page})


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def work(request: MemberRequest, slug: str) -> HttpResponse:
    """One work: its state, reports and log; a POST changes its state or blocks its picture."""
    found = get_object_or_404(Artwork.objects.visible_to(request.user).for_cards(), slug=slug)
    if request.method == "POST":
        return _act_on(request, found)
    descendants = find_descendants(found)
    painted = painted_over(found, descendants)
    context = {
        "artwork": found,
        "form": CloseForm(descendants=descendants, painted=painted),
        "picture_form": PictureForm(),
        "log": log_entries_about(found),
        "reports": Report.objects.about(found).with_subjects().order_by("-pk")[:PAGE_SIZE],
        "descendants": descendants,
        "painted": painted,
        "can_close": found.state in (State.PUBLISHED, State.RENDERING),
    }
    return show_desk(request, "gallery/moderation/work.html", context)


def _act_on(request: MemberRequest, artwork: Artwork) -> HttpResponse:
    verb = request.POST.get("verb", "")
    try:
        if verb == "block":
            block_lists.block_picture(request.user, artwork, note=request.POST.get("note", ""))
            messages.success(
                request,
                gettext(
                    "From now on, similar pictures are published only with a moderator's approval."
                ),
            )
        elif verb in DONE:
            if _open_or_close(request, artwork, verb):
                messages.success(request, str(DONE[verb]))
            else:
                messages.error(request, gettext("The work's status no longer allows that."))
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, refused.sentence)
    if request.POST.get("back") == "quarantine":
        return redirect("curate_quarantine")
    return redirect("curate_work", slug=artwork.slug)


def _open_or_close(request: MemberRequest, artwork: Artwork, verb: str) -> int:
    """Change the state of a work, and of the descendants that are ticked; how many changed."""
    reason = request.POST.get("reason", "")
    if verb in OPENING:
        return OPENING[verb](request.user, [artwork], reason=reason)
    ticked = [int(pk) for pk in request.POST.getlist("also") if re.fullmatch(r"\d{1,18}", pk)]
    return take_down_with(request.user, artwork, ticked, to=CLOSING[verb], reason=reason)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def collection(request: MemberRequest, slug: str) -> HttpResponse:
    """One collection: its reports and log; a POST hides it or shows it again."""
    found = get_object_or_404(
        Collection.objects.visible_to(request.user).select_related("owner"), slug=slug
    )
    if request.method == "POST":
        return _act_on_collection(request, found)
    context = {
        "collection": found,
        "form": ReasonForm(),
        "log": log_entries_about(found),
        "captions": captions_of(found),
        "reports": Report.objects.about(found).with_subjects().order_by("-pk")[:PAGE_SIZE],
    }
    return show_desk(request, "gallery/moderation/collection.html", context)


def _act_on_collection(request: MemberRequest, collection: Collection) -> HttpResponse:
    verb = request.POST.get("verb", "")
    if verb not in COLLECTION_VERBS:
        raise Http404
    action, done = COLLECTION_VERBS[verb]
    try:
        if action(request.user, collection, reason=request.POST.get("reason", "")):
            messages.success(request, str(done))
        else:
            messages.error(request, gettext("That has already been done."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("curate_collection", slug=collection.slug)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: MemberRequest) -> HttpResponse:
    """The blocked words; a POST adds one."""
    form = WordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = block_lists.block_word(request.user, form.cleaned_data["word"])
            messages.success(
                request, gettext("“{word}” is now on the list.").format(word=made.word)
            )
            return redirect("curate_words")
        except Refused as refused:
            form.add_error("word", refused.sentence)
    page = pagination.page_by_id(
        BlockedWord.objects.select_related("added_by"),
        after=request.GET.get("after", ""),
        size=PAGE_SIZE,
    )
    return show_desk(
        request,
        "gallery/moderation/words.html",
        {"form": form, "page": page},
        status=400 if form.is_bound else 200,
    )


@moderators_only
@require_POST
def unblock_word(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a word off the list."""
    block_lists.unblock_word(request.user, get_object_or_404(BlockedWord, pk=pk))
    messages.success(request, gettext("The word has been removed from the list."))
    return redirect("curate_words")


@moderators_only
@require_safe
def pictures(request: MemberRequest) -> HttpResponse:
    """The blocked pictures, and whether prints are scored."""
    rows = BlockedPicture.objects.select_related("added_by")
    page = pagination.page_by_id(rows, after=request.GET.get("after", ""), size=PAGE_SIZE)
    context = {
        "page": page,
        "is_scored": safety.is_installed(),
        "unsafe_score": settings.UNSAFE_SCORE,
    }
    return show_desk(request, "gallery/moderation/pictures.html", context)


@moderators_only
@require_POST
def unblock_picture(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a picture off the list."""
    block_lists.unblock_picture(request.user, get_object_or_404(BlockedPicture, pk=pk))
    messages.success(request, gettext("The picture has been removed from the list."))
    return redirect("curate_pictures")


@moderators_only
@require_safe
def log(request: MemberRequest) -> HttpResponse:
    """The audit log, the newest first, filtered by staff and subject."""
    staff, subject = (
        clean_line(request.GET.get(name, ""))[:MAX_FILTER] for name in ("staff", "subject")
    )
    rows = AuditEntry.objects.all()
    if staff:
        rows = rows.filter(staff_name=staff.removeprefix("@"))
    if subject:
        rows = rows.filter(subject_name__icontains=subject)
    page = pagination.page_by_id(rows, after=request.GET.get("after", ""), size=PAGE_SIZE)
    return show_desk(
        request, "gallery/moderation/log.html", {"page": page, "staff": staff, "subject": subject}
    )
