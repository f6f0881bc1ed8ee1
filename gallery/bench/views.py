"""The breeding bench: its page, the picker of parents, and the publish form."""

import json

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from gallery.artworks.forms import PublishForm
from gallery.artworks.publishing import publish_child
from gallery.bench.state import parent_payload
from gallery.core.http import hx_redirect
from gallery.core.pagination import page
from gallery.discovery.filters import read_filter
from gallery.discovery.search import search
from gallery.lineage.parents import find_parents, surprise
from gallery.models import Artwork
from gallery.types import AnyUser, Request
from generation.checkpoints import medium_of
from generation.genome import MAX_PARENTS
from generation.pedigree import Pedigree
from generation.refusal import Refused

PICKER_SIZE = 24
SHELVES = {
    "newest": gettext_lazy("Newest"),
    "mine": gettext_lazy("Your works"),
    "likes": gettext_lazy("Likes"),
}


@require_GET
def show(request: Request) -> HttpResponse:
    """The bench with the parents of the address, or with a random pair."""
    references = read_references(request)
    if len(references) > MAX_PARENTS:
        raise Refused(
            "The bench holds at most {max_parents} works; remove some from the address.",
            max_parents=MAX_PARENTS,
        )
    is_surprise = not references
    parents = find_parents(request.user, references or surprise(request.user, count=2))
    payloads = [parent_payload(parent) for parent in parents]
    context = {
        "parents": payloads,
        "medium": medium_of(parents[0].genome.generator),
        "bench": {
            "roots": [parent.reference for parent in parents],
            "parents": payloads,
            "isSurprise": is_surprise,
        },
        "works": newest_works(request.user)[:12],
    }
    return render(request, "gallery/bench/bench.html", context)


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
        "filter": chosen,
        "next": urlencode(address | {"after": found.next_cursor}) if found.next_cursor else "",
        "is_continued": bool(request.GET.get("after")),
    }
    template = "gallery/bench/_picker.html" if request.htmx else "gallery/bench/choose.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
def publish(request: Request) -> HttpResponse:
    """GET: the form, with the licences that the parents allow. POST: publish the child.

    The child is bred again from its pedigree; the browser sends no genome.
    """
    if not request.user.is_authenticated:
        return ask_to_sign_up(request)
    if request.method == "GET":
        form = PublishForm(
            parents=find_parents(request.user, read_references(request)), author=request.user
        )
        return render(request, "gallery/bench/_publish.html", {"form": form})
    pedigree = read_pedigree(request.POST.get("pedigree", ""))
    form = PublishForm(
        request.POST, parents=find_parents(request.user, pedigree.roots), author=request.user
    )
    if form.is_valid():
        try:
            artwork, _job = publish_child(request.user, **form.cleaned_data)
            return hx_redirect(request, artwork.get_absolute_url())
        except Refused as refused:
            form.add_error(None, refused.sentence)
    template = "gallery/bench/_publish.html" if request.htmx else "gallery/bench/publish.html"
    # htmx puts an answer into the page only if its status is 200.
    return render(request, template, {"form": form}, status=200 if request.htmx else 400)


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


def ask_to_sign_up(request: Request) -> HttpResponse:
    """Ask a visitor to sign up: anybody may breed, but a published work needs a maker.

    The browser stores the bench meanwhile.
    """
    query = urlencode({"next": reverse("bench") + "?resume=1"})
    context = {
        "sign_up": f"{reverse('account_signup')}?{query}",
        "log_in": f"{reverse('account_login')}?{query}",
    }
    if request.method == "GET":
        return render(request, "gallery/bench/_sign_up.html", context)
    return hx_redirect(request, context["sign_up"])
