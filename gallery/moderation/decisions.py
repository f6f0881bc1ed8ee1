"""What moderators can decide about a report, and the reasons they give."""

from django.db import models
from django.utils.translation import gettext_lazy

from gallery.models.texts import clean_text
from generation.refusal import Refused

MAX_REASON = 2000


def read_reason(text: str, *, is_needed: bool = False) -> str:
    """A moderator's reason without white space around it, as it is stored.

    Raises Refused when it is too long, and when it is empty although one is needed.
    """
    text = clean_text(text)
    if len(text) > MAX_REASON:
        raise Refused(
            "The reason can have at most {most} plain characters. Shorten it.", most=MAX_REASON
        )
    if is_needed and not text:
        raise Refused("Give the reason in a sentence; the person it is about will read it.")
    return text


class Verdict(models.TextChoices):
    """The decision about a case."""

    DISMISS = "dismiss", gettext_lazy("Leave it as it is")
    WARN = "warn", gettext_lazy("Warn the maker, change nothing")
    HIDE = "hide", gettext_lazy("Hide it")
    QUARANTINE = "quarantine", gettext_lazy("Put it in quarantine")
    CLEAR = "clear", gettext_lazy("Remove the display name and bio")
