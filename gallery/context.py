"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The garden's name, for the header and titles."""
    return {"garden_name": settings.GARDEN_NAME}
