"""The base class of the site's forms, and the fields for texts of people."""

from typing import Any

from django import forms

from gallery.models.texts import clean_line, clean_text


class LineField(forms.CharField):
    """A text of one line; cleans to what is stored, and to "" when nothing in it can be seen.

    It is typed in the direction of its own script.
    """

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"dir": "auto"}

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class ProseField(forms.CharField):
    """A text of several lines, as LineField."""

    widget = forms.Textarea

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"dir": "auto"}

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class PlainForm(forms.Form):
    """A form whose labels have no colon behind them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | options))
