"""Desks of what guards the garden: reports, suspensions, block lists, picks, and the log that
nobody can change.
"""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, gettext_lazy

from gallery.admin.base import (
    ReadOnlyAdmin,
    ReasonForm,
    RefusalsAsMessages,
    list_action,
    one_by_one,
)
from gallery.collections import picks
from gallery.models import AuditEntry, BlockedPicture, BlockedWord, Pick, Report, Suspension, User
from gallery.moderation import actions_cases, block_lists
from gallery.moderation import actions_suspensions as suspending
from gallery.moderation.decisions import Verdict
from gallery.moderation.log import SENTENCES, tell_deed, tell_details

DONE = gettext_lazy("{changed} of {chosen} rows changed.")


def decider(verdict: Verdict, label: str):
    """A list action that decides the cases of the ticked reports; a case that was decided with
    another one is passed over.
    """

    def settle(user: User, reports: list[Report], *, reason: str = "") -> int:
        decided = 0
        for report in reports:
            if Report.objects.pending().filter(pk=report.pk).exists():
                decided += actions_cases.decide(user, report, verdict=verdict, reason=reason)
        return decided

    return list_action(settle, name=f"decide_{verdict}", label=label, done=DONE, has_reason=True)


def lift(user: User, suspensions: list[Suspension], *, reason: str = "") -> int:
    """End the suspensions of these rows' people."""
    return sum(suspending.lift(user, row.user, reason=reason) for row in suspensions)


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
        decider(Verdict.DISMISS, gettext_lazy("Decide: leave it as it is")),
        decider(Verdict.HIDE, gettext_lazy("Decide: hide it")),
        decider(Verdict.QUARANTINE, gettext_lazy("Decide: put it in quarantine")),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return super().get_queryset(request).with_subjects()

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
    """Words that may not be published here."""

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
        obj.pk = block_lists.block_word(request.user, obj.word).pk


@admin.register(BlockedPicture)
class BlockedPictureAdmin(ReadOnlyAdmin):
    """Pictures that may not be published again; a work's own list and page put them here."""

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
    """What curators show on the front shelf, and when."""

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
    """Narrows the log to one kind of act."""

    title = gettext_lazy("Action")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            (verb, str(words).format(staff="…", subject="…")) for verb, words in SENTENCES.items()
        ]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.filter(verb=self.value()) if self.value() else rows


class KindFilter(admin.SimpleListFilter):
    """Narrows the log to acts about one kind of thing."""

    title = gettext_lazy("Type of object")
    parameter_name = "subject_kind"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        kinds = (
            AuditEntry.objects.order_by("subject_kind")
            .values_list("subject_kind", flat=True)
            .distinct()
        )
        return [(kind, str(apps.get_model("gallery", kind)._meta.verbose_name)) for kind in kinds]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.filter(subject_kind=self.value()) if self.value() else rows


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """What staff did. It can be read and never changed, here as everywhere."""

    list_display = ["created_at", "act", "kept", "reason"]
    list_filter = [VerbFilter, KindFilter]
    search_fields = ["staff_name__exact", "subject_name", "subject_id__exact"]

    @admin.display(description=gettext_lazy("Action"))
    def act(self, entry: AuditEntry) -> str:
        return tell_deed(entry)

    @admin.display(description=gettext_lazy("Details"))
    def kept(self, entry: AuditEntry) -> str:
        return format_html_join(
            mark_safe("<br>"),
            "{}",
            (
                (gettext("{label}: {value}").format(label=label, value=value),)
                for label, value in tell_details(entry)
            ),
        )
