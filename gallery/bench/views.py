"""The breeding bench: its page, and the picker of parents."""

import json
import secrets
import uuid
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from gallery import studio
from gallery.bench.state import parent_payload
from gallery.core.pagination import page
from gallery.discovery.filters import read_filter
from gallery.discovery.search import search
from gallery.jobs.progress import find_job
from gallery.lineage.parents import (
    MixedParents,
    Parent,
    find_parents,
    founder_reference,
    surprise,
)
from gallery.models import Artwork, JobKind, Species
from gallery.types import AnyUser, Request
from generation.checkpoints import architecture_of, medium_of
from generation.codecs.image import MEDIA_TYPES
from generation.genespaces import WORDED
from generation.genome import MAX_PARENTS, MAX_SEED
from generation.pedigree import Pedigree
from generation.prompts import MAX_WORDS, clean_words
from generation.refusal import Refused

PICKER_SIZE = 24
PARTNERS = 6  # Works that are offered for each of several parents that don't fit together.
SHELVES = {
    "newest": gettext_lazy("Newest"),
    "mine": gettext_lazy("Your works"),
    "likes": gettext_lazy("Likes"),
}


@require_GET
def show(request: Request) -> HttpResponse:
    """The bench with the parents of the address, or with a random pair.

    `?species=dreams&words=a red fox` adds a founder that is painted from these words.
    """
    bed = read_bed(request)
    references = read_references(request) or (bed["parents"]["roots"][:MAX_PARENTS] if bed else [])
    if words := request.GET.get("words", "").strip():
        number = secrets.randbelow(MAX_SEED)
        founder = founder_reference(request.GET.get("species", ""), number, clean_words(words))
        query = urlencode({"parents": ",".join([*references, founder])})
        return redirect(f"{reverse('bench')}?{query}")
    if len(references) > MAX_PARENTS:
        raise Refused(
            "The bench holds at most {max_parents} works; remove some from the address.",
            max_parents=MAX_PARENTS,
        )
    is_surprise = not references
    try:
        parents = find_parents(request.user, references or surprise(request.user, count=2))
    except MixedParents as mixed:
        return choose_again(request, mixed)
    payloads = [parent_payload(parent) for parent in parents]
    context = {
        "parents": payloads,
        "medium": medium_of(parents[0].genome.generator),
        "bench": {
            "roots": [parent.reference for parent in parents],
            "parents": payloads,
            "isSurprise": is_surprise,
            "isSlow": studio.is_slow(parents[0].genome.generator, parents[0].genome.digest),
            "bed": bed,
        },
        "works": newest_works(request.user)[:12],
        "picture_types": ", ".join(MEDIA_TYPES),
    }
    return render(request, "gallery/bench/bench.html", context)


def read_bed(request: Request) -> dict[str, Any] | None:
    """The brood of `?develop=<job>` as the bench is to show it; None where there is none."""
    wanted = request.GET.get("develop", "")
    try:
        job = find_job(request.user, uuid.UUID(wanted)) if wanted else None
    except ValueError:
        return None
    if job is None or job.kind != JobKind.DEVELOP:
        return None
    kept = {name: job.payload[name] for name in ("parents", "chosen", "recipe")}
    return kept | {"job": str(job.pk)}


def choose_again(request: Request, mixed: MixedParents) -> HttpResponse:
    """400 for parents that don't fit together: each of them with works that fit it."""
    groups: dict[tuple[str, str], list[Parent]] = {}
    for parent in mixed.parents:
        groups.setdefault((parent.genome.generator, parent.genome.digest), []).append(parent)
    names = dict(
        Species.objects.filter(key__in=[key for key, _ in groups]).values_list("key", "name")
    )
    choices = [
        {
            "species": names.get(key, key),
            "parents": [parent_payload(parent) for parent in parents],
            "kept": [parent.reference for parent in parents],
            "works": partners(request.user, key, digest=digest, but=parents),
        }
        for (key, digest), parents in groups.items()
    ]
    context = {"sentence": mixed.sentence, "choices": choices}
    return render(request, "gallery/bench/mixed.html", context, status=400)


def partners(user: AnyUser, key: str, *, digest: str, but: list[Parent]) -> list[Artwork]:
    """The newest public works of one version of a species that this person may breed."""
    works = Artwork.objects.listed().breedable_by(user).filter(species=key, genome__digest=digest)
    others = works.exclude(pk__in=[parent.artwork.pk for parent in but if parent.artwork])
    return list(others.for_cards()[:PARTNERS])


@require_GET
def pair(request: Request) -> JsonResponse:
    """Two random works of one species for a bench that is open already: {"roots"}."""
    return JsonResponse({"roots": surprise(request.user, count=2)})


@require_GET
def choose(request: Request) -> HttpResponse:
    """A page of works that can be bred, for the picker: a shelf of SHELVES, or a search in it."""
    user = request.user
    query = request.GET.get("q", "").strip()[:100]
    shelf = request.GET.get("shelf", "newest")
    works = (
        Artwork.objects.visible_to(user)
        .breedable_by(user)
        .filter(published_at__isnull=False)
        .for_cards()
    )
    chosen = read_filter(request)
    works, species = chosen.narrow(works), chosen.species
    if shelf == "mine" and user.is_authenticated:
        works = works.filter(author=user)
    elif shelf == "likes" and user.is_authenticated:
        works = works.filter(likes__user=user)
    else:
        shelf, works = "newest", works.listed()
    if query:
        works = search(query, works)
    found = page(works, after=request.GET.get("after", ""), size=PICKER_SIZE)
    shelves = SHELVES if user.is_authenticated else {}
    address = {
        "shelf": shelf,
        "q": query,
        "species": species,
        "medium": chosen.medium,
        "parents": request.GET.get("parents", ""),
    }
    context = {
        "works": found.items,
        "shelf": shelf,
        "shelves": shelves.items(),
        "query": query,
        "species": species,
        "kept": read_references(request),
        "max_words": MAX_WORDS if takes_words(species) else 0,
        "filter": chosen,
        "next": urlencode(address | {"after": found.next_cursor}) if found.next_cursor else "",
        "is_continued": bool(request.GET.get("after")),
    }
    template = "gallery/bench/_picker.html" if request.htmx else "gallery/bench/choose.html"
    return render(request, template, context)


def takes_words(key: str) -> bool:
    """Whether founders of a species can be painted from words that people write."""
    return architecture_of(key) in WORDED


def read_references(request: Request) -> list[str]:
    """The works of the address `?parents=a,b`, each once."""
    return list(
        dict.fromkeys(
            part.strip() for part in request.GET.get("parents", "").split(",") if part.strip()
        )
    )


def read_pedigree(text: str) -> Pedigree:
    """The pedigree of the form, as JSON text."""
    try:
        return Pedigree.from_json(json.loads(text))
    except (ValueError, RecursionError):
        raise Refused(
            "The form did not say how the child was bred. Go back to the bench and publish from"
            " there."
        ) from None


def newest_works(user: AnyUser) -> list[Artwork]:
    """The newest works to begin with, for pages without script."""
    works = Artwork.objects.visible_to(AnonymousUser()).listed().breedable_by(user)
    return list(works.for_cards()[:PICKER_SIZE])
