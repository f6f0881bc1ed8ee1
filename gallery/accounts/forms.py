"""allauth's forms in the words of this site. What they check stays theirs; named in the setting
ACCOUNT_FORMS.
"""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext, gettext_lazy

from gallery.actions.wording import check_words
from generation.refusal import Refused

LABELS = {
    "login": gettext_lazy("User name or e-mail"),
    "username": gettext_lazy("User name"),
    "email": gettext_lazy("E-mail"),
    "oldpassword": gettext_lazy("Password now"),
    "password": gettext_lazy("Password"),
    "password1": gettext_lazy("Password"),
    "password2": gettext_lazy("The same password again"),
}
PASSWORD_HELP = gettext_lazy("At least 8 characters, and not one that many people use.")


class PlainWords:
    """Labels of our own, and no placeholder that repeats the label."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = PASSWORD_HELP


class LoginForm(PlainWords, allauth_forms.LoginForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignupForm(PlainWords, allauth_forms.SignupForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].help_text = gettext(
            "Letters, digits, hyphens and underscores. Your works stand under /@name/."
        )
        if not self.fields["email"].required:
            self.fields["email"].label = gettext("E-mail (may be empty)")
            self.fields["email"].help_text = gettext(
                "Needed only for a new password when you forget yours."
            )

    def clean_username(self) -> str:
        """A name that is free and holds no blocked word, not even as a part between hyphens."""
        name = super().clean_username()
        try:
            check_words(name)
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused
        return name


class AddEmailForm(PlainWords, allauth_forms.AddEmailForm):
    pass


class ChangePasswordForm(PlainWords, allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password1"].label = gettext("New password")


class SetPasswordForm(PlainWords, allauth_forms.SetPasswordForm):
    pass


class ResetPasswordForm(PlainWords, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(PlainWords, allauth_forms.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(PlainWords, allauth_forms.ReauthenticateForm):
    pass
