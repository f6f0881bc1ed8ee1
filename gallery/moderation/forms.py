"""The forms of the moderation desk."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy

from gallery.core.forms import LineField, PlainForm, ProseField
from gallery.models import Artwork, Role
from gallery.moderation.actions_cases import verdicts_about
from gallery.moderation.actions_suspensions import TERM_CHOICES
from gallery.moderation.block_lists import MAX_NOTE
from gallery.moderation.decisions import MAX_REASON
from gallery.types import Words

NO_TERM = [("", gettext_lazy("Do not suspend"))]


def _reason(*, rows: int = 3, required: bool = False, help_text: Words = "") -> ProseField:
    return ProseField(
        label=gettext_lazy("Reason"),
        required=required,
        max_length=MAX_REASON,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={
            "required": gettext_lazy(
                "Give the reason in a sentence; the person it is about will read it."
            )
        },
    )


class WithDescendantsForm(PlainForm):
    """also: ids of descendants of a work that are taken down with it.

    painted: ids of those that are painted over it, which are ticked at first.
    """

    also = forms.TypedMultipleChoiceField(
        coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        descendants: Iterable[Artwork],
        painted: Iterable[int] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, initial={"also": sorted(painted)}, **options)
        self._offer("also", [(work.pk, work.pk) for work in descendants])

    @property
    def ticked(self) -> set[str]:
        """The ids that are ticked now, as text."""
        return {str(pk) for pk in self["also"].value()}

    def _offer(self, name: str, choices: Sequence[tuple[str, Words] | tuple[int, int]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class DecideForm(WithDescendantsForm):
    """The decision about a case."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a decision.")},
    )
    reason = _reason(
        help_text=gettext_lazy(
            "The maker will read it; if you leave things as they are, the reporter will."
        )
    )
    term = forms.ChoiceField(
        label=gettext_lazy("Suspend the maker"), choices=NO_TERM + TERM_CHOICES, required=False
    )

    def __init__(self, *args: Any, subject: Model, **options: Any) -> None:
        super().__init__(*args, **options)
        self._offer("verdict", [(each.value, each.label) for each in verdicts_about(subject)])


class AppealForm(PlainForm):
    """The decision about a maker's appeal."""

    reason = _reason(help_text=gettext_lazy("The maker will read it."))


class ReasonForm(PlainForm):
    """The reason of an action that needs nothing else."""

    reason = _reason(rows=2, help_text=gettext_lazy("The maker will read it."))


class CloseForm(WithDescendantsForm):
    """Why a work is taken down or opened again."""

    reason = _reason(rows=2, help_text=gettext_lazy("The maker will read it."))


class SuspendForm(PlainForm):
    """How long somebody is suspended, and why."""

    term = forms.ChoiceField(label=gettext_lazy("How long"), choices=TERM_CHOICES, initial="7")
    reason = _reason(required=True, help_text=gettext_lazy("The suspended person will read it."))


class RoleForm(PlainForm):
    """A role for somebody, and why."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    reason = _reason(rows=2)


class WordForm(PlainForm):
    """A word for the block list."""

    word = LineField(label=gettext_lazy("Word"), max_length=100)


class PictureForm(PlainForm):
    """The note beside a blocked picture."""

    note = LineField(label=gettext_lazy("Note"), max_length=MAX_NOTE, required=False)
