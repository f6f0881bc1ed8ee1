"""Uploading a picture: see what its file says, paint from the same words, or keep it as a work.

Nothing is stored until the picture is kept: it travels through the browser and is validated again
when it comes back.
"""

import base64
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gallery.core.rate_limits import RateLimiter, caller_of
from gallery.species.worded import words_form
from gallery.types import MemberRequest
from gallery.upload.actions import import_picture
from gallery.upload.forms import KeepPictureForm, PictureForm
from gallery.upload.matching import species_of
from generation.codecs.prompt_metadata import PromptMetadata, read_prompt_metadata
from generation.codecs.stored_picture import store
from generation.refusal import Refused

rate_limiter = RateLimiter("upload a picture", 20)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: MemberRequest) -> HttpResponse:
    """GET: the form. POST: the page of what was found in the file, or keeping the picture."""
    if "picture" in request.POST:
        return _keep(request)
    form = PictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            if wait := rate_limiter.take(caller_of(request)):
                raise Refused(
                    "That was a lot of pictures in one minute. Wait a moment and try again.",
                    retry_after=max(1, round(wait)),
                )
            data = form.cleaned_data["file"]
            stored = store(data)
            return _show(request, KeepPictureForm.of(stored), stored, read_prompt_metadata(data))
        except Refused as refused:
            form.add_error("file", refused.sentence)
    status = 400 if request.method == "POST" else 200
    return render(request, "gallery/upload/picture.html", {"form": form}, status=status)


def _keep(request: MemberRequest) -> HttpResponse:
    form = KeepPictureForm(request.POST)
    form.full_clean()
    stored = form.cleaned_data.get("picture")
    if stored is None:
        raise Refused(str(form.errors["picture"][0]))
    try:
        if form.is_valid():
            names = ("origin", "title", "licence", "tags")
            values = {name: form.cleaned_data[name] for name in names}
            artwork, _job = import_picture(request.user, picture=stored, **values)
            return redirect(artwork.get_absolute_url())
    except Refused as refused:
        form.add_error(None, refused.sentence)
    return _show(request, form, stored, None, status=400)


def _show(
    request: MemberRequest,
    form: KeepPictureForm,
    stored: bytes,
    metadata: PromptMetadata | None,
    *,
    status: int = 200,
) -> HttpResponse:
    species = species_of(metadata) if metadata and metadata.prompt else None
    context: dict[str, Any] = {
        "form": form,
        "picture": f"data:image/webp;base64,{base64.b64encode(stored).decode('ascii')}",
        "metadata": metadata,
        "kind": species,
        "words": words_form(species.key) if species else None,
    }
    return render(request, "gallery/upload/picture_found.html", context, status=status)
