"""Admin pages of moderation: reports, suspensions, block lists, picks, and the audit log."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from gallery.admin.base import (
    BaseAdmin,
    ReadOnlyAdmin,
    ReasonForm,
    RefusalsAsMessages,
    list_action,
    one_by_one,
    staff_of,
)
from gallery.collections import picks
from gallery.models import AuditEntry, BlockedPicture, BlockedWord, Pick, Report, Suspension, User
from gallery.models.moderation import ReportQuerySet
from gallery.moderation import actions_cases, actions_suspensions, block_lists
from gallery.moderation.decisions import Verdict
from gallery.moderation.log import SENTENCES, describe_action, describe_details
from gallery.types import Words

DONE = gettext_lazy("{changed} of {chosen} rows changed.")


def decide_action(
    verdict: Verdict, label: Words
) -> Callable[[BaseAdmin, HttpRequest, QuerySet[Any]], None]:
    """A list action that decides the cases of the ticked reports.

    Deciding a case decides all its reports, so ticked reports that are no longer pending are
    skipped.
    """

    def decide(user: User, reports: list[Report], *, reason: str = "") -> int:
        decided = 0
        for report in reports:
            if Report.objects.pending().filter(pk=report.pk).exists():
                decided += actions_cases.decide(user, report, verdict=verdict, reason=reason)
        return decided

    return list_action(decide, name=f"decide_{verdict}", label=label, done=DONE, has_reason=True)


def lift(user: User, suspensions: list[Suspension], *, reason: str = "") -> int:
    """End the suspensions of these rows' people."""
    return sum(actions_suspensions.lift(user, row.user, reason=reason) for row in suspensions)


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """Reports. The page /curate/reports/ shows them by case; here they are rows."""

    list_display = [
        "id",
        "about",
        "reason",
        "reporter",
        "state",
        "claimed_by",
        "decided_by",
        "created_at",
    ]
    list_filter = ["state", "reason"]
    search_fields = [
        "artwork__slug__exact",
        "person__username__exact",
        "reporter__username__exact",
        "email__exact",
    ]
    ordering = ["-id"]
    action_form = ReasonForm
    actions = [
        list_action(
            one_by_one(actions_cases.claim), name="claim", label=gettext_lazy("Claim"), done=DONE
        ),
        list_action(
            one_by_one(actions_cases.release_claim),
            name="unclaim",
            label=gettext_lazy("Release the claim"),
            done=DONE,
        ),
        decide_action(Verdict.DISMISS, gettext_lazy("Decide: leave it as it is")),
        decide_action(Verdict.HIDE, gettext_lazy("Decide: hide it")),
        decide_action(Verdict.QUARANTINE, gettext_lazy("Decide: put it in quarantine")),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        reports = super().get_queryset(request)
        assert isinstance(reports, ReportQuerySet)
        return reports.with_subjects()

    @admin.display(description=gettext_lazy("About"))
    def about(self, report: Report) -> str:
        return str(report.subject)


@admin.register(Suspension)
class SuspensionAdmin(ReadOnlyAdmin):
    list_display = ["user", "by", "reason", "created_at", "ends_at", "lifted_at"]
    list_select_related = ["user", "by"]
    search_fields = ["user__username__exact"]
    action_form = ReasonForm
    actions = [list_action(lift, label=gettext_lazy("Lift"), done=DONE, has_reason=True)]


@admin.register(BlockedWord)
class BlockedWordAdmin(RefusalsAsMessages, ReadOnlyAdmin):
    """Words that may not be published on this site."""

    list_display = ["word", "added_by", "created_at"]
    list_select_related = ["added_by"]
    search_fields = ["word"]
    fields = ["word"]
    actions = [
        list_action(
            one_by_one(block_lists.unblock_word),
            name="unblock_word",
            label=gettext_lazy("Remove"),
            done=DONE,
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("gallery.add_blockedword")

    def save_model(self, request: HttpRequest, obj: BlockedWord, form: Any, change: bool) -> None:
        obj.pk = block_lists.block_word(staff_of(request), obj.word).pk


@admin.register(BlockedPicture)
class BlockedPictureAdmin(ReadOnlyAdmin):
    """Pictures that may not be published again; the pages of works add them."""

    list_display = ["hash", "note", "added_by", "created_at"]
    list_select_related = ["added_by"]
    actions = [
        list_action(
            one_by_one(block_lists.unblock_picture),
            name="unblock_picture",
            label=gettext_lazy("Remove"),
            done=DONE,
        ),
    ]


@admin.register(Pick)
class PickAdmin(ReadOnlyAdmin):
    """Works that curators show on the front shelf, and when."""

    list_display = ["artwork", "curator", "starts_at", "ends_at", "note"]
    list_select_related = ["artwork", "curator"]
    search_fields = ["artwork__slug__exact"]
    action_form = ReasonForm
    actions = [
        list_action(
            one_by_one(picks.unpick),
            name="unpick",
            label=gettext_lazy("Take off the shelf"),
            done=DONE,
            has_reason=True,
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pick]:
        return (
            super()
            .get_queryset(request)
            .defer("artwork__genome", "artwork__pedigree", "artwork__description")
        )


class VerbFilter(admin.SimpleListFilter):
    """Filters the audit log by action."""

    title = gettext_lazy("Action")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: BaseAdmin) -> list[tuple[str, str]]:
        return [
            (verb, str(words).format(staff="…", subject="…")) for verb, words in SENTENCES.items()
        ]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(verb=self.value()) if self.value() else rows


class KindFilter(admin.SimpleListFilter):
    """Filters the audit log by the kind of subject."""

    title = gettext_lazy("Type of object")
    parameter_name = "subject_kind"

    def lookups(self, request: HttpRequest, model_admin: BaseAdmin) -> list[tuple[str, str]]:
        kinds = (
            AuditEntry.objects.order_by("subject_kind")
            .values_list("subject_kind", flat=True)
            .distinct()
        )
        return [(kind, str(apps.get_model("gallery", kind)._meta.verbose_name)) for kind in kinds]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(subject_kind=self.value()) if self.value() else rows


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """The audit log; nobody can change it."""

    list_display = ["created_at", "action", "detail_lines", "reason"]
    list_filter = [VerbFilter, KindFilter]
    search_fields = ["staff_name__exact", "subject_name", "subject_id__exact"]

    @admin.display(description=gettext_lazy("Action"))
    def action(self, entry: AuditEntry) -> str:
        return describe_action(entry)

    @admin.display(description=gettext_lazy("Details"))
    def detail_lines(self, entry: AuditEntry) -> SafeString:
        return format_html_join(
            mark_safe("<br>"),
            "{}",
            (
                (gettext("{label}: {value}").format(label=label, value=value),)
                for label, value in describe_details(entry)
            ),
        )
