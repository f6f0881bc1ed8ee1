"""Sentences that are kept as a template and its values, so that whoever reads them later reads them
in their own language.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext


def keep(template: str, values: dict[str, str | datetime]) -> dict[str, Any]:
    """A sentence as JSON. template: English with braces, marked by gettext_noop where it is
    written.
    """
    return {
        "template": template,
        "values": {name: _keep_value(value) for name, value in values.items()},
    }


def say(kept: dict[str, Any]) -> str:
    """A kept sentence in the language that is active; moments in the garden's time."""
    return (
        gettext(kept["template"])
        .format(**{name: _say_value(value) for name, value in kept["values"].items()})
        .strip()
    )


def _keep_value(value: str | datetime) -> str | dict[str, str]:
    return {"moment": value.isoformat()} if isinstance(value, datetime) else str(value)


def _say_value(value: str | dict[str, str]) -> str:
    if isinstance(value, str):
        return value
    moment = parse_datetime(value["moment"])
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else value["moment"]
