"""Undoing a deletion: works, comments and collections come back within a minute."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from gallery.artworks.deleting import restore_work
from gallery.collections.actions import restore_collection
from gallery.comments.actions import restore_comment
from gallery.core import undo
from gallery.models import Artwork, Comment, Deletion
from gallery.types import MemberRequest
from generation.refusal import Refused


@login_required
@require_POST
def restore(request: MemberRequest) -> HttpResponse:
    """Undo the deletion with the id `deletion`, and all that were made at the same time."""
    number = request.POST.get("deletion", "")
    mine = Deletion.objects.filter(by=request.user)
    first = mine.filter(pk=number).first() if number.isdecimal() and len(number) < 19 else None
    if first is None:
        raise Refused(undo.TOO_LATE)
    together = mine.filter(at=first.at).select_related("artwork", "comment", "collection")
    things = [each.artwork or each.comment or each.collection for each in together]
    for thing in things:
        if isinstance(thing, Artwork):
            restore_work(request.user, thing)
        elif isinstance(thing, Comment):
            restore_comment(request.user, thing)
        elif thing is not None:
            restore_collection(request.user, thing)
    messages.success(request, gettext("Everything is back as it was."))
    return redirect(things[0] if len(things) == 1 and things[0] else "mine")
