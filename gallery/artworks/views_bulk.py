"""Choosing several of one's own works, and doing one thing with all of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from gallery.artworks import bulk
from gallery.artworks.forms import BulkForm
from gallery.core import pagination
from gallery.core.undo import note_deletion
from gallery.models import Artwork
from gallery.types import MemberRequest
from generation.refusal import Refused

SHOWN_PROBLEMS = 5


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def select(request: MemberRequest) -> HttpResponseBase:
    """GET: one's works with a box each. POST: do what the pressed button (`do`) says."""
    form = BulkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            works = bulk.find_chosen(request.user, request.POST.getlist("works"))
            if form.cleaned_data["do"] == "download":
                return FileResponse(
                    bulk.pack_files(works), as_attachment=True, filename="arboretum-works.zip"
                )
            report(request, *run(request, form, works))
            return redirect(request.get_full_path())
        except Refused as refused:
            form.add_error(None, refused.sentence)
    own = Artwork.objects.editable_by(request.user).filter(author=request.user).for_cards()
    page = pagination.page(own, after=request.GET.get("after", ""), size=bulk.MAX_WORKS)
    context = {"form": form, "page": page, "chosen": request.POST.getlist("works")}
    status = 400 if form.is_bound else 200
    return render(request, "gallery/artworks/select.html", context, status=status)


def run(request: MemberRequest, form: BulkForm, works: list[Artwork]) -> bulk.Outcome:
    """Do it; how many works were changed, and why the others were not."""
    user, data = request.user, form.cleaned_data
    match data["do"]:
        case "visibility":
            return bulk.change_visibility(user, works, data["visibility"])
        case "licence":
            return bulk.change_licence(user, works, data["licence"])
        case "add_tags":
            return bulk.add_tags(user, works, data["tags"])
        case "remove_tags":
            return bulk.remove_tags(user, works, data["tags"])
        case _:
            note_deletion(request.session)
            return bulk.delete_works(user, works)


def report(request: MemberRequest, changed: int, problems: list[tuple[str, str]]) -> None:
    """Notices of what was done, and of what was not with its reasons."""
    if changed and request.POST["do"] != "delete":  # The offer to undo says that they are deleted.
        messages.success(
            request, ngettext("{n} work changed.", "{n} works changed.", changed).format(n=changed)
        )
    for title, sentence in problems[:SHOWN_PROBLEMS]:
        messages.error(
            request, gettext("“{title}”: {problem}").format(title=title, problem=sentence)
        )
    more = len(problems) - SHOWN_PROBLEMS
    if more > 0:
        words = ngettext("{n} more stays as it is.", "{n} more stay as they are.", more)
        messages.error(request, words.format(n=more))
