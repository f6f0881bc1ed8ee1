"""Hearing a tune that is not published yet: mixed and mastered as it would be, never stored."""

import asyncio

from asgiref.sync import sync_to_async
from django.http import HttpResponse, JsonResponse

from gallery import studio
from gallery.core.rate_limits import ConnectionLimiter, RateLimiter
from generation.engine.frames import Frame
from generation.genome import Genome
from generation.refusal import Refused
from generation.words import word

AT_ONCE = 2  # By one person: the tune they wait for, and the one they have just given up.
VISITORS_AT_ONCE = 4  # By one address without an account, which may be a whole school.
SITE_AT_ONCE = 12
EVERYBODY = "everybody"  # The key by which all listeners are counted together.
BUSY = word("Several tunes are already playing. Try again in a few seconds.")
rate_limiter = RateLimiter("hear", 10)
listeners = ConnectionLimiter()


async def take_turn(person: str) -> None:
    """Count one tune for a person. Raises Refused when they heard many in this minute."""
    if wait := await sync_to_async(rate_limiter.take)(person):
        raise Refused(
            "That was a lot of tunes in one minute. Wait a moment and try again.",
            retry_after=max(1, round(wait)),
        )


async def mastered(genome: Genome, person: str, *, is_visitor: bool) -> Frame:
    """The mastered sound (FLAC) of a tune, behind every live frame; leaving the page stops it.

    Raises Refused while too many others are listening.
    """
    if not listeners.enter(EVERYBODY, limit=SITE_AT_ONCE):
        raise Refused(BUSY, retry_after=10)
    try:
        if not listeners.enter(person, limit=VISITORS_AT_ONCE if is_visitor else AT_ONCE):
            raise Refused(BUSY, retry_after=10)
        try:
            return await asyncio.wrap_future(studio.render_artwork(genome, size=0, owner=person))
        finally:
            listeners.leave(person)
    finally:
        listeners.leave(EVERYBODY)


def sound_response(sound: Frame) -> HttpResponse:
    """The sound, kept out of caches."""
    return HttpResponse(
        sound.payload, content_type=sound.media_type, headers={"Cache-Control": "no-store"}
    )


def refusal_response(refused: Refused) -> JsonResponse:
    """A refusal as {"error", "retry_after"}: status 400, or 429 where waiting helps."""
    return JsonResponse(
        {"error": refused.sentence, "retry_after": refused.retry_after},
        status=429 if refused.retry_after else 400,
    )
