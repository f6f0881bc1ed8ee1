"""The forms of a work: publishing it, editing it, and asking for a print.

Every error message says how to correct the mistake.
"""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from gallery.core.forms import LineField, PlainForm, ProseField
from gallery.discovery.tags import MAX_TAGS, read_tags
from gallery.lineage.bonds import (
    Binding,
    allowed_by,
    allowed_visibilities,
    bonds_of_child,
    bonds_of_parents,
    reasons,
)
from gallery.lineage.parents import Parent
from gallery.models import Artwork, Licence, User, Visibility
from gallery.types import Words
from generation.pedigree import Pedigree
from generation.refusal import Refused

MAX_REASONS = 4
MAX_PEDIGREE_CHARACTERS = 72 * 1024
PRINT_SIZES = (1024, 2048, 4096)


class TagsField(LineField):
    """Tags separated by commas; cleans to a tuple of names, each once, in their order.

    static/js/artworks/tag-completion.js offers tags in use while one is being typed.
    """

    def __init__(self, **options: Any) -> None:
        attributes = {
            "autocomplete": "off",
            "data-completes": reverse_lazy("tags_complete"),
            "data-completion-label": gettext_lazy("Matching tags"),
        }
        usual: dict[str, Any] = {
            "label": gettext_lazy("Tags"),
            "required": False,
            "max_length": 600,
            "help_text": format_lazy(
                gettext_lazy("Up to {most}, separated by commas."), most=MAX_TAGS
            ),
            "widget": forms.TextInput(attrs=attributes),
        }
        super().__init__(**usual | options)

    def clean(self, value: Any) -> tuple[str, ...]:
        try:
            return tuple(read_tags([super().clean(value) or ""]).values())
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused


class PedigreeField(forms.CharField):
    """How the child was bred from published works, as JSON by the bench; cleans to a Pedigree."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MAX_PEDIGREE_CHARACTERS, **options)

    def clean(self, value: Any) -> Pedigree:
        text = super().clean(value)
        try:
            return Pedigree.from_json(forms.JSONField().clean(text))
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused
        except (forms.ValidationError, RecursionError) as error:
            raise forms.ValidationError(
                gettext("The bench sent a pedigree that can't be read. Go back and publish again.")
            ) from error


class WorkForm(PlainForm):
    """What a maker says about a work.

    Its parents and its author decide which licences and visibilities are offered.
    """

    title = LineField(
        label=gettext_lazy("Title"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give the work a title.")},
    )
    description = ProseField(
        label=gettext_lazy("Description"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    alt_text = LineField(
        label=gettext_lazy("Alt text"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("How would you describe it to someone who can't see it?"),
    )
    tags = TagsField()
    licence = forms.ChoiceField(
        label=gettext_lazy("Licence"), choices=Licence.choices, initial=Licence.CC_BY
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Visibility"), choices=Visibility.choices, initial=Visibility.PUBLIC
    )
    may_be_bred = forms.BooleanField(
        label=gettext_lazy("Others may breed it"), required=False, initial=True
    )
    may_train = forms.BooleanField(
        label=gettext_lazy("May be used for AI training"), required=False, initial=True
    )

    def apply_bonds(self, bonds: Iterable[Binding], *, artwork: Artwork | None = None) -> None:
        """Offer only the terms that the parents leave open, and say why.

        A work that exists may always keep its present terms.
        """
        bonds = list(bonds)
        try:
            licences = set(allowed_by(bonds))
        except Refused:
            if artwork is None:
                raise
            licences = set()
        self.offer("licence", licences | ({artwork.licence} if artwork else set()))
        self.offer(
            "visibility", {*allowed_visibilities(bonds), *([artwork.visibility] if artwork else [])}
        )
        self.fields["licence"].help_text = " ".join(reasons(bonds)[:MAX_REASONS])

    def offer(self, field: str, allowed: Iterable[str]) -> None:
        """Leave only the allowed choices in a field, in their order."""
        choice_field = cast(forms.ChoiceField, self.fields[field])
        allowed = set(allowed)
        names = cast(Iterable[tuple[str, Words]], choice_field.choices)
        choices = [choice for choice in names if choice[0] in allowed]
        choice_field.choices = choices
        choice_field.error_messages["invalid_choice"] = gettext(
            "Only these are possible here: {offered}."
        ).format(offered="; ".join(str(name) for _, name in choices))
        if choice_field.initial not in allowed and choices:
            choice_field.initial = choices[0][0]


class PublishForm(WorkForm):
    """Publishing a child of the bench.

    Its constructor raises Refused for parents whose licences contradict each other.
    """

    pedigree = PedigreeField(
        error_messages={
            "required": gettext_lazy("Breed something on the bench first, then publish it.")
        }
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who sees it"),
        choices=(
            (Visibility.PUBLIC, gettext_lazy("Everybody")),
            (Visibility.UNLISTED, gettext_lazy("With the link")),
            (Visibility.PRIVATE, gettext_lazy("Only you")),
        ),
        initial=Visibility.PUBLIC,
        widget=forms.RadioSelect,
    )
    size = forms.TypedChoiceField(
        label=gettext_lazy("Print"), coerce=int, required=False, empty_value=None
    )

    def __init__(
        self,
        *args: Any,
        parents: Iterable[Parent] | None = None,
        author: User | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        _offer_print_sizes(self)
        self.fields["size"].initial = settings.PRINT_SIZE
        if parents is not None:
            self.apply_bonds(bonds_of_parents(parents, author=author))


class EditForm(WorkForm):
    """Editing what is said about a published work."""

    @classmethod
    def of(cls, artwork: Artwork, *, data: Any = None) -> "EditForm":
        """The form, filled with what the work says now."""
        initial = {
            name: getattr(artwork, name)
            for name in ("title", "description", "alt_text", "licence", "visibility")
        }
        initial |= {"may_be_bred": artwork.may_be_bred, "may_train": artwork.may_train}
        initial |= {"tags": ", ".join(tag.name for tag in artwork.tags.all())}
        form = cls(data, initial=initial)
        form.apply_bonds(bonds_of_child(artwork), artwork=artwork)
        return form


class PrintForm(forms.Form):
    """Asking for a print of another size."""

    size = forms.TypedChoiceField(
        label=gettext_lazy("Size"),
        coerce=int,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the sizes offered.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer_print_sizes(self)


def _offer_print_sizes(form: forms.Form) -> None:
    cast(forms.TypedChoiceField, form.fields["size"]).choices = print_sizes()


def print_sizes() -> list[tuple[int, str]]:
    """The sizes a print may have here: pixels of its longer edge, and the label for the form."""
    sizes = sorted({settings.PRINT_SIZE, *PRINT_SIZES})
    return [(size, f"{size} × {size} px") for size in sizes if size <= settings.MAX_PRINT_SIZE]


class BulkForm(PlainForm):
    """One thing to do with several of one's own works; `do` is the pressed button."""

    do = forms.ChoiceField(
        choices=[
            (name, name)
            for name in ("visibility", "licence", "add_tags", "remove_tags", "delete", "download")
        ]
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who sees them"), choices=Visibility.choices, required=False
    )
    licence = forms.ChoiceField(
        label=gettext_lazy("Licence"), choices=Licence.choices, required=False
    )
    tags = TagsField(label=gettext_lazy("Tags, separated by commas"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if str(data.get("do")).endswith("tags") and not data.get("tags"):
            self.add_error("tags", gettext("Write the tags first."))
        return data
