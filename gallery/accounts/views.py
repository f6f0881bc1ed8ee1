"""A person's own settings.

The pages for login, password, email and two-factor login are allauth's, with our templates.
"""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gallery.accounts.actions import choose_avatar, edit_profile
from gallery.accounts.closing import close_account, is_last_administrator
from gallery.accounts.forms import RIGHTS, CloseForm, ProfileForm, TokenForm
from gallery.accounts.tokens import make_token, revoke_token
from gallery.i18n.languages import choose_language
from gallery.models import Artwork, User
from gallery.models.terms import GONE
from gallery.models.texts import isolate
from gallery.types import MemberRequest
from generation.refusal import Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: MemberRequest) -> HttpResponse:
    """Change the profile, the language, and whether works for adults are shown."""
    # Validation writes into the form's instance. It is a copy of request.user, so that the page's
    # header never shows a refused name.
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data
            edit_profile(
                request.user,
                display_name=data["display_name"],
                bio=data["bio"],
                links=data["links"],
                avatar=data["avatar"],
                sees_adult_works=data["sees_adult_works"],
            )
            choose_language(request.user, data["language"])
            messages.success(request, gettext("Your profile has been updated."))
            response = redirect(request.user)
            if not data["language"]:
                # The cookie would take precedence over the browser's language.
                response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
            return response
        except Refused as refused:
            form.add_error(None, refused.sentence)
    status = 400 if form.is_bound else 200
    return render(request, "gallery/accounts/profile_edit.html", {"form": form}, status=status)


@login_required
@require_POST
def portrait(request: MemberRequest, slug: str) -> HttpResponse:
    """Make one of one's own works the profile picture."""
    own = Artwork.objects.editable_by(request.user).filter(author=request.user)
    choose_avatar(request.user, get_object_or_404(own, slug=slug))
    messages.success(request, gettext("This is your profile picture now."))
    return redirect(request.user)


@login_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: MemberRequest) -> HttpResponse:
    """GET: explain what closing the account removes. POST: close it."""
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            close_account(request.user, user_name=form.cleaned_data["user_name"])
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            logout(request)
            messages.success(
                request,
                gettext("Your account is closed, and everything of yours has been removed."),
            )
            return redirect("home")
    works = Artwork.objects.filter(author=request.user).exclude(state__in=GONE)
    context = {
        "form": form,
        "works": works.count(),
        "parents": works.filter(child_edges__isnull=False).distinct().count(),
        "is_last": is_last_administrator(request.user),
    }
    return render(
        request,
        "gallery/accounts/close_account.html",
        context,
        status=400 if form.is_bound else 200,
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: MemberRequest) -> HttpResponse:
    """GET: one's tokens and a form. POST: make one; only this answer shows its secret."""
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
    rows = [
        (token, [RIGHTS.get(scope, scope) for scope in token.scopes])
        for token in request.user.api_tokens.filter(revoked_at__isnull=True)
    ]
    return render(
        request,
        "gallery/accounts/tokens.html",
        {"form": form, "tokens": rows, "secret": secret},
        status=status,
    )


@login_required
@require_POST
def revoke(request: MemberRequest, id: int) -> HttpResponse:
    """Revoke a token; programs that use it are refused from now on."""
    token = get_object_or_404(request.user.api_tokens, pk=id)
    revoke_token(request.user, token)
    messages.success(
        request, gettext("The token “%(name)s” no longer works.") % {"name": isolate(token.name)}
    )
    return redirect("tokens")
