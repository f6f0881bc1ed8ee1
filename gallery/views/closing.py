"""Closing one's account: what happens in words, the user name as a last question, and the password
once more.
"""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from gallery.actions.closing import close_account, is_last_administrator
from gallery.archive_forms import CloseForm
from gallery.models import Artwork, State
from generation.refusal import Refused


@login_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """GET: what will happen. POST: it happens."""
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            close_account(request.user, user_name=form.cleaned_data["user_name"])
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            logout(request)
            messages.success(
                request, gettext("Your account is closed, and what was yours is removed.")
            )
            return redirect("home")
    works = Artwork.objects.filter(author=request.user).exclude(state=State.REMOVED)
    context = {
        "form": form,
        "works": works.count(),
        "parents": works.filter(child_edges__isnull=False).distinct().count(),
        "is_last": is_last_administrator(request.user),
    }
    return render(
        request, "gallery/close_account.html", context, status=400 if form.is_bound else 200
    )
