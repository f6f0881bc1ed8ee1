"""The log of what staff did."""

from typing import Any

from django.db.models import Model

from gallery.models import AuditEntry


def record(staff, verb: str, subject: Model, *, reason: str = "", **details: Any) -> AuditEntry:
    """Write one act of staff into the log, in the transaction of the act itself. `details`: plain
    JSON values.
    """
    return AuditEntry.objects.create(
        staff=staff,
        staff_name=staff.username,
        verb=verb,
        subject_kind=subject._meta.model_name,
        subject_id=str(subject.pk),
        subject_name=str(subject)[:160],
        reason=reason,
        details=details,
    )
