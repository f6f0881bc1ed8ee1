"""The file beside a card that holds what determines pictures besides the weights."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from generation.checkpoints import Checkpoint
from generation.refusal import Refused

SETTINGS = "settings.json"

S = TypeVar("S")


def read_settings_file(checkpoint: Checkpoint, make: Callable[[Mapping[str, Any]], S]) -> S:
    """What `make` reads from the settings of a species.

    Raises Refused where the file is missing or damaged, which `make` says by an AttributeError, a
    TypeError or a ValueError.
    """
    try:
        return make(json.loads(checkpoint.path(SETTINGS).read_text(encoding="utf-8")))
    except (OSError, AttributeError, TypeError, ValueError) as error:
        raise Refused(
            "The settings of the species “{key}” ({file}) are missing or damaged.",
            key=checkpoint.key,
            file=SETTINGS,
        ) from error


def are_positive(*numbers: Any) -> bool:
    """Whether these are numbers above 0."""
    return all(isinstance(number, int | float) and number > 0 for number in numbers)
