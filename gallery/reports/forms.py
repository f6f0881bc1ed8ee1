"""The forms of a report and of an appeal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from gallery.core.forms import PlainForm, ProseField
from gallery.models import ReportReason
from gallery.reports.actions import MAX_APPEAL, MAX_TEXT


class ReportForm(PlainForm):
    """Why something is reported; visitors also leave an email address."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"),
        choices=ReportReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the reasons.")},
    )
    text = ProseField(
        label=gettext_lazy("Tell us more"),
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Optional. If it's about rights: whose work is it, and where can it be seen?"
        ),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your email"),
        help_text=gettext_lazy("Only moderators see it; we'll send the outcome there."),
    )

    def __init__(self, *args: Any, is_visitor: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not is_visitor:
            del self.fields["email"]


class AppealForm(PlainForm):
    """A maker's appeal against a takedown."""

    text = ProseField(
        label=gettext_lazy("Your appeal"),
        max_length=MAX_APPEAL,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Say why it should be open again. A moderator will read it and decide again."
        ),
        error_messages={
            "required": gettext_lazy("Say in a few sentences why it should be open again.")
        },
    )
