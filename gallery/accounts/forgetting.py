"""Removing the names of a closed account from what others wrote: mentions, and the site's logs."""

import re

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Field, Model

from gallery.discovery.search import index_words
from gallery.models import (
    Artwork,
    AuditEntry,
    Collection,
    CollectionItem,
    Comment,
    Report,
    Suspension,
    User,
)

# Where other people may have mentioned somebody, and what staff wrote about them.
MENTIONS: tuple[tuple[type[Model], str], ...] = (
    (Comment, "text"),
    (Artwork, "description"),
    (Collection, "text"),
    (CollectionItem, "caption"),
    (User, "bio"),
)
STAFF_WORDS: tuple[tuple[type[Model], str], ...] = (
    (AuditEntry, "reason"),
    (Report, "text"),
    (Report, "decision"),
    (Report, "counter_notice"),
    (Suspension, "reason"),
)
UNNAMED = "somebody"


def forget_names(user: User, *, username: str, display_name: str, email: str) -> None:
    """Replace the names that a person had.

    Mentions are replaced only as `@name`, so that the same word elsewhere stays. user: the row as
    it is after closing, under its new name.
    """
    mention = re.compile(rf"@{re.escape(username)}(?![\w-])", re.IGNORECASE)
    for model, field in (*MENTIONS, *STAFF_WORDS):
        _rewrite(model, field, f"@{username}", mention, f"@{UNNAMED}")
    for name in filter(None, (username, display_name, email)):
        whole = re.compile(rf"(?<![\w@-]){re.escape(name)}(?![\w-])", re.IGNORECASE)
        for model, field in STAFF_WORDS:
            _rewrite(model, field, name, whole, UNNAMED)
    about = AuditEntry.objects.filter(subject_kind="user", subject_id=str(user.pk))
    about.update(subject_name=user.username, details={})
    AuditEntry.objects.filter(staff=user).update(staff_name=user.username)
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=kind, object_id=str(user.pk)).update(
        object_repr=user.username, change_message=""
    )


def _rewrite(
    model: type[Model], field: str, part: str, pattern: re.Pattern[str], word: str
) -> None:
    """Replace the pattern in the rows whose text holds `part`."""
    column = model._meta.get_field(field)
    longest = column.max_length if isinstance(column, Field) else None
    for row in model._default_manager.filter(**{f"{field}__icontains": part}):
        text = getattr(row, field)
        changed = pattern.sub(word, text)[:longest]
        if changed == text:
            continue
        model._default_manager.filter(pk=row.pk).update(**{field: changed})
        if isinstance(row, Artwork):
            row.description = changed
            index_words(row)
