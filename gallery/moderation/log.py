"""The audit log in words: each entry as a sentence, and its details."""

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from gallery.models import AuditEntry, Licence, Role, State, Visibility
from gallery.moderation.decisions import Verdict

# Verb of an entry -> a sentence about who did what to whom or what.
SENTENCES = {
    "hide": gettext_lazy("{staff} hid “{subject}”"),
    "show": gettext_lazy("{staff} showed “{subject}” again"),
    "quarantine": gettext_lazy("{staff} put “{subject}” in quarantine"),
    "release": gettext_lazy("{staff} released “{subject}” from quarantine"),
    "hide comment": gettext_lazy("{staff} hid the comment “{subject}”"),
    "show comment": gettext_lazy("{staff} showed the comment “{subject}” again"),
    "hide collection": gettext_lazy("{staff} hid the collection “{subject}”"),
    "show collection": gettext_lazy("{staff} showed the collection “{subject}” again"),
    "clear profile": gettext_lazy("{staff} removed the display name and bio of {subject}"),
    "claim": gettext_lazy("{staff} claimed the reports about “{subject}”"),
    "release claim": gettext_lazy("{staff} returned the reports about “{subject}” to the queue"),
    "decide": gettext_lazy("{staff} decided the reports about “{subject}”"),
    "restore": gettext_lazy("{staff} accepted the appeal about “{subject}”"),
    "keep closed": gettext_lazy("{staff} turned down the appeal about “{subject}”"),
    "warn": gettext_lazy("{staff} warned {subject}"),
    "suspend": gettext_lazy("{staff} suspended {subject}"),
    "lift suspension": gettext_lazy("{staff} lifted the suspension of {subject}"),
    "set role": gettext_lazy("{staff} gave {subject} another role"),
    "lock account": gettext_lazy("{staff} locked the account of {subject}"),
    "open account": gettext_lazy("{staff} opened the account of {subject} again"),
    "edit account": gettext_lazy("{staff} edited the account of {subject}"),
    "add account": gettext_lazy("{staff} created an account for {subject}"),
    "set password": gettext_lazy("{staff} set a new password for {subject}"),
    "block word": gettext_lazy("{staff} blocked the word “{subject}”"),
    "unblock word": gettext_lazy("{staff} removed the word “{subject}” from the block list"),
    "block picture": gettext_lazy("{staff} blocked the picture of “{subject}”"),
    "unblock picture": gettext_lazy("{staff} removed the picture {subject} from the block list"),
    "pick": gettext_lazy("{staff} picked “{subject}”"),
    "unpick": gettext_lazy("{staff} ended the pick of “{subject}”"),
    "reschedule pick": gettext_lazy("{staff} changed the pick of “{subject}”"),
    "edit work": gettext_lazy("{staff} edited the work “{subject}”"),
    "delete work": gettext_lazy("{staff} deleted the work “{subject}”"),
    "cancel job": gettext_lazy("{staff} cancelled a job: {subject}"),
    "read species": gettext_lazy("{staff} reloaded the species"),
    "create exhibition": gettext_lazy("{staff} created the exhibition “{subject}”"),
    "edit exhibition": gettext_lazy("{staff} edited the exhibition “{subject}”"),
    "delete exhibition": gettext_lazy("{staff} deleted the exhibition “{subject}”"),
    "hang work": gettext_lazy("{staff} hung a work in the exhibition “{subject}”"),
    "take down work": gettext_lazy("{staff} took a work out of the exhibition “{subject}”"),
    "write caption": gettext_lazy("{staff} wrote a caption in the exhibition “{subject}”"),
    "choose cover": gettext_lazy("{staff} chose the cover of the exhibition “{subject}”"),
    "order works": gettext_lazy("{staff} reordered the exhibition “{subject}”"),
}
UNKNOWN = gettext_lazy("{staff} did “{verb}” to “{subject}”")
DETAILS = {
    "about": gettext_lazy("About"),
    "after": gettext_lazy("After"),
    "artwork": gettext_lazy("Work"),
    "author": gettext_lazy("Maker"),
    "before": gettext_lazy("Before"),
    "caption": gettext_lazy("Caption"),
    "changed": gettext_lazy("Changed"),
    "ends_at": gettext_lazy("Ends"),
    "fields": gettext_lazy("Changed"),
    "hash": gettext_lazy("Picture hash"),
    "note": gettext_lazy("Note"),
    "owner": gettext_lazy("Owner"),
    "reports": gettext_lazy("Reports"),
    "starts_at": gettext_lazy("Begins"),
    "text": gettext_lazy("Text"),
    "title": gettext_lazy("Title"),
    "verdict": gettext_lazy("Decision"),
}
CHOICES: dict[str, type[TextChoices]] = {
    "verdict": Verdict,
    "licence": Licence,
    "visibility": Visibility,
}
LISTS_OF_COLUMNS = ("changed", "fields")


def describe_action(
    entry: AuditEntry, format_name: Callable[[str, str], str] = lambda role, name: name
) -> SafeString:
    """An entry as a sentence.

    format_name: gets the role ("staff" or "subject") and the name, and returns the name as it is
    to be shown, as a link for example.
    """
    return format_html(
        conditional_escape(SENTENCES.get(entry.verb, UNKNOWN)),
        staff=format_name("staff", entry.staff_name),
        subject=format_name("subject", entry.subject_name),
        verb=entry.verb,
    )


def describe_details(entry: AuditEntry) -> list[tuple[str, str]]:
    """The details of an entry as (label, value) in the active language, without empty values."""
    pairs = [
        (_label(entry, key), _value(entry, key, value))
        for key, value in sorted(entry.details.items())
    ]
    return [(label, value) for label, value in pairs if value]


def _label(entry: AuditEntry, key: str) -> str:
    return str(DETAILS[key]) if key in DETAILS else _column(entry, key)


def _value(entry: AuditEntry, key: str, value: Any) -> str:
    """A stored value as people read it; values of unknown kinds come as they are."""
    if isinstance(value, dict):
        return _join(
            gettext("{label}: {value}").format(label=_label(entry, name), value=text)
            for name, part in value.items()
            if (text := _value(entry, name, part))
        )
    if isinstance(value, list):
        return _join(
            (
                _column(entry, part)
                if key in LISTS_OF_COLUMNS and isinstance(part, str)
                else _value(entry, key, part)
            )
            for part in value
        )
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if key.endswith("_at") and isinstance(value, str) and (moment := parse_datetime(value)):
        return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    if key in ("before", "after"):
        return _choice(Role, value) if entry.verb == "set role" else _choice(State, value)
    return _choice(CHOICES[key], value) if key in CHOICES else str(value)


def _choice(choices: type[TextChoices], value: Any) -> str:
    return str(choices(value).label) if value in choices.values else str(value)


def _column(entry: AuditEntry, name: str) -> str:
    """The label of a column of the subject; its name where there is no such column."""
    try:
        return str(apps.get_model("gallery", entry.subject_kind)._meta.get_field(name).verbose_name)
    except (LookupError, FieldDoesNotExist):
        return name


def _join(parts: Iterable[str]) -> str:
    return gettext(", ").join(parts)
