"""The base class of the site's forms."""

from typing import Any

from django import forms


class PlainForm(forms.Form):
    """A form whose labels have no colon behind them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | options))
