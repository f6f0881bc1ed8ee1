"""The verbs of the log in the reader's language, and the suspension that a person reads about on every page."""

from django import template
from django.utils.translation import gettext_lazy

from gallery.models import Suspension, User

register = template.Library()

VERBS = {
    "hide": gettext_lazy("hid"), "show": gettext_lazy("showed again"), "quarantine": gettext_lazy("put into quarantine"),
    "release": gettext_lazy("released from quarantine"), "hide comment": gettext_lazy("hid the comment"),
    "show comment": gettext_lazy("showed the comment again"), "remove comment": gettext_lazy("removed the comment"),
    "claim": gettext_lazy("claimed the reports about"), "release claim": gettext_lazy("put back the reports about"),
    "decide": gettext_lazy("decided the reports about"), "restore": gettext_lazy("accepted the answer about"),
    "keep closed": gettext_lazy("turned down the answer about"), "warn": gettext_lazy("warned"),
    "suspend": gettext_lazy("suspended"), "lift suspension": gettext_lazy("lifted the suspension of"),
    "set role": gettext_lazy("gave another role to"), "lock account": gettext_lazy("locked the account of"),
    "open account": gettext_lazy("opened the account of"), "edit account": gettext_lazy("changed the account of"),
    "add account": gettext_lazy("made an account for"), "set password": gettext_lazy("set a new password for"),
    "block word": gettext_lazy("blocked the word"), "unblock word": gettext_lazy("unblocked the word"),
    "block picture": gettext_lazy("blocked the picture of"), "unblock picture": gettext_lazy("unblocked the picture"),
    "pick": gettext_lazy("picked"), "unpick": gettext_lazy("ended the pick of"),
    "reschedule pick": gettext_lazy("moved the pick of"), "edit work": gettext_lazy("changed the work"),
    "delete work": gettext_lazy("deleted the work"), "cancel job": gettext_lazy("cancelled the job"),
    "read species": gettext_lazy("read the species again"), "open exhibition": gettext_lazy("opened the exhibition"),
    "edit exhibition": gettext_lazy("changed the exhibition"), "delete exhibition": gettext_lazy("deleted the exhibition"),
}


@register.filter
def deed(verb: str) -> str:
    """What somebody of the staff did, as part of “Ada hid the work”; a verb that is not known yet as it is written."""
    return VERBS.get(verb, verb)


@register.simple_tag
def suspension_of(user: User) -> Suspension | None:
    """The suspension in force; one query."""
    return user.suspension
