"""A person's own settings. Log-in, password, e-mail and two-factor pages come from allauth in our templates."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from gallery.actions.accounts import edit_profile
from gallery.forms import ProfileForm
from gallery.models import User
from generation.refusal import Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Change the name to show and the words about oneself."""
    # A row of its own: validating fills the form's row, and the page's header must not show a refused name.
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        try:
            edit_profile(request.user, **form.cleaned_data)
            messages.success(request, gettext("Your profile is changed."))
            return redirect(request.user)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    status = 400 if form.is_bound else 200
    return render(request, "gallery/profile_edit.html", {"form": form}, status=status)
