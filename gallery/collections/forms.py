"""Forms about collections, exhibitions and picks."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy, pgettext_lazy

from gallery.core.forms import LineField, PlainForm, ProseField
from gallery.models import Collection, Pick


class CollectionForm(PlainForm):
    """A person's own collection."""

    title = LineField(
        label=gettext_lazy("Title"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give it a title.")},
    )
    text = ProseField(
        label=gettext_lazy("What it is about"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Optional."),
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("Everyone can see it"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Otherwise only you and the people who accepted your invitation can see it."
        ),
    )

    @classmethod
    def of(cls, collection: Collection, *, data: Any = None) -> "CollectionForm":
        """The form filled with what the collection says now."""
        return cls(data, initial={name: getattr(collection, name) for name in cls.base_fields})


class InviteForm(PlainForm):
    """Whom to invite."""

    name = LineField(
        label=gettext_lazy("Username"),
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "@", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the name of someone on this site.")},
    )


class MomentField(forms.DateTimeField):
    """An optional day and time, in the time zone of the site."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(required=False, widget=widget, **options)


class ExhibitionForm(PlainForm):
    """An exhibition."""

    title = LineField(
        label=gettext_lazy("Title"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give it a title.")},
    )
    text = ProseField(
        label=gettext_lazy("Text"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("Leave an empty line to start a new paragraph."),
    )
    opens_at = MomentField(
        label=gettext_lazy("Opens"),
        help_text=gettext_lazy("Leave empty for a draft that only curators see."),
    )
    closes_at = MomentField(
        label=gettext_lazy("Closes"), help_text=gettext_lazy("Leave empty to keep it open.")
    )

    @classmethod
    def of(cls, exhibition: Collection, *, data: Any = None) -> "ExhibitionForm":
        """The form filled with what the exhibition says now."""
        return cls(data, initial={name: getattr(exhibition, name) for name in cls.base_fields})


class PickForm(PlainForm):
    """A pick: a work on the shelf of picks."""

    address = LineField(
        label=gettext_lazy("Address of the work"),
        max_length=400,
        help_text=gettext_lazy("Copy it from your browser while you are on the work's page."),
        error_messages={"required": gettext_lazy("Paste the address of a work.")},
    )
    note = LineField(
        label=gettext_lazy("Why this one"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The maker reads it in the notification. Optional."),
    )
    starts_at = MomentField(
        label=pgettext_lazy("a pick", "From"), help_text=gettext_lazy("Leave empty to start now.")
    )
    ends_at = MomentField(
        label=pgettext_lazy("a pick", "Until"),
        help_text=gettext_lazy("Leave empty to keep it until somebody takes it off."),
    )

    @classmethod
    def of(cls, pick: Pick, *, data: Any = None) -> "PickForm":
        """The form filled with what the pick says now; the work stays."""
        form = cls(
            data, initial={name: getattr(pick, name) for name in ("note", "starts_at", "ends_at")}
        )
        del form.fields["address"]
        return form


class AddressForm(PlainForm):
    """Adding a work to a collection or an exhibition by its address."""

    address = LineField(
        label=gettext_lazy("Link to a work"),
        max_length=400,
        error_messages={"required": gettext_lazy("Paste the address of a work.")},
    )


def read_address(address: str) -> str:
    """The slug in the address of a work; or the text itself, which may be a slug."""
    parts = [part for part in address.strip().split("?")[0].split("#")[0].split("/") if part]
    if "art" in parts[:-1]:
        return parts[parts.index("art") + 1]
    return parts[-1] if parts else ""


def zone() -> str:
    """The name of the time zone in which times are entered."""
    return settings.TIME_ZONE
