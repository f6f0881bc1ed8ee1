"""Publishing a child of the bench: the form with what it suggests, and sending it.

The bench asks for the form with the pedigree of the child it shows (POST with `open`); the plain
page (GET) begins with an even child of the works of its address. A visitor fills in the same form;
what was typed is kept in the session while they sign up, and stands in the form again afterwards.
"""

import json
import zlib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from gallery.artworks.forms import PublishForm
from gallery.artworks.previews import make_preview
from gallery.artworks.publishing import inherit, publish_child
from gallery.bench.suggestions import Suggestions, suggest
from gallery.bench.views import read_pedigree, read_references
from gallery.core.http import hx_redirect
from gallery.core.rate_limits import RateLimiter, caller_of
from gallery.jobs.forecast import about, usual_seconds
from gallery.lineage.parents import Parent, find_parents
from gallery.models import User
from gallery.types import Request
from generation.genome import MAX_PARENTS, NEWEST, Recipe
from generation.pedigree import Pedigree, Step, grow
from generation.refusal import Refused

DRAFT = "publish_draft"  # Where the session keeps what a visitor typed before signing up.
DRAFT_FIELDS = (
    "title",
    "tags",
    "alt_text",
    "description",
    "licence",
    "visibility",
    "size",
    "may_be_bred",
    "may_train",
)
# How long publishing waits for the preview; the page of the work asks again where there is none.
PREVIEW_PATIENCE_S = 2.5
rate_limiter = RateLimiter("suggest", 20)  # Beyond it, the form comes without colours.
LONE_CHILD_RATE = 0.15  # How much a child of a single parent changes, as on a fresh bench.


@dataclass(frozen=True)
class Part:
    """What a part of the child came from: a parent, or nothing (is_new)."""

    title: str
    share: float
    is_new: bool = False


@require_http_methods(["GET", "POST"])
def publish(request: Request) -> HttpResponse:
    """The form, or, for a POST without `open`, publishing what it says.

    The child is bred again from its pedigree; the browser sends no genome.
    """
    if request.method == "GET" or "open" in request.POST:
        return show_form(request)
    pedigree = read_pedigree(request.POST.get("pedigree", ""))
    parents = find_parents(request.user, pedigree.roots)
    form = PublishForm(request.POST, parents=parents, author=member(request))
    if form.is_valid():
        try:
            if not request.user.is_authenticated:
                return sign_up(request, pedigree)
            artwork, _job = publish_child(request.user, **form.cleaned_data)
            request.session.pop(DRAFT, None)
            make_preview(artwork, patience_s=PREVIEW_PATIENCE_S)
            return hx_redirect(request, artwork.get_absolute_url())
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return respond(request, form, pedigree, parents, status=400)


def show_form(request: Request) -> HttpResponse:
    """The form for the child of a pedigree, with suggestions, or with what was typed before."""
    draft = request.session.get(DRAFT, {})
    pedigree = pedigree_of(request, draft)
    parents = find_parents(request.user, pedigree.roots)
    child = grow(pedigree, [parent.genome for parent in parents])[-1]
    shares, novelty = inherit(pedigree, parents, child)
    inherited = [
        (parent, (1 - novelty) * shares.get(parent.artwork.pk, 0.0) if parent.artwork else 0.0)
        for parent in parents
    ]
    person = caller_of(request)
    suggested = suggest(child, inherited, owner="" if rate_limiter.take(person) else person)
    initial: dict[str, Any] = {
        "pedigree": json.dumps(pedigree.to_json()),
        "title": suggested.titles[0],
        "tags": ", ".join(suggested.tags),
        "alt_text": suggested.alt_text,
    }
    if draft and draft.get("roots") == list(pedigree.roots):
        initial |= draft["fields"]
    form = PublishForm(initial=initial, parents=parents, author=member(request))
    return respond(request, form, pedigree, parents, suggested=suggested)


def respond(
    request: Request,
    form: PublishForm,
    pedigree: Pedigree,
    parents: list[Parent],
    *,
    suggested: Suggestions | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form alone for htmx, which takes only an answer with status 200; else a whole page."""
    usual = usual_of(parents)
    context = {
        "form": form,
        "words": [form[name] for name in ("tags", "alt_text", "description")],
        "titles_json": json.dumps(suggested.titles) if suggested else "",
        "is_suggested": suggested and form.initial["title"] == suggested.titles[0],
        "parts": parts_of(pedigree, parents),
        "is_music": bool(parents) and is_music(parents[0]),
        "ready": about(usual) if usual else "",
    }
    if request.htmx:
        return render(request, "gallery/bench/_publish.html", context)
    return render(request, "gallery/bench/publish.html", context, status=status)


def pedigree_of(request: Request, draft: dict[str, Any]) -> Pedigree:
    """The pedigree that the bench sent, that of the works in the address, or that of the draft."""
    if request.method == "POST":
        return read_pedigree(request.POST.get("pedigree", ""))
    references = read_references(request)
    if not references and draft.get("pedigree"):
        return Pedigree.from_json(draft["pedigree"])
    if not 1 <= len(references) <= MAX_PARENTS:
        raise Refused("Breed something on the bench first, then publish it.")
    count = len(references)
    recipe = Recipe(
        weights=(1 / count,) * count,
        mutation_rate=LONE_CHILD_RATE if count == 1 else 0.0,
        # The same works give the same child, so that a reload does not change it.
        seed=zlib.crc32(",".join(references).encode()),
        version=NEWEST,
    )
    return Pedigree(tuple(references), (Step(tuple(range(count)), recipe),))


def parts_of(pedigree: Pedigree, parents: list[Parent]) -> list[Part]:
    """The parts of the child, the largest first and what is new last; they sum to 1."""
    child = grow(pedigree, [parent.genome for parent in parents])[-1]
    shares, novelty = inherit(pedigree, parents, child)
    titles = {parent.work.pk: parent.work.title for parent in parents if parent.work}
    parts = [Part(titles[pk], (1 - novelty) * share) for pk, share in shares.items()]
    parts.sort(key=lambda part: -part.share)
    return [*parts, *([Part("", novelty, is_new=True)] if novelty > 0 else [])]


def is_music(parent: Parent) -> bool:
    return parent.artwork.is_music if parent.artwork else False


def usual_of(parents: list[Parent]) -> float | None:
    """How long prints of the parents' species take here; None where nothing is known."""
    work = next((parent.artwork for parent in parents if parent.artwork), None)
    if work is None:
        return None
    return usual_seconds(work, size=0 if work.is_music else settings.PRINT_SIZE)


def member(request: Request) -> User | None:
    return request.user if request.user.is_authenticated else None


def sign_up(request: Request, pedigree: Pedigree) -> HttpResponse:
    """Send a visitor to sign up (or, with `then=login`, to log in), and keep what they typed.

    The bench keeps the child itself; the plain form has no bench, so its pedigree is kept too.
    """
    fields = {name: request.POST.get(name, "") for name in DRAFT_FIELDS}
    request.session[DRAFT] = {
        "roots": list(pedigree.roots),
        "fields": fields,
        "pedigree": None if request.htmx else pedigree.to_json(),
    }
    after = reverse("bench") + "?resume=publish" if request.htmx else reverse("bench_publish")
    page = "account_login" if request.POST.get("then") == "login" else "account_signup"
    return hx_redirect(request, f"{reverse(page)}?{urlencode({'next': after})}")
