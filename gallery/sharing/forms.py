"""The form of a link to a work that is not public."""

from django import forms
from django.utils.translation import gettext_lazy

from gallery.core.forms import LineField, PlainForm

DAYS = (
    ("1", gettext_lazy("One day")),
    ("7", gettext_lazy("One week")),
    ("30", gettext_lazy("30 days")),
    ("365", gettext_lazy("One year")),
    ("", gettext_lazy("Until I revoke it")),
)


class LinkForm(PlainForm):
    """days cleans to a whole number, or None for a link without an end."""

    note = LineField(
        max_length=120,
        required=False,
        label=gettext_lazy("Who it's for"),
        help_text=gettext_lazy("Only you see this note."),
    )
    days = forms.TypedChoiceField(
        choices=DAYS,
        required=False,
        coerce=int,
        empty_value=None,
        initial="30",
        label=gettext_lazy("Valid for"),
    )
