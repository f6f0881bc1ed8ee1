"""Jobs: long-running work that survives a crash."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from gallery.models.artwork import Artwork
from gallery.models.terms import State


class JobKind(models.TextChoices):
    """What a job does."""

    PRINT = "print", gettext_lazy("Print")
    EXPORT = "export", gettext_lazy("Export of an account")
    IMPORT = "import", gettext_lazy("Import of an account")
    DEVELOP = "develop", gettext_lazy("Developing a brood")


class JobState(models.TextChoices):
    """The state of a job."""

    QUEUED = "queued", gettext_lazy("Waiting")
    RUNNING = "running", gettext_lazy("Running")
    DONE = "done", gettext_lazy("Done")
    FAILED = "failed", gettext_lazy("Failed")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")


class Job(models.Model):
    """One job, which runners claim by a lease and a fencing token.

    A runner that claims a job writes its own `token` and a `lease_until`, and extends the lease
    while it works. When it dies, the lease expires and another runner claims the job under a new
    token; whatever the old runner still writes is conditional on the old token and changes nothing.
    """

    id = models.UUIDField(gettext_lazy("ID"), primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(gettext_lazy("kind"), max_length=12, choices=JobKind.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("owner"),
        on_delete=models.CASCADE,
        related_name="jobs",
    )
    artwork = models.ForeignKey(
        "gallery.Artwork",
        verbose_name=gettext_lazy("work"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="jobs",
        help_text=gettext_lazy("The work to print; empty for account jobs."),
    )
    payload = models.JSONField(gettext_lazy("payload"), default=dict)
    state = models.CharField(
        gettext_lazy("state"), max_length=10, choices=JobState.choices, default=JobState.QUEUED
    )
    progress = models.FloatField(
        gettext_lazy("progress"), default=0.0, help_text=gettext_lazy("0 to 1.")
    )
    note = models.CharField(
        gettext_lazy("note"),
        max_length=200,
        blank=True,
        help_text=gettext_lazy("What it is doing now, in plain words."),
    )
    error = models.CharField(gettext_lazy("error"), max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(gettext_lazy("attempts"), default=0)
    token = models.UUIDField(gettext_lazy("token"), null=True, blank=True)
    lease_until = models.DateTimeField(gettext_lazy("leased until"), null=True, blank=True)
    result = models.FileField(
        gettext_lazy("result"), upload_to="prints", blank=True, max_length=200
    )
    created_at = models.DateTimeField(gettext_lazy("created at"), auto_now_add=True)
    started_at = models.DateTimeField(gettext_lazy("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(gettext_lazy("finished at"), null=True, blank=True)

    # Set by gallery.archive.views for its template.
    expires_at: datetime | None

    class Meta:
        verbose_name = gettext_lazy("job")
        verbose_name_plural = gettext_lazy("jobs")
        ordering = ["created_at"]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="jobs_to_claim"),
            models.Index(fields=["owner", "state", "finished_at"], name="jobs_of_an_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.artwork_id} ({self.get_state_display()})"

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)

    @property
    def is_for_master(self) -> bool:
        """True for the print that publishes a work, False for a copy of another size."""
        return self.payload.get("purpose") == "master"

    @property
    def is_for_solid(self) -> bool:
        """True for a 3D model, which is printed from the genome as a picture is."""
        return self.payload.get("purpose") == "solid"

    def give_up(self, error: str, now: datetime, *, state: JobState = JobState.FAILED) -> None:
        """End the job without a result, whoever holds the lease. The caller has locked the row.

        A work that this print was to publish is marked as failed.
        """
        self.state, self.error, self.finished_at = state, error[:500], now
        self.note, self.token, self.lease_until = "", None, None
        self.save(update_fields=["state", "error", "note", "token", "lease_until", "finished_at"])
        if self.is_for_master and self.artwork_id is not None:
            rendering = Artwork.objects.filter(pk=self.artwork_id, state=State.RENDERING)
            rendering.update(state=State.FAILED)
