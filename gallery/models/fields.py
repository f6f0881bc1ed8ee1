"""Columns for the texts of people, which hold and give clean texts only (`gallery.models.texts`).

Actions clean before they check. These columns catch what comes another way: the forms of the admin,
a bulk update, and rows that were stored before the rule. To the database they are Django's own,
and so is the column that spells the slug of its row without accents.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import models

from gallery.models.texts import SUSPECT, clean_line, clean_text, unaccented

# Only type checkers know that fields are generic.
if TYPE_CHECKING:
    BaseLine = models.CharField[str, str]
    BaseText = models.TextField[str, str]
    BaseField = models.Field[str, str]
else:
    BaseLine, BaseText, BaseField = models.CharField, models.TextField, object


class _Cleaned(BaseField):
    """What both columns share: cleaning on the way in and on the way out."""

    cleaner: Callable[[str], str]

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return self.cleaner(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return self.cleaner(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The clean text, which the object has from then on, too."""
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = self.cleaner(value)
            setattr(model_instance, self.attname, value)
        return value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return self.cleaner(value) if value and SUSPECT.search(value) else value

    def deconstruct(self) -> Any:
        name, _, arguments, options = super().deconstruct()
        return name, f"django.db.models.{self.get_internal_type()}", arguments, options


class LineField(_Cleaned, BaseLine):
    """A text of one line: a title, a name, a caption."""

    cleaner = staticmethod(clean_line)

    def get_internal_type(self) -> str:
        return "CharField"


class ProseField(_Cleaned, BaseText):
    """A text of several lines: a description, a comment, a reason."""

    cleaner = staticmethod(clean_text)

    def get_internal_type(self) -> str:
        return "TextField"


class UnaccentedField(BaseLine):
    """The slug of its row without accents, written with it, to find the row by."""

    def pre_save(self, model_instance: Any, add: bool) -> str:
        """The spelling of the present slug, which the object has from then on, too."""
        spelling = unaccented(model_instance.slug)
        setattr(model_instance, self.attname, spelling)
        return spelling

    def deconstruct(self) -> Any:
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.CharField", arguments, options
