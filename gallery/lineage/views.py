"""Pages about lineage and rights: family, children, replay, spread and licences."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gallery.core import pagination
from gallery.core.files import WEEK
from gallery.core.http import find_work
from gallery.discovery.large_tiles import SQUARES, lay_out
from gallery.lineage import graph, licences, tree_svg
from gallery.lineage.licences import add_robots_headers
from gallery.lineage.outline import generations_of
from gallery.lineage.replay import draw_step, stages
from gallery.lineage.spread import spread
from gallery.models import Licence, User
from gallery.types import Request

SHOWN = 60  # Relatives on each side of the work.
REACHES = (1, 2, 3, 5)  # Numbers of generations to choose from.


@require_safe
def family(request: Request, slug: str) -> HttpResponse:
    """The family of a work, or its nearest generations, as a drawing and as text."""
    artwork = find_work(request, slug)
    asked = request.GET.get("generations", "")
    reach = int(asked) if asked in map(str, REACHES) else None
    tree = graph.family(artwork, request.user, limit=SHOWN, generations=reach)
    context = {
        "artwork": artwork,
        "family": tree,
        "trees": tree_svg.draw_both(tree),
        "is_page": True,
        "generations": [] if tree.is_alone else generations_of(tree),
        "reach": reach,
        "reaches": REACHES,
    }
    response = render(request, "gallery/lineage/family.html", context)
    add_robots_headers(response, artwork)
    return response


@require_safe
def children(request: Request, slug: str) -> HttpResponse:
    """The children of a work, newest first."""
    artwork = find_work(request, slug)
    born = graph.nameable(request.user).filter(parent_edges__parent=artwork).for_cards()
    page = pagination.page(born, after=request.GET.get("after", ""), size=SQUARES)
    page = lay_out(page, lambda work: pagination.cursor_of(work, "published_at"))
    is_more = request.htmx and request.GET.get("after")
    template = "gallery/discovery/_more.html" if is_more else "gallery/lineage/family_children.html"
    return render(request, template, {"artwork": artwork, "page": page})


@require_safe
def replay(request: Request, slug: str) -> HttpResponse:
    """How a work came about, brood by brood; for htmx only the list."""
    artwork = find_work(request, slug)
    template = (
        "gallery/lineage/_replay_stages.html" if request.htmx else "gallery/lineage/replay.html"
    )
    return render(request, template, {"artwork": artwork, "stages": stages(artwork, request.user)})


@require_safe
def step(request: Request, slug: str, position: str, ending: str) -> HttpResponse:
    """The small picture of one step of the replay; it never changes, so browsers may cache it."""
    artwork = find_work(request, slug)
    if ending != ("svg" if artwork.is_music else "jpg"):
        raise Http404(gettext("This step has no such picture."))
    try:
        data, media_type = draw_step(artwork, request.user, int(position))
    except LookupError:
        raise Http404(gettext("This step has no such picture.")) from None
    response = HttpResponse(data, content_type=media_type)
    response["Cache-Control"] = f"private, max-age={WEEK}"
    return response


@require_safe
def spread_of(request: Request, username: str) -> HttpResponse:
    """How far a person's works have spread."""
    person = User.objects.filter(username__in=[username, username.lower()], is_active=True).first()
    if person is None:
        raise Http404(gettext("There is no one here by that name."))
    if person.username != username:
        return redirect("spread", person.username, permanent=True)
    return render(
        request, "gallery/lineage/spread.html", {"person": person, "spread": spread(person)}
    )


@require_safe
def rights(request: Request) -> HttpResponse:
    """The licences, what they leave open to children, and the two flags."""
    pairs = [(licences.RIGHTS[one], [_of_pair(one, two) for two in Licence]) for one in Licence]
    names = [licences.RIGHTS[licence].name for licence in Licence]
    context = {"rights": licences.RIGHTS.values(), "pairs": pairs, "names": names}
    return render(request, "gallery/lineage/rights.html", context)


def _of_pair(one: Licence, two: Licence) -> list[str]:
    """The names of the licences that a child of two works under these licences may have."""
    both = licences.TABLE[one] & licences.TABLE[two]
    return [str(licences.RIGHTS[licence].name) for licence in Licence if licence in both]
