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
from gallery.lineage.founders import sow
from gallery.lineage.parents import (
    MixedParents,
    Parent,
    find_parents,
    find_source,
    surprise,
)
from gallery.lineage.references import MAX_SOURCE, Founder
from gallery.models import Artwork, JobKind, Medium, Species
from gallery.species.worded import graftable_species, words_form
from gallery.types import AnyUser, Request
from generation.checkpoints import medium_of
from generation.codecs.image import MEDIA_TYPES
from generation.genespaces.pictures import stored_species
from generation.genome import MAX_PARENTS, MAX_SEED
from generation.pedigree import Pedigree
from generation.prompts import clean_words
from generation.refusal import Refused

PICKER_SIZE = 24
MAX_SLUG = 20
PARTNERS = 6  # Works that are offered for each of several parents that don't fit together.
SHELVES = {
    "newest": gettext_lazy("Newest"),
    "mine": gettext_lazy("Your works"),
    "likes": gettext_lazy("Likes"),
}


@require_GET
def show(request: Request) -> HttpResponse:
    """The bench with the parents of the address, or with a random pair.

    `?species=dreams&words=a red fox&avoided=blurred` adds a founder that is painted from these
    words.
    """
    bed = read_bed(request)
    references = read_references(request) or (bed["parents"]["roots"][:MAX_PARENTS] if bed else [])
    if founder := read_wish(request):
        query = urlencode({"parents": ",".join([*references, str(founder)])})
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
        "has_genes": parents[0].genome.generator not in stored_species(),
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


def read_wish(request: Request) -> Founder | None:
    """The founder that the form of words asks for, with a random number; None without words."""
    words, avoided, graft, source = (
        request.GET.get(name, "").strip() for name in ("words", "avoided", "graft", "source")
    )
    if not words:
        return None
    return Founder(
        request.GET.get("species", ""),
        secrets.randbelow(MAX_SEED),
        clean_words(words),
        clean_words(avoided) if avoided else "",
        graft[:MAX_SLUG],
        clean_words(source[:MAX_SOURCE]) if source else "",
    )


@require_GET
def graft(request: Request) -> HttpResponse:
    """The form for a founder that is painted over a work: by which species, and from what words."""
    source = find_source(request.user, request.GET.get("work", ""))
    kinds = graftable_species()
    wanted = request.GET.get("species", "")
    chosen = next((kind for kind in kinds if kind.key == wanted or not wanted), None)
    if chosen is None:
        raise Refused(
            "A picture is grafted onto a species that paints from words, and this one is not"
            " available here."
        )
    context = {
        "source": source,
        "kinds": kinds,
        "kind": chosen,
        "species": chosen.key,
        "words": words_form(chosen.key),
        "kept": read_references(request),
    }
    name = "_graft" if request.htmx else "graft"
    return render(request, f"gallery/bench/{name}.html", context)


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
def founder(request: Request) -> JsonResponse:
    """A new founder of `?species=patterns` for a bench that is open already: {"reference"}."""
    return JsonResponse({"reference": str(sow(request.GET.get("species", "")))})


@require_GET
def founders(request: Request, key: str) -> HttpResponse:
    """To the bench, with two new founders of a species."""
    references = ",".join(str(sow(key)) for _ in range(2))
    return redirect(f"{reverse('bench')}?{urlencode({'parents': references})}")


@require_GET
def choose(request: Request) -> HttpResponse:
    """A page of works that can be bred, for the picker: a shelf of SHELVES, or a search in it.

    `?onto=dreams` shows pictures of all species, to be grafted onto one of that species.
    """
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
    onto = request.GET.get("onto", "")[:60]
    works = works.filter(species__medium=Medium.PICTURE) if onto else works.with_genes()
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
        "onto": onto,
        "medium": chosen.medium,
        "parents": request.GET.get("parents", ""),
    }
    context = {
        "works": found.items,
        "shelf": shelf,
        "shelves": shelves.items(),
        "query": query,
        "species": species,
        "onto": onto,
        "kept": read_references(request),
        "words": words_form(species),
        "filter": chosen,
        "kinds": [kind for kind in chosen.kinds if kind.key not in stored_species()],
        "next": urlencode(address | {"after": found.next_cursor}) if found.next_cursor else "",
        "is_continued": bool(request.GET.get("after")),
    }
    template = "gallery/bench/_picker.html" if request.htmx else "gallery/bench/choose.html"
    return render(request, template, context)


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
    works = Artwork.objects.visible_to(AnonymousUser()).listed().breedable_by(user).with_genes()
    return list(works.for_cards()[:PICKER_SIZE])
