"""English texts that are translated only when somebody reads them.

Some are sentences stored as a template and its values, so that each reader reads them in their own
language; others are labels of the studio, which speaks English only.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext

from gallery.i18n.replaced_texts import REPLACED


def translated(text: str) -> str:
    """An English text in the active language; unknown texts stay as they are.

    Rows may hold a template as it was worded when they were written, so old wordings are replaced
    first.
    """
    # Django answers an empty text with the header of the catalogue.
    return gettext(REPLACED.get(text, text)) if text else ""


def write_sentence(template: str, values: dict[str, str | datetime]) -> dict[str, Any]:
    """A sentence as the JSON that is stored.

    template: English with braces, marked by gettext_noop where it is written.
    """
    return {
        "template": template,
        "values": {name: _write_value(value) for name, value in values.items()},
    }


def read_sentence(stored: dict[str, Any]) -> str:
    """A stored sentence in the active language; its times are in the site's time zone."""
    values = {name: _read_value(value) for name, value in stored["values"].items()}
    return translated(stored["template"]).format(**values).strip()


def _write_value(value: str | datetime) -> str | dict[str, str]:
    return {"moment": value.isoformat()} if isinstance(value, datetime) else str(value)


def _read_value(value: str | dict[str, str]) -> str:
    if isinstance(value, str):
        return value
    moment = parse_datetime(value["moment"])
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else value["moment"]
