"""The form for a new API token."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

SCOPES = (
    ("read", gettext_lazy("See what you see: your private works, your jobs, previews")),
    ("write", gettext_lazy("Change works and collections, like")),
    ("publish", gettext_lazy("Publish and delete works")),
)
# The same in a word, for the list of tokens.
RIGHTS = {
    "read": gettext_lazy("reads what you see"),
    "write": gettext_lazy("changes"),
    "publish": gettext_lazy("publishes and deletes"),
}
LIVES = (
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("366", gettext_lazy("A year")),
    ("", gettext_lazy("Until you revoke it")),
)


class TokenForm(forms.Form):
    """Name, scopes and life of a token; cleans to the arguments of `make_token`."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("What it is for, so that you recognise it."),
        error_messages={
            "required": gettext_lazy("Give the token a name, so that you recognise it.")
        },
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"),
        choices=SCOPES,
        widget=forms.CheckboxSelectMultiple,
        initial=["read"],
        error_messages={
            "required": gettext_lazy("Choose at least one thing that the token may do.")
        },
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("It lives"),
        choices=LIVES,
        coerce=int,
        empty_value=None,
        required=False,
        initial="90",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | options))
