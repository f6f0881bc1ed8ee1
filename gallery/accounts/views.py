"""A person's own settings. Log-in, password, e-mail and two-factor pages come from allauth in our
templates.
"""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from gallery.actions.accounts import edit_profile
from gallery.actions.languages import choose_language
from gallery.forms import ProfileForm
from gallery.models import User
from generation.refusal import Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Change the name to show, the words about oneself, and the language."""
    # A row of its own: validating fills the form's row, and the page's header must not show a
    # refused name.
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        try:
            words = form.cleaned_data
            edit_profile(request.user, display_name=words["display_name"], bio=words["bio"])
            choose_language(request.user, words["language"])
            messages.success(request, gettext("Your profile is changed."))
            response = redirect(request.user)
            if not words["language"]:
                response.delete_cookie(
                    settings.LANGUAGE_COOKIE_NAME
                )  # It would speak before the browser does.
            return response
        except Refused as refused:
            form.add_error(None, refused.sentence)
    status = 400 if form.is_bound else 200
    return render(request, "gallery/profile_edit.html", {"form": form}, status=status)
