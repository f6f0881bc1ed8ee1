"""The page of one's own API tokens."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gallery.actions.tokens import make_token, revoke_token
from gallery.token_forms import RIGHTS, TokenForm
from generation.refusal import Refused


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """GET: one's tokens and a form. POST: make one; its secret stands on this answer alone."""
    form = TokenForm(request.POST or None)
    secret, status = "", 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                _, secret = make_token(request.user, **form.cleaned_data)
                form, status = TokenForm(), 200
            except Refused as refused:
                form.add_error(None, refused.sentence)
    known = [
        (token, [RIGHTS.get(scope, scope) for scope in token.scopes])
        for token in request.user.api_tokens.filter(revoked_at__isnull=True)
    ]
    return render(
        request,
        "gallery/tokens.html",
        {"form": form, "tokens": known, "secret": secret},
        status=status,
    )


@login_required
@require_POST
def revoke(request: HttpRequest, id: int) -> HttpResponse:
    """End a token; programs that use it are turned away at once."""
    token = get_object_or_404(request.user.api_tokens, pk=id)
    revoke_token(request.user, token)
    messages.success(
        request, gettext("The token “%(name)s” opens nothing any more.") % {"name": token.name}
    )
    return redirect("tokens")
