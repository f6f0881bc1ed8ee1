"""Pages of the desk about people: finding, suspending and locking them, and giving roles."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from gallery.core import pagination
from gallery.models import Artwork, AuditEntry, Report, Role, User
from gallery.models.texts import clean_line, isolate
from gallery.moderation.actions_roles import set_open, set_role
from gallery.moderation.actions_suspensions import in_force, lift, suspend_for
from gallery.moderation.forms import RoleForm, SuspendForm
from gallery.moderation.views_cases import log_entries_about
from gallery.moderation.views_desk import administrators_only, moderators_only, show_desk
from gallery.types import MemberRequest
from generation.refusal import Refused

PAGE_SIZE = 40
MAX_QUERY = 60
SHOWN = 12
KINDS = ("", "staff", "suspended", "closed")


@moderators_only
@require_safe
def people(request: MemberRequest) -> HttpResponse:
    """All people, the newest first, filtered by a part of the name and by kind."""
    query = clean_line(request.GET.get("q", ""))[:MAX_QUERY]
    kind = request.GET.get("kind", "")
    if kind not in KINDS:
        raise Refused("There is no such list of people. Choose one of the tabs.")
    suspended = Exists(in_force().filter(user=OuterRef("pk")))
    rows = User.objects.annotate(is_suspended=suspended)
    if query:
        name = query.removeprefix("@")
        rows = rows.filter(
            Q(username__icontains=name) | Q(display_name__icontains=name) | Q(email__iexact=query)
        )
    if kind == "staff":
        rows = rows.filter(~Q(role=Role.MEMBER) | Q(is_superuser=True))
    elif kind == "suspended":
        rows = rows.filter(suspended)
    elif kind == "closed":
        rows = rows.filter(is_active=False)
    page = pagination.page_by_id(rows, after=request.GET.get("after", ""), size=PAGE_SIZE)
    return show_desk(
        request, "gallery/moderation/people.html", {"page": page, "query": query, "kind": kind}
    )


@moderators_only
@require_safe
def person(request: MemberRequest, username: str) -> HttpResponse:
    """One person: role, suspensions, works, reports about them, and their actions as staff."""
    return show_person(request, find_person(username))


def find_person(username: str) -> User:
    """The person, even if the account is locked; 404 for an unknown name."""
    return get_object_or_404(User, username=username)


def show_person(
    request: MemberRequest,
    person: User,
    *,
    suspend_form: SuspendForm | None = None,
    role_form: RoleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a person. suspend_form, role_form: with errors, to be filled in again."""
    about = Q(person=person) | Q(artwork__author=person) | Q(comment__author=person)
    context = {
        "person": person,
        "suspension": person.suspension,
        "suspend_form": suspend_form or SuspendForm(),
        "role_form": role_form or RoleForm(initial={"role": person.role}),
        "suspensions": person.suspensions.select_related("by")[:SHOWN],
        "reports": Report.objects.filter(about).with_subjects().order_by("-pk")[:SHOWN],
        "works": (
            Artwork.objects.visible_to(request.user)
            .filter(author=person)
            .for_cards()
            .order_by("-pk")[:SHOWN]
        ),
        "log": log_entries_about(person),
        "acts": AuditEntry.objects.filter(staff=person)[:SHOWN],
    }
    return show_desk(request, "gallery/moderation/person.html", context, status=status)


@moderators_only
@require_POST
def suspend(request: MemberRequest, username: str) -> HttpResponse:
    """Suspend somebody, or lift the suspension (`lift=1`)."""
    found = find_person(username)
    if request.POST.get("lift") == "1":
        return _act(
            request,
            found,
            lambda: lift(request.user, found),
            done=gettext("The suspension has been lifted."),
        )
    form = SuspendForm(request.POST)
    if form.is_valid():
        try:
            suspend_for(request.user, found, **form.cleaned_data)
            messages.success(
                request, gettext("{name} is suspended.").format(name=isolate(found.name))
            )
            return redirect("curate_person", username=username)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return show_person(request, found, suspend_form=form, status=400)


@administrators_only
@require_POST
def role(request: MemberRequest, username: str) -> HttpResponse:
    """Give somebody a role."""
    found, form = find_person(username), RoleForm(request.POST)
    if form.is_valid():
        try:
            set_role(
                request.user, found, form.cleaned_data["role"], reason=form.cleaned_data["reason"]
            )
            messages.success(
                request, gettext("{name} now has this role.").format(name=isolate(found.name))
            )
            return redirect("curate_person", username=username)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return show_person(request, found, role_form=form, status=400)


@administrators_only
@require_POST
def lock(request: MemberRequest, username: str) -> HttpResponse:
    """Lock an account (`open=0`), or unlock it (`open=1`)."""
    found, is_open = find_person(username), request.POST.get("open") == "1"
    done = gettext("The account is unlocked.") if is_open else gettext("The account is locked.")
    return _act(request, found, lambda: set_open(request.user, found, is_open), done=done)


def _act(
    request: MemberRequest, person: User, act: Callable[[], bool], *, done: str
) -> HttpResponse:
    """Do it and return to the person's page, which shows `done` or the refusal."""
    try:
        act()
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("curate_person", username=person.username)
