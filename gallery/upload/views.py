"""Bringing a tune: upload or hum it, look at what was heard, and breed with it.

Nothing is stored until the melody is sown: what was heard travels through the browser and is
checked again when it comes back.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from gallery.core.tunes import draw_score
from gallery.lineage.parents import surprise
from gallery.upload import transcription
from gallery.upload.actions import music_species, import_tune
from gallery.upload.forms import ImportForm, UploadForm
from generation.codecs.score_svg import with_signs
from generation.melodies.files import Melody
from generation.refusal import Refused

TEMPO_STEPS = {"halve": 0.5, "double": 2.0}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: the page of what was heard in the file."""
    music_species()  # Said before somebody hums in vain.
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


def _import(request: HttpRequest) -> HttpResponse:
    """Another tempo for the melody, or a work made of it and the bench with it."""
    form = ImportForm(request.POST)
    form.full_clean()
    melody = form.cleaned_data.get("melody")
    if melody is None:
        raise Refused(form.errors["melody"][0])
    try:
        if factor := TEMPO_STEPS.get(request.POST.get("step", "")):
            melody = melody.at_tempo(factor)
            words = {name: request.POST.get(name, "") for name in ("title", "style")}
            return _show_melody(request, melody, ImportForm.of(melody, **words))
        if form.is_valid():
            title, style = form.cleaned_data["title"], form.cleaned_data["style"]
            artwork, _job = import_tune(request.user, melody=melody, style=style, title=title)
            partners = surprise(request.user, generator=artwork.species_id, count=2)
            parents = [artwork.slug, next(name for name in partners if name != artwork.slug)]
            return redirect(f"{reverse('bench')}?{urlencode({'parents': ','.join(parents)})}")
    except Refused as refused:
        form.add_error(None, refused.sentence)
    return _show_melody(request, melody, form, status=400)


def _show_melody(
    request: HttpRequest, melody: Melody, form: ImportForm, *, status: int = 200
) -> HttpResponse:
    count = len(melody.notes)
    label = ngettext("{n} note heard", "{n} notes heard", count).format(n=count)
    context = {
        "form": form,
        "melody": melody,
        "key": with_signs(melody.key_name),
        "seconds": melody.beats * 60 / melody.bpm,
        "score": draw_score(melody.drawing(), label=label),
    }
    return render(request, "gallery/upload/heard.html", context, status=status)
