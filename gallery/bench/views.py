"""The breeding bench: its page, the picker of parents, and the publish form."""

import json
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from gallery.artworks.forms import PublishForm
from gallery.artworks.publishing import publish_child
from gallery.bench.state import tell_parent
from gallery.core.http import hx_redirect
from gallery.core.pagination import page
from gallery.discovery.filters import read_filter
from gallery.discovery.search import search
from gallery.lineage.parents import find_parents, surprise
from gallery.models import Artwork
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
def show(request: HttpRequest) -> HttpResponse:
    """The bench with the parents of the address, or with a surprising pair."""
    references = read_references(request)
    if len(references) > MAX_PARENTS:
        raise Refused(
            "The bench holds at most {max_parents} works; remove some from the address.",
            max_parents=MAX_PARENTS,
        )
    is_surprise = not references
    parents = find_parents(request.user, references or surprise(request.user, count=2))
    told = [tell_parent(parent) for parent in parents]
    context = {
        "parents": told,
        "bench": {
            "roots": [parent.reference for parent in parents],
            "parents": told,
            "isSurprise": is_surprise,
        },
        "works": newest_works(request.user)[:12],
    }
    return render(request, "gallery/bench/bench.html", context)


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """A page of works that can be bred, for the picker: newest, one's own, likes, or by words."""
    user, query, shelf = (
        request.user,
        request.GET.get("q", "").strip()[:100],
        request.GET.get("shelf", "newest"),
    )
    works = (
        Artwork.objects.visible_to(user)
        .breedable_by(user)
        .filter(published_at__isnull=False)
        .for_cards()
    )
    narrowed = read_filter(request)
    works, species = narrowed.narrow(works), narrowed.species
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
        "medium": narrowed.medium,
        "parents": request.GET.get("parents", ""),
    }
    context = {
        "works": found.items,
        "shelf": shelf,
        "shelves": shelves.items(),
        "query": query,
        "species": species,
        "kept": read_references(request),
        "filter": narrowed,
        "next": urlencode(address | {"after": found.next_cursor}) if found.next_cursor else "",
        "is_continued": bool(request.GET.get("after")),
    }
    template = "gallery/bench/_picker.html" if request.htmx else "gallery/bench/choose.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """GET: the form, its licences those that the parents allow. POST: breed again from the
    pedigree, and publish.
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
    # Status 200 for htmx, which swaps in nothing else.
    return render(request, template, {"form": form}, status=200 if request.htmx else 400)


def read_references(request: HttpRequest) -> list[str]:
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


def newest_works(user: Any) -> list[Artwork]:
    """A handful of works to begin with, for the page without script."""
    works = Artwork.objects.visible_to(AnonymousUser()).listed().breedable_by(user)
    return list(works.for_cards()[:PICKER_SIZE])


def ask_to_sign_up(request: HttpRequest) -> HttpResponse:
    """Playing is open to everybody; a published work needs a maker. The browser keeps the bench
    meanwhile.
    """
    words = urlencode({"next": reverse("bench") + "?resume=1"})
    context = {
        "sign_up": f"{reverse('account_signup')}?{words}",
        "log_in": f"{reverse('account_login')}?{words}",
    }
    if request.method == "GET":
        return render(request, "gallery/bench/_sign_up.html", context)
    return hx_redirect(request, context["sign_up"])
