"""Forms of accounts: our own, and allauth's with our labels (the setting ACCOUNT_FORMS)."""

from typing import TYPE_CHECKING, Any

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from gallery.core.blocked_words import check_words
from gallery.core.forms import LineField, PlainForm
from gallery.core.links import MAX_LENGTH, MAX_LINKS, read_links
from gallery.models import Artwork, User
from gallery.models.texts import clean_line, clean_text
from generation.refusal import Refused

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
    MixinBase = forms.Form
else:
    UserForm = forms.ModelForm
    MixinBase = object


AVATARS = 11  # Works that are offered as profile pictures.


class ProfileForm(UserForm):
    """The public profile of a person, and the language in which they read the site."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        help_text=gettext_lazy("For pages, and for emails to you."),
        choices=[("", gettext_lazy("Same as the browser")), *settings.LANGUAGES],
    )

    avatar = forms.ModelChoiceField(
        Artwork.objects.none(),
        label=gettext_lazy("Profile picture"),
        required=False,
        blank=True,
        empty_label=gettext_lazy("First letter of your name"),
        help_text=gettext_lazy(
            "One of your public works: the newest are here, and the menu of each work offers it."
        ),
        widget=forms.RadioSelect,
    )
    links = forms.CharField(
        label=gettext_lazy("Links"),
        required=False,
        max_length=MAX_LINKS * (MAX_LENGTH + 2),
        help_text=gettext_lazy("Your other pages: up to five https:// addresses, one a line."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"}),
    )
    field_order = ["display_name", "avatar", "bio", "links", "language", "sees_adult_works"]

    class Meta:
        model = User
        fields = ["display_name", "bio", "language", "sees_adult_works"]
        labels = {
            "display_name": gettext_lazy("Display name"),
            "bio": gettext_lazy("About you"),
            "sees_adult_works": gettext_lazy("Show me works for adults"),
        }
        help_texts = {
            "display_name": gettext_lazy(
                "Shown beside your works instead of your username. Optional."
            ),
            "sees_adult_works": gettext_lazy(
                "Some species make works for people of 18 years and more. Only you see this choice."
            ),
        }
        widgets = {"bio": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        person = self.instance
        own = Artwork.objects.listed().filter(author=person).exclude(thumbnail="")
        offered = list(own.values_list("pk", flat=True)[:AVATARS])
        offered += [person.avatar_id] if person.avatar_id else []
        works = Artwork.objects.filter(pk__in=offered, author=person)
        avatar = self.fields["avatar"]
        assert isinstance(avatar, forms.ModelChoiceField)
        avatar.queryset = works.only("slug", "title", "thumbnail")
        self.initial["avatar"] = person.avatar_id
        self.initial["links"] = "\n".join(person.links)

    def clean_links(self) -> list[str]:
        try:
            return read_links(self.cleaned_data["links"].splitlines())
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused

    def clean_display_name(self) -> str:
        return clean_line(self.cleaned_data["display_name"])

    def clean_bio(self) -> str:
        return clean_text(self.cleaned_data["bio"])


class CloseForm(PlainForm):
    """The username, typed once more, so that nobody closes an account by mistake."""

    user_name = forms.CharField(
        max_length=60,
        label=gettext_lazy("Your username"),
        help_text=gettext_lazy("Type it to confirm."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


LABELS = {
    "login": gettext_lazy("Username or email"),
    "username": gettext_lazy("Username"),
    "email": gettext_lazy("Email"),
    "oldpassword": gettext_lazy("Current password"),
    "password": gettext_lazy("Password"),
    "password1": gettext_lazy("Password"),
    "password2": gettext_lazy("Repeat password"),
}
PASSWORD_HELP = gettext_lazy("At least 8 characters; avoid common passwords.")


class SiteLabels(MixinBase):
    """Our labels in a form of allauth, and no placeholders that repeat them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = PASSWORD_HELP


class LoginForm(SiteLabels, allauth_forms.LoginForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignupForm(SiteLabels, allauth_forms.SignupForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].help_text = gettext(
            "Letters, digits, hyphens and underscores. Your works appear under /@name/."
        )
        if not self.fields["email"].required:
            self.fields["email"].label = gettext("Email (optional)")
            self.fields["email"].help_text = gettext(
                "Needed only to reset your password if you forget it."
            )

    def clean_username(self) -> str:
        """A free name without blocked words, which are also looked for between hyphens."""
        name = super().clean_username()
        try:
            check_words(name)
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused
        return name


class AddEmailForm(SiteLabels, allauth_forms.AddEmailForm):
    pass


class ChangePasswordForm(SiteLabels, allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password1"].label = gettext("New password")


class SetPasswordForm(SiteLabels, allauth_forms.SetPasswordForm):
    pass


class ResetPasswordForm(SiteLabels, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(SiteLabels, allauth_forms.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(SiteLabels, allauth_forms.ReauthenticateForm):
    pass


SCOPES = (
    ("read", gettext_lazy("Read what you can see: your private works, jobs and previews")),
    ("write", gettext_lazy("Edit works and collections, and like")),
    ("publish", gettext_lazy("Publish and delete works")),
)
# Short labels of the scopes, for the list of tokens.
RIGHTS = {
    "read": gettext_lazy("read"),
    "write": gettext_lazy("change"),
    "publish": gettext_lazy("publish and delete"),
}
LIVES = (
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("366", gettext_lazy("A year")),
    ("", gettext_lazy("Never")),
)


class TokenForm(PlainForm):
    """Name, scopes and lifetime of a token; cleans to the arguments of `make_token`."""

    name = LineField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("What it is for, so you recognise it later."),
        error_messages={
            "required": gettext_lazy("Give the token a name, so you recognise it later.")
        },
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Permissions"),
        choices=SCOPES,
        widget=forms.CheckboxSelectMultiple,
        initial=["read"],
        error_messages={"required": gettext_lazy("Choose at least one permission.")},
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Expires"),
        choices=LIVES,
        coerce=int,
        empty_value=None,
        required=False,
        initial="90",
    )
