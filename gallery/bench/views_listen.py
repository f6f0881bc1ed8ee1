"""Listening to a child of the bench as it would be published: mixed and mastered, never stored."""

import asyncio

from asgiref.sync import sync_to_async
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from gallery import studio
from gallery.bench.views import read_pedigree
from gallery.core.rate_limits import ConnectionLimiter, RateLimiter, caller_of
from gallery.lineage.parents import find_parents
from gallery.types import AnyUser, Request
from generation.checkpoints import medium_of
from generation.engine.frames import Frame
from generation.genome import Genome
from generation.pedigree import Pedigree, grow
from generation.refusal import Refused
from generation.words import word

AT_ONCE = 2  # By one person: the tune they wait for, and the one they have just given up.
VISITORS_AT_ONCE = 4  # By one address without an account, which may be a whole school.
SITE_AT_ONCE = 12
EVERYBODY = "everybody"  # The key by which all listeners are counted together.
BUSY = word("Several tunes are already playing. Try again in a few seconds.")
rate_limiter = RateLimiter("hear", 10)
listeners = ConnectionLimiter()


@require_POST
async def listen(request: Request) -> HttpResponse:
    """The mastered sound (FLAC) of the child whose `pedigree` is sent.

    It is rendered with the priority of a print, behind every live frame; leaving the page stops it.
    A refusal comes as {"error"} with status 400, or 429 where waiting helps.
    """
    user = await request.auser()
    person = await sync_to_async(caller_of)(request)
    try:
        genome = await sync_to_async(_child)(user, read_pedigree(request.POST.get("pedigree", "")))
        if wait := await sync_to_async(rate_limiter.take)(person):
            raise Refused(
                "That was a lot of tunes in one minute. Wait a moment and try again.",
                retry_after=max(1, round(wait)),
            )
        sound = await _render(
            genome, person, limit=AT_ONCE if user.is_authenticated else VISITORS_AT_ONCE
        )
    except Refused as refused:
        status = 429 if refused.retry_after else 400
        return JsonResponse(
            {"error": refused.sentence, "retry_after": refused.retry_after}, status=status
        )
    return HttpResponse(
        sound.payload, content_type=sound.media_type, headers={"Cache-Control": "no-store"}
    )


def _child(user: AnyUser, pedigree: Pedigree) -> Genome:
    genome = grow(pedigree, [parent.genome for parent in find_parents(user, pedigree.roots)])[-1]
    if medium_of(genome.generator) != "music":
        raise Refused("Only tunes can be played; put tunes on the bench.")
    return genome


async def _render(genome: Genome, person: str, *, limit: int) -> Frame:
    if not listeners.enter(EVERYBODY, limit=SITE_AT_ONCE):
        raise Refused(BUSY, retry_after=10)
    try:
        if not listeners.enter(person, limit=limit):
            raise Refused(BUSY, retry_after=10)
        try:
            return await asyncio.wrap_future(studio.render_artwork(genome, size=0, owner=person))
        finally:
            listeners.leave(person)
    finally:
        listeners.leave(EVERYBODY)
