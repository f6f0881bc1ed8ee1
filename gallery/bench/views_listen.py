"""Listening to a child of the bench as it would be published."""

from asgiref.sync import sync_to_async
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from gallery.artworks.listening import mastered, refusal_response, sound_response, take_turn
from gallery.bench.views import read_pedigree
from gallery.core.rate_limits import caller_of
from gallery.lineage.parents import find_parents
from gallery.types import AnyUser, Request
from generation.checkpoints import medium_of
from generation.genome import Genome
from generation.pedigree import Pedigree, grow
from generation.refusal import Refused


@require_POST
async def listen(request: Request) -> HttpResponse:
    """The mastered sound (FLAC) of the child whose `pedigree` is sent.

    A refusal comes as {"error"} with status 400, or 429 where waiting helps.
    """
    user = await request.auser()
    person = await sync_to_async(caller_of)(request)
    try:
        genome = await sync_to_async(_child)(user, read_pedigree(request.POST.get("pedigree", "")))
        await take_turn(person)
        sound = await mastered(genome, person, is_visitor=not user.is_authenticated)
    except Refused as refused:
        return refusal_response(refused)
    return sound_response(sound)


def _child(user: AnyUser, pedigree: Pedigree) -> Genome:
    genome = grow(pedigree, [parent.genome for parent in find_parents(user, pedigree.roots)])[-1]
    if medium_of(genome.generator) != "music":
        raise Refused("Only tunes can be played; put tunes on the bench.")
    return genome
