"""Template tags of the audit log, and of the suspension that its person sees on every page."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from gallery.models import AuditEntry, Suspension, User
from gallery.moderation.log import describe_action, describe_details

register = template.Library()


@register.simple_tag
def audit_sentence(entry: AuditEntry) -> SafeString:
    """What a staff member did, as a sentence.

    Its two names link to all entries by the one person and about the other.
    """
    return describe_action(entry, _link)


@register.filter
def details(entry: AuditEntry) -> list[tuple[str, str]]:
    """The details of an entry: labels and values."""
    return describe_details(entry)


def _link(role: str, name: str) -> SafeString:
    short = Truncator(name).chars(60)
    address = f"{reverse('curate_log')}?{urlencode({role: name if role == 'staff' else short})}"
    return format_html('<a class="plain is-{}" href="{}">{}</a>', role, address, short)


@register.simple_tag
def suspension_of(user: User) -> Suspension | None:
    """The suspension in force; one query."""
    return user.suspension
