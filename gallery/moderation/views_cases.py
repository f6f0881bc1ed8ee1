"""The pages of the report queue: the pending cases, one case, claiming and deciding it."""

from django.contrib import messages
from django.db.models import Count, Model, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from gallery.core import pagination
from gallery.lineage.graph import descendant_ids
from gallery.lineage.originality import painted_over
from gallery.models import Artwork, AuditEntry, Collection, Report, ReportState, State, User
from gallery.models.moderation import ReportQuerySet, same_subject
from gallery.moderation.actions_cases import claim, decide, decide_appeal, release_claim
from gallery.moderation.forms import AppealForm, DecideForm
from gallery.moderation.views_desk import moderators_only, show_desk
from gallery.types import MemberRequest
from generation.refusal import Refused

PAGE_SIZE = 30
MAX_DESCENDANTS = 200  # On the page of a case; more of them need several takedowns.
MAX_ROWS = 50
TABS = ("open", "answered", "mine", "decided")


@moderators_only
@require_safe
def queue(request: MemberRequest) -> HttpResponse:
    """The cases of one tab, each as its oldest report."""
    tab = request.GET.get("tab", "open")
    if tab not in TABS:
        raise Refused("There is no such list of reports. Choose one of the tabs.")
    rows = cases(tab, request.user).with_subjects().annotate(others=_others())
    page = pagination.page_by_id(rows, after=request.GET.get("after", ""), size=PAGE_SIZE)
    return show_desk(request, "gallery/moderation/reports.html", {"page": page, "tab": tab})


def cases(tab: str, user: User) -> ReportQuerySet:
    """The cases of a tab, each as its oldest pending report; decided reports one by one."""
    if tab == "decided":
        return Report.objects.filter(state__in=[ReportState.UPHELD, ReportState.DISMISSED])
    leads = Report.objects.leads()
    if tab == "mine":
        return leads.filter(state=ReportState.CLAIMED, claimed_by=user)
    answered = leads.filter(countered_at__isnull=False)
    return (
        answered
        if tab == "answered"
        else leads.filter(countered_at__isnull=True).exclude(claimed_by=user)
    )


def _others() -> Coalesce:
    """The number of pending reports about the same thing besides this one."""
    others = Report.objects.pending().filter(same_subject()).exclude(pk=OuterRef("pk")).order_by()
    count = (
        others.annotate(case=Value(1)).values("case").annotate(number=Count("pk")).values("number")
    )
    return Coalesce(Subquery(count), 0)


@moderators_only
@require_safe
def case(request: MemberRequest, pk: int) -> HttpResponse:
    """One case: what it is about, its reports, and the form to decide it."""
    return show_case(request, find_report(pk))


def find_report(pk: int) -> Report:
    """The report; 404 where there is none."""
    return get_object_or_404(Report.objects.with_subjects(), pk=pk)


def show_case(
    request: MemberRequest,
    report: Report,
    *,
    form: DecideForm | AppealForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a case. form: one with errors, to be filled in again."""
    subject = report.subject
    reports = list(Report.objects.about(subject).with_subjects().order_by("-pk")[:MAX_ROWS])
    pending = [row for row in reports if row.state in (ReportState.OPEN, ReportState.CLAIMED)]
    is_appealed = any(row.countered_at for row in pending)
    descendants = find_descendants(report.artwork)
    painted = painted_over(report.artwork, descendants) if report.artwork else set()
    if form is None and pending:
        form = (
            AppealForm()
            if is_appealed
            else DecideForm(subject=subject, descendants=descendants, painted=painted)
        )
    context = {
        "report": pending[-1] if pending else report,
        "subject": subject,
        "kind": subject._meta.model_name,
        "reports": reports,
        "pending": pending,
        "captions": captions_of(subject),
        "is_appealed": is_appealed,
        "form": form,
        "descendants": descendants,
        "painted": painted,
        "log": log_entries_about(subject),
        "holder": next((row.claimed_by for row in pending if row.claimed_by), None),
    }
    return show_desk(request, "gallery/moderation/report.html", context, status=status)


def find_descendants(artwork: Artwork | None) -> list[Artwork]:
    """Descendants of a work that are not taken down, the nearest first; none without a work."""
    if artwork is None:
        return []
    keys = descendant_ids([artwork.pk], limit=MAX_DESCENDANTS)
    works = Artwork.objects.filter(
        pk__in=keys, state__in=[State.PUBLISHED, State.RENDERING]
    ).for_cards()
    return sorted(works, key=lambda work: keys.index(work.pk))


def captions_of(subject: Model) -> list[str]:
    """The captions in a collection, which may be why it was reported; of other things none."""
    if not isinstance(subject, Collection):
        return []
    return list(subject.items.exclude(caption="").values_list("caption", flat=True)[:MAX_ROWS])


def log_entries_about(subject: Model) -> list[AuditEntry]:
    """The newest entries of the audit log about it."""
    rows = AuditEntry.objects.filter(
        subject_kind=subject._meta.model_name, subject_id=str(subject.pk)
    )
    return list(rows[:MAX_ROWS])


@moderators_only
@require_POST
def claim_case(request: MemberRequest, pk: int) -> HttpResponse:
    """Claim a case, or put it back into the queue (`release=1`)."""
    report = find_report(pk)
    if request.POST.get("release") == "1":
        release_claim(request.user, report)
        return redirect("curate_reports")
    claim(request.user, report)
    return redirect("curate_report", pk=pk)


@moderators_only
@require_POST
def decide_case(request: MemberRequest, pk: int) -> HttpResponse:
    """Decide a case, or the maker's appeal (`answer=restore` or `answer=keep`)."""
    report = find_report(pk)
    answer = request.POST.get("answer", "")
    if answer not in ("", "restore", "keep"):
        raise Http404
    descendants = find_descendants(report.artwork)
    form: DecideForm | AppealForm = (
        AppealForm(request.POST)
        if answer
        else DecideForm(request.POST, subject=report.subject, descendants=descendants)
    )
    if form.is_valid():
        try:
            if answer:
                is_restored = answer == "restore"
                decide_appeal(request.user, report, is_restored=is_restored, **form.cleaned_data)
                messages.success(
                    request, gettext("The appeal is decided; the maker has been told.")
                )
            else:
                decided = decide(request.user, report, **form.cleaned_data)
                done = ngettext("{count} report decided.", "{count} reports decided.", decided)
                messages.success(request, done.format(count=decided))
            return redirect("curate_reports")
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return show_case(request, report, form=form, status=400)
