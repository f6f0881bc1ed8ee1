"""A small garden with one of everything, seven people and four states of a work: what every door is
tried with.
"""

import copy
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern
from django.utils import timezone

from gallery.accounts.tokens import make_token
from gallery.artworks.developing import Bed
from gallery.models import (
    BlockedPicture,
    BlockedWord,
    Boundary,
    BoundaryKind,
    Collection,
    CollectionItem,
    CollectionKind,
    CollectionMember,
    Comment,
    Job,
    JobKind,
    JobState,
    Notification,
    Pick,
    Report,
    ShareLink,
    State,
    Visibility,
)
from gallery.urls import urlpatterns
from generation.genome import Recipe
from generation.pedigree import Pedigree
from tests.factories import make_artwork, make_job, make_species, make_tag, make_user


def addresses() -> list[URLPattern]:
    """Every address of the gallery, whichever room lists it."""
    return [pattern for room in urlpatterns for pattern in room.url_patterns]


PEOPLE = ("visitor", "owner", "other", "blocked", "curator", "moderator", "administrator")
STATES = ("public", "unlisted", "private", "quarantined")


@dataclass
class Garden:
    """people: name -> user; works: state -> work of the owner; `arguments`: of every address, for
    one state.
    """

    people: dict[str, Any]
    works: dict[str, Any]
    things: dict[str, dict[str, Any]]
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)

    def arguments(self, state: str) -> dict[str, Any]:
        return self.things[state]

    def client(self, name: str) -> Client:
        """The browser of one of the people, logged in."""
        client = Client()
        if name in self.cookies:
            client.cookies = copy.copy(self.cookies[name])
        elif name != "visitor":
            client.force_login(self.people[name])
        return client


@pytest.fixture(scope="module")
def planted(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Garden]]:
    """Gives each test of a module the same garden, in the state in which it was planted once.

    The tests run inside the transaction that plants it. What a test does is undone in the database
    and in the objects, and its files are copies. Tests that commit make a garden of their own.
    """
    media = tmp_path_factory.mktemp("garden")

    def give() -> Garden:
        shutil.copytree(media, settings.MEDIA_ROOT, dirs_exist_ok=True)
        return copy.deepcopy(garden)

    atomic = transaction.atomic()
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    quick = override_settings(MEDIA_ROOT=media, PASSWORD_HASHERS=hashers)
    with django_db_blocker.unblock(), quick:
        atomic.__enter__()
        garden = make_garden()
        garden.cookies = {name: garden.client(name).cookies for name in PEOPLE}
    yield give
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


def make_garden() -> Garden:
    """One of everything that an address can name, once for each state of the work that it is
    about.
    """
    people = {
        "visitor": AnonymousUser(),
        "owner": make_user("owner"),
        "other": make_user("other"),
        "blocked": make_user("blocked"),
        "curator": make_user("curator", role="curator"),
        "moderator": make_user("moderator", role="moderator"),
        "administrator": make_user(
            "administrator", role="administrator", is_staff=True, is_superuser=True
        ),
    }
    owner = people["owner"]
    Boundary.objects.create(user=owner, other=people["blocked"], kind=BoundaryKind.BLOCK)
    make_tag("moss")
    make_species("tunes", medium="music")
    works = {state: _make_work(owner, state) for state in STATES}
    return Garden(
        people, works, {state: _make_things(people, work, state) for state, work in works.items()}
    )


def _make_work(owner, state: str):
    is_quarantined = state == "quarantined"
    return make_artwork(
        owner,
        has_files=True,
        visibility=Visibility.PUBLIC if is_quarantined else Visibility(state),
        tags=["moss"],
        state=State.QUARANTINED if is_quarantined else State.PUBLISHED,
        slug=f"work{state[:8]}",
    )


def make_development(owner: Any) -> Job:
    """A brood of somebody, of which nothing is painted yet."""
    bed = Bed(Pedigree(("seed:patterns:1",), ()), (0,), Recipe(weights=(1.0,)))
    return Job.objects.create(
        kind=JobKind.DEVELOP,
        owner=owner,
        state=JobState.DONE,
        payload=bed.to_json() | {"developed": []},
    )


def _make_things(people, work, state: str) -> dict[str, Any]:
    owner, now = people["owner"], timezone.now()
    is_public, is_hidden = state == "public", state == "quarantined"
    hidden = {"hidden_at": now if is_hidden else None}
    collection = Collection.objects.create(
        owner=owner, title="Mosses", is_public=is_public or is_hidden, **hidden
    )
    exhibition = Collection.objects.create(
        owner=people["curator"],
        title="Show",
        kind=CollectionKind.EXHIBITION,
        opens_at=now - timedelta(1) if is_public or is_hidden else None,
        **hidden,
    )
    item = CollectionItem.objects.create(
        collection=collection, artwork=work, position=1, added_by=owner
    )
    CollectionItem.objects.create(
        collection=exhibition, artwork=work, position=1, added_by=people["curator"]
    )
    job = make_job(work, owner=owner, state=JobState.DONE, finished_at=now)
    job.result.save("print.png", ContentFile(b"x"))
    report = Report.objects.create(artwork=work, reporter=people["other"], reason="spam")
    token, _ = make_token(owner, name="one", scopes=["read"])
    return {
        "work": work.slug,
        "comment": Comment.objects.create(artwork=work, author=owner, text="Soft.").pk,
        "collection": collection.slug,
        "exhibition": exhibition.slug,
        "item": item.pk,
        "member": CollectionMember.objects.create(collection=collection, user=make_user()).pk,
        "notification": (
            Notification.objects.create(
                user=owner, kind="like", artwork=work, actor=people["other"]
            ).pk
        ),
        "job": job.pk,
        "development": make_development(owner).pk,
        "report": report.pk,
        "token": token.pk,
        "link": ShareLink.objects.create(artwork=work, token=f"token-{work.slug}-xxxx"),
        "pick": Pick.objects.create(artwork=work, curator=people["curator"], starts_at=now).pk,
        "word": BlockedWord.objects.create(word=f"word{state}").pk,
        "picture": BlockedPicture.objects.create(hash=f"{STATES.index(state):016x}").pk,
    }
