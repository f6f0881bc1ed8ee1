"""Writing to the audit log of what staff did."""

from typing import Any

from django.db.models import Model

from gallery.models import AuditEntry, User


def record(
    staff: User, verb: str, subject: Model, *, reason: str = "", **details: Any
) -> AuditEntry:
    """Write one action of staff to the audit log; call it in the transaction of the action.

    details: JSON values.
    """
    return AuditEntry.objects.create(
        staff=staff,
        staff_name=staff.username,
        verb=verb,
        subject_kind=subject._meta.model_name or "",
        subject_id=str(subject.pk),
        subject_name=str(subject)[:160],
        reason=reason,
        details=details,
    )
