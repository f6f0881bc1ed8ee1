"""Hearing what was transcribed, with the chosen instruments, before a work is made of it."""

import asyncio
import json
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from gallery import studio
from gallery.artworks.listening import mastered, refusal_response, sound_response, take_turn
from gallery.core.rate_limits import RateLimiter, caller_of
from gallery.core.tunes import draw_score
from gallery.types import MemberRequest
from gallery.upload import transcription
from gallery.upload.actions import music_species
from gallery.upload.forms import HearForm
from generation.genome import Genome
from generation.refusal import Refused

sketch_limiter = RateLimiter("sketch a tune", 60)


@login_required
@require_POST
async def sketch(request: MemberRequest) -> HttpResponse:
    """The tune that the melody becomes in a style: {"notes", "score"}, the score as an SVG element.

    A refusal comes as {"error"} with status 400, or 429 where waiting helps.
    """
    person = await sync_to_async(caller_of)(request)
    try:
        if wait := await sync_to_async(sketch_limiter.take)(person):
            raise Refused(
                "That was a lot of tunes in one minute. Wait a moment and try again.",
                retry_after=max(1, round(wait)),
            )
        genome = await sync_to_async(_tune)(request)
        frame = await asyncio.wrap_future(studio.preview(genome, size=0, owner=person))
    except Refused as refused:
        return refusal_response(refused)
    notes: dict[str, Any] = json.loads(frame.payload)
    return JsonResponse({"notes": notes, "score": draw_score(notes, label=gettext("The tune"))})


@login_required
@require_POST
async def listen(request: MemberRequest) -> HttpResponse:
    """The mastered sound (FLAC) of the same tune; refusals as in `sketch`."""
    person = await sync_to_async(caller_of)(request)
    try:
        genome = await sync_to_async(_tune)(request)
        await take_turn(person)
        sound = await mastered(genome, person, is_visitor=False)
    except Refused as refused:
        return refusal_response(refused)
    return sound_response(sound)


def _tune(request: MemberRequest) -> Genome:
    form = HearForm(request.POST)
    if not form.is_valid():
        raise Refused(str(next(iter(form.errors.values()))[0]))
    return transcription.tune_of(
        form.cleaned_data["melody"],
        generator=music_species().key,
        style=form.cleaned_data["style"],
    )
