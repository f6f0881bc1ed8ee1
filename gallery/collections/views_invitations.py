"""Pages to invite people to a collection, and to answer an invitation."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from gallery.collections import invitations
from gallery.collections.forms import InviteForm
from gallery.models import Collection
from gallery.types import MemberRequest
from generation.refusal import Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: MemberRequest, slug: str) -> HttpResponse:
    """The members and invited people of a collection, and a form to invite one more."""
    collection = get_object_or_404(
        Collection.objects.personal().editable_by(request.user), slug=slug
    )
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitations.invite(request.user, collection, form.cleaned_data["name"])
            return redirect("collection_people", slug)
        except Refused as refused:
            form.add_error("name", refused.sentence)
    members = collection.members.select_related("user").order_by("id")
    context = {"collection": collection, "form": form, "members": members}
    return render(
        request, "gallery/collections/people.html", context, status=400 if form.is_bound else 200
    )


@login_required
@require_POST
def remove_member(request: MemberRequest, slug: str, pk: int) -> HttpResponse:
    """Remove a member, or withdraw an invitation."""
    collection = get_object_or_404(
        Collection.objects.personal().editable_by(request.user), slug=slug
    )
    invitations.remove_member(request.user, collection, pk)
    return redirect("collection_people", slug)


@login_required
@require_POST
def answer(request: MemberRequest, slug: str) -> HttpResponse:
    """Accept (`accept=1`) or decline an invitation."""
    collection = get_object_or_404(
        Collection.objects.personal().filter(members__user=request.user).select_related("owner"),
        slug=slug,
    )
    accepts = request.POST.get("accept") == "1"
    invitations.answer_invitation(request.user, collection, accepts=accepts)
    return redirect(collection) if accepts else redirect("my_collections")


@login_required
@require_POST
def leave(request: MemberRequest, slug: str) -> HttpResponse:
    """Leave a collection."""
    collection = get_object_or_404(
        Collection.objects.personal().filter(members__user=request.user), slug=slug
    )
    invitations.leave(request.user, collection)
    return redirect("my_collections")
