"""The people of the demo garden and their accounts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gallery.demo import load
from gallery.demo.history import NEWEST, OLDEST
from gallery.models import Licence, User


@dataclass(frozen=True)
class Person:
    """A person of the demo garden.

    licences: used for their works; a licence listed twice is chosen twice as often. liked_looks:
    forms, tones and surfaces they breed for. liked_tags: tags of works they like most.
    """

    username: str
    name: str
    bio: str = ""
    licences: Sequence[Licence] = ()
    liked_looks: Sequence[str] = ()
    liked_tags: Sequence[str] = ()


def _read(rows: Iterable[Mapping[str, Any]]) -> tuple[Person, ...]:
    return tuple(
        Person(**{**row, "licences": tuple(map(Licence, row.get("licences", ())))}) for row in rows
    )


_DATA = load("people")
GARDENERS = _read(_DATA["gardeners"])
MUSICIANS = (
    *_read(_DATA["musicians"]),
    *(person for person in GARDENERS if Licence.CC0 in person.licences),
)
VISITORS = _read(_DATA["visitors"])
CURATOR = VISITORS[0]
PEOPLE = {person.username: person for person in (*GARDENERS, *MUSICIANS, *VISITORS)}


def ensure_account(person: Person, *, now: datetime) -> User:
    """The account of a person, created if missing. Nobody can log in to it.

    Where somebody real has the username already, the account gets a numbered one.
    """
    username, number = person.username, 1
    while (
        user := User.objects.filter(username__iexact=username).first()
    ) and user.has_usable_password():
        number += 1
        username = f"{person.username}-{number}"
    if user is None:
        user = User(
            username=username,
            display_name=person.name,
            bio=person.bio,
            date_joined=now - OLDEST - NEWEST,
        )
        user.set_unusable_password()
        user.save()
    return user
