"""Uploading a tune: record or upload it, check the transcribed melody, and breed with it.

Nothing is stored until the melody is imported: it travels through the browser and is validated
again when it comes back.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from gallery.core.tunes import draw_score
from gallery.lineage.parents import surprise
from gallery.types import MemberRequest
from gallery.upload import transcription
from gallery.upload.actions import import_tune, music_species
from gallery.upload.forms import ImportForm, UploadForm
from generation.codecs.score_svg import with_signs
from generation.melodies.files import Melody
from generation.refusal import Refused

TEMPO_STEPS = {"halve": 0.5, "double": 2.0}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: MemberRequest) -> HttpResponse:
    """GET: the form. POST: the page of the melody that was transcribed from the file."""
    music_species()  # Refuses before anybody records something in vain.
    if "melody" in request.POST:
        return _import(request)
    form = (
        UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST"
        else UploadForm()
    )
    if request.method == "POST" and form.is_valid():
        try:
            melody = transcription.listen(form.cleaned_data["recording"])
            return _show_melody(request, melody, ImportForm.of(melody))
        except Refused as refused:
            form.add_error("recording", refused.sentence)
    return render(
        request,
        "gallery/upload/upload.html",
        {"form": form},
        status=400 if request.method == "POST" else 200,
    )


def _import(request: MemberRequest) -> HttpResponse:
    """Change the melody's tempo, or import it as a work and lead to the bench with it."""
    form = ImportForm(request.POST)
    form.full_clean()
    melody = form.cleaned_data.get("melody")
    if melody is None:
        raise Refused(str(form.errors["melody"][0]))
    try:
        if factor := TEMPO_STEPS.get(request.POST.get("step", "")):
            melody = melody.at_tempo(factor)
            filled_in = {name: request.POST.get(name, "") for name in ("title", "style", "tags")}
            return _show_melody(request, melody, ImportForm.of(melody, **filled_in))
        if form.is_valid():
            words = {name: form.cleaned_data[name] for name in ("title", "style", "tags")}
            artwork, _job = import_tune(request.user, melody=melody, **words)
            partners = surprise(request.user, generator=artwork.species_id, count=2)
            parents = [artwork.slug, next(name for name in partners if name != artwork.slug)]
            return redirect(f"{reverse('bench')}?{urlencode({'parents': ','.join(parents)})}")
    except Refused as refused:
        form.add_error(None, refused.sentence)
    return _show_melody(request, melody, form, status=400)


def _show_melody(
    request: MemberRequest, melody: Melody, form: ImportForm, *, status: int = 200
) -> HttpResponse:
    count = len(melody.notes)
    label = ngettext("{n} note heard", "{n} notes heard", count).format(n=count)
    context = {
        "form": form,
        "melody": melody,
        "key": with_signs(melody.key_name),
        "seconds": melody.beats * 60 / melody.bpm,
        "notes": melody.notes_alone(),
        "score": draw_score(melody.notes_alone(), label=label),
    }
    return render(request, "gallery/upload/heard.html", context, status=status)
