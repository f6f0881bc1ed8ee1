"""Moderation and curation: reports, suspensions, block lists, picks, and the audit log."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from gallery.models.fields import LineField, ProseField

if TYPE_CHECKING:
    from gallery.models.user import User
    from gallery.types import Subject

# Name of a model -> the column of a report that names one.
SUBJECTS = {
    "artwork": "artwork",
    "comment": "comment",
    "user": "person",
    "collection": "collection",
}


def subject_column(subject: models.Model) -> str:
    """The column of a report that names this work, comment, person or collection."""
    return SUBJECTS[subject._meta.model_name or ""]


def same_subject() -> Q:
    """For a subquery of reports: the condition that it is about the same as the outer row."""
    return reduce(or_, (Q(**{column: OuterRef(column)}) for column in SUBJECTS.values()))


def _names_only(column: str) -> Q:
    return Q(**{f"{other}__isnull": other != column for other in SUBJECTS.values()})


class ReportReason(models.TextChoices):
    """Why somebody reports something."""

    RIGHTS = "rights", gettext_lazy("It uses somebody's work or likeness without permission")
    HARM = "harm", gettext_lazy("It is hateful, threatening or harassing")
    SEXUAL = "sexual", gettext_lazy("It is sexual or violent and not marked as such")
    SPAM = "spam", gettext_lazy("It is spam or misleading")
    OTHER = "other", gettext_lazy("Something else")


class ReportState(models.TextChoices):
    """The state of a report."""

    OPEN = "open", gettext_lazy("Open")
    CLAIMED = "claimed", gettext_lazy("Under review")
    UPHELD = "upheld", gettext_lazy("Upheld")
    DISMISSED = "dismissed", gettext_lazy("Dismissed")


class ReportQuerySet(models.QuerySet["Report"]):
    """Queries of reports. All about one thing are one case, claimed and decided together."""

    def about(self, subject: models.Model) -> "ReportQuerySet":
        """Reports about this work, comment, person or collection."""
        return self.filter(**{subject_column(subject): subject})

    def pending(self) -> "ReportQuerySet":
        """Reports that nobody has decided yet."""
        return self.filter(state__in=[ReportState.OPEN, ReportState.CLAIMED])

    def leads(self) -> "ReportQuerySet":
        """The oldest pending report of every case, which represents the others."""
        older = Report.objects.pending().filter(same_subject(), pk__lt=OuterRef("pk"))
        return self.pending().filter(~Exists(older))

    def with_subjects(self) -> "ReportQuerySet":
        """The same reports, with their subjects and the people involved fetched by one query."""
        rows = self.select_related(
            "artwork__author",
            "artwork__species",
            "comment__author",
            "comment__artwork",
            "person",
            "collection__owner",
            "reporter",
            "claimed_by",
            "decided_by",
        )
        heavy = ("genome", "pedigree", "description")
        return rows.defer(
            *(f"{path}__{name}" for path in ("artwork", "comment__artwork") for name in heavy)
        )


class Report(models.Model):
    """A report to moderators about exactly one work, comment, person, collection or exhibition.

    reporter: empty for visitors, who leave an email address instead, and for automatic reports.
    counter_notice: the maker's appeal against a takedown.
    """

    artwork = models.ForeignKey(
        "gallery.Artwork",
        verbose_name=gettext_lazy("work"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="reports",
    )
    comment = models.ForeignKey(
        "gallery.Comment",
        verbose_name=gettext_lazy("comment"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="reports",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("reported person"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="reports_about",
    )
    collection = models.ForeignKey(
        "gallery.Collection",
        verbose_name=gettext_lazy("collection"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="reports",
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("reported by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports_made",
    )
    email = models.EmailField(gettext_lazy("email address"), blank=True)
    reason = models.CharField(gettext_lazy("reason"), max_length=8, choices=ReportReason.choices)
    text = ProseField(gettext_lazy("explanation"), max_length=2000, blank=True)
    state = models.CharField(
        gettext_lazy("state"), max_length=9, choices=ReportState.choices, default=ReportState.OPEN
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("claimed by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports_claimed",
    )
    claimed_at = models.DateTimeField(gettext_lazy("claimed at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports_decided",
    )
    decided_at = models.DateTimeField(gettext_lazy("decided at"), null=True, blank=True)
    decision = ProseField(gettext_lazy("decision"), max_length=2000, blank=True)
    counter_notice = ProseField(gettext_lazy("maker's appeal"), max_length=4000, blank=True)
    countered_at = models.DateTimeField(gettext_lazy("appealed at"), null=True, blank=True)
    created_at = models.DateTimeField(gettext_lazy("reported at"), auto_now_add=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("report")
        verbose_name_plural = gettext_lazy("reports")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="report_is_about_one_thing",
                condition=reduce(or_, (_names_only(column) for column in SUBJECTS.values())),
            )
        ]
        indexes = [models.Index(fields=["state", "id"], name="reports_in_line")]

    def __str__(self) -> str:
        return gettext("Report {number} ({state})").format(
            number=self.pk, state=self.get_state_display()
        )

    @property
    def subject(self) -> "Subject":
        """The work, comment, person or collection that it is about."""
        subject = self.artwork or self.comment or self.person or self.collection
        assert subject is not None  # By the constraint of the table.
        return subject

    @property
    def kind(self) -> str:
        """What it is about: "artwork", "comment", "user" or "collection"."""
        return self.subject._meta.model_name or ""

    @property
    def maker(self) -> "User":
        """The person whose work, comment or collection it is about, or the reported person."""
        if self.person:
            return self.person
        if self.collection:
            return self.collection.owner
        made = self.artwork or self.comment
        assert made is not None  # By the constraint of the table.
        return made.author


class Suspension(models.Model):
    """A person may look but not act, for a reason and until a time (empty: until it is lifted)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("suspended person"),
        on_delete=models.CASCADE,
        related_name="suspensions",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("suspended by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reason = ProseField(gettext_lazy("reason"), max_length=1000)
    created_at = models.DateTimeField(gettext_lazy("suspended at"), auto_now_add=True)
    ends_at = models.DateTimeField(gettext_lazy("ends at"), null=True, blank=True)
    lifted_at = models.DateTimeField(gettext_lazy("lifted at"), null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("suspension")
        verbose_name_plural = gettext_lazy("suspensions")
        ordering = ["-id"]

    def __str__(self) -> str:
        return gettext("Suspension of {person}").format(person=self.user)


class BlockedWord(models.Model):
    """A word that no title, tag, description, comment or name may contain.

    Stored as `gallery.models.text_index.fold` writes it.
    """

    word = models.CharField(gettext_lazy("word"), max_length=40, unique=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("added by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(gettext_lazy("blocked at"), auto_now_add=True)

    class Meta:
        verbose_name = gettext_lazy("blocked word")
        verbose_name_plural = gettext_lazy("blocked words")
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word


class BlockedPicture(models.Model):
    """A picture that may not be published again.

    hash: its difference hash (gallery.core.picture_hash), 64 bits as 16 hexadecimal digits.
    """

    hash = models.CharField(gettext_lazy("picture hash"), max_length=16, unique=True)
    note = LineField(gettext_lazy("note"), max_length=200, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("added by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(gettext_lazy("blocked at"), auto_now_add=True)

    class Meta:
        verbose_name = gettext_lazy("blocked picture")
        verbose_name_plural = gettext_lazy("blocked pictures")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.hash


class PickQuerySet(models.QuerySet["Pick"]):
    """Queries of picks by their period."""

    def in_force(self, now: datetime | None = None) -> "PickQuerySet":
        """Picks that have started and not ended."""
        now = now or timezone.now()
        return self.filter(Q(starts_at__lte=now) & (Q(ends_at__isnull=True) | Q(ends_at__gt=now)))

    def upcoming(self) -> "PickQuerySet":
        """Picks that have not started."""
        return self.filter(starts_at__gt=timezone.now())


class Pick(models.Model):
    """A curator shows a work on the shelf of picks, for a period (no end: until it is removed)."""

    artwork = models.ForeignKey(
        "gallery.Artwork",
        verbose_name=gettext_lazy("work"),
        on_delete=models.CASCADE,
        related_name="picks",
    )
    curator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("curator"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="picks",
    )
    note = LineField(gettext_lazy("note"), max_length=400, blank=True)
    starts_at = models.DateTimeField(gettext_lazy("starts at"))
    ends_at = models.DateTimeField(gettext_lazy("ends at"), null=True, blank=True)
    created_at = models.DateTimeField(gettext_lazy("created at"), auto_now_add=True)

    objects = PickQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("pick")
        verbose_name_plural = gettext_lazy("picks")
        ordering = ["-starts_at", "-id"]

    def __str__(self) -> str:
        return gettext("Pick of work {number}").format(number=self.artwork_id)


class AuditEntry(models.Model):
    """One entry of the audit log: which member of staff did what to what, why, and what was before.

    Names are stored as text beside the ids, so that an entry stays readable when its subject is
    gone.
    """

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("staff member"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="audit_entries",
    )
    staff_name = LineField(gettext_lazy("staff name"), max_length=60)
    verb = models.CharField(gettext_lazy("action"), max_length=40)
    subject_kind = models.CharField(gettext_lazy("object type"), max_length=20)
    subject_id = models.CharField(gettext_lazy("object ID"), max_length=40)
    subject_name = LineField(gettext_lazy("object"), max_length=160)
    reason = ProseField(gettext_lazy("reason"), max_length=2000, blank=True)
    details = models.JSONField(gettext_lazy("details"), default=dict)
    created_at = models.DateTimeField(gettext_lazy("done at"), auto_now_add=True)

    class Meta:
        verbose_name = gettext_lazy("log entry")
        verbose_name_plural = gettext_lazy("log")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="audit_of_a_subject")
        ]

    def __str__(self) -> str:
        return f"{self.staff_name}: {self.verb} {self.subject_name}"
