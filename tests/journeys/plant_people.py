"""Fills a site with people and what they do.

Run `python -m tests.journeys.plant_people` in the environment of its server. Everything is done by
the actions of the site. Needs six public works; their maker also makes the new ones. Prints as JSON
the arguments of addresses (for tests/journeys/test_axe.py) and every text that a person wrote.
"""

import json
from collections.abc import Iterator
from typing import Any

import django

django.setup()

from gallery.accounts.tokens import make_token  # noqa: E402
from gallery.archive.export import request_export  # noqa: E402
from gallery.artworks.likes import set_like  # noqa: E402
from gallery.artworks.publishing import publish_child  # noqa: E402
from gallery.collections.actions import add_work, create_collection, create_exhibition  # noqa: E402
from gallery.collections.invitations import invite  # noqa: E402
from gallery.collections.picks import pick  # noqa: E402
from gallery.comments.actions import write_comment  # noqa: E402
from gallery.help.credits import THIRD_PARTY  # noqa: E402
from gallery.job_runner import run_next  # noqa: E402
from gallery.maintenance import refresh_rankings  # noqa: E402
from gallery.models import (  # noqa: E402
    Artwork,
    BlockedPicture,
    BoundaryKind,
    Collection,
    Comment,
    Notification,
    Pick,
    Report,
    ShareLink,
    Species,
    Suspension,
    User,
)
from gallery.moderation.actions import hide_collection  # noqa: E402
from gallery.moderation.actions_cases import decide  # noqa: E402
from gallery.moderation.actions_suspensions import suspend_for  # noqa: E402
from gallery.moderation.block_lists import block_picture, block_word  # noqa: E402
from gallery.moderation.decisions import Verdict  # noqa: E402
from gallery.people.actions import (  # noqa: E402
    set_boundary,
    set_follow,
)
from gallery.reports.actions import file_report  # noqa: E402
from gallery.sharing.actions import make_link  # noqa: E402
from generation.genome import Recipe  # noqa: E402
from generation.pedigree import Pedigree, Step  # noqa: E402
from tests.journeys.garden import PASSWORD  # noqa: E402

PEOPLE = {"wren": "Wren Hollow", "rook": "Rook", "finch": "Finch Adler"}
STAFF = {
    "cora": ("Cora Bell", "curator"),
    "moss": ("Moss Warden", "moderator"),
    "keeper": ("Kim Keeper", "administrator"),
}
SAYINGS = (
    "I keep coming back to the edge of this one.",
    "Bred from a very quiet pair, I think. Is it?",
)
ANSWER = "Yes, both were almost grey."


def main() -> None:
    works = list(Artwork.objects.filter(visibility="public", state="published").order_by("pk")[:6])
    maker = works[0].author
    works = [work for work in works if work.author_id == maker.pk] if len(works) < 6 else works
    people = {name: _settle(name, shown) for name, shown in PEOPLE.items()}
    staff = {
        name: _settle(name, shown, role=role, is_staff=True)
        for name, (shown, role) in STAFF.items()
    }
    things = (
        _talk(maker, works, people) | _collect(maker, works, people, staff) | _share(maker, people)
    )
    things |= _moderate(maker, works, people, staff)
    refresh_rankings()
    print(json.dumps({"things": things, "texts": sorted(set(_texts()))}))


def _settle(username: str, shown: str, **fields: Any) -> User:
    user = User.objects.filter(username=username).first() or User.objects.create_user(
        username, password=PASSWORD
    )
    for name, value in {"display_name": shown, **fields}.items():
        setattr(user, name, value)
    user.save()
    return user


def _publish(author: User, title: str, root: str, **fields: Any) -> Artwork:
    pedigree = Pedigree((root,), (Step((0,), Recipe(weights=(1.0,), mutation_rate=0.2, seed=5)),))
    defaults = {"licence": "CC-BY-4.0", "visibility": "public", "tags": ["moss"], "size": 128}
    artwork, _ = publish_child(author, pedigree=pedigree, title=title, **defaults | fields)
    while run_next():
        pass
    artwork.refresh_from_db()
    return artwork


def _talk(maker: User, works: list[Artwork], people: dict[str, User]) -> dict[str, Any]:
    """Likes, comments with a mention and an answer, people who follow and keep away."""
    work, (first, *_) = works[0], people.values()
    for person in people.values():
        set_follow(person, maker, True)
        set_like(person, work, True)
    set_like(maker, works[5], True) if works[5].author_id != maker.pk else None
    set_follow(maker, first, True)
    set_boundary(maker, people["finch"], BoundaryKind.MUTE)
    comments = [write_comment(first, work, f"@{maker.username} {text}") for text in SAYINGS]
    write_comment(maker, work, ANSWER, answered=comments[1])
    return {
        "work": work.slug,
        "other": works[1].slug,
        "comment": comments[0].pk,
        "maker": maker.username,
    }


def _collect(
    maker: User, works: list[Artwork], people: dict[str, User], staff: dict[str, User]
) -> dict[str, Any]:
    """A collection with a caption and an invitation, an exhibition that is open, and a pick."""
    collection = create_collection(maker, title="Night walk", text="What one sees by lamplight.")
    exhibition = create_exhibition(
        staff["cora"], title="Small greens", text="Six works that whisper.", opens_at=None
    )
    exhibition.opens_at = (
        collection.created_at
    )  # An exhibition that opened before now cannot be made by the form.
    exhibition.save()
    for work in works:
        add_work(maker, collection, work, caption="By the gate.")
        add_work(staff["cora"], exhibition, work)
    invite(maker, collection, "wren")
    theirs = create_collection(people["wren"], title="Hedgerow")
    invite(people["wren"], theirs, maker.username)
    picked = pick(staff["cora"], works[1], note="Look at the light in it.")
    return {
        "collection": collection.slug,
        "invitation": theirs.slug,
        "exhibition": exhibition.slug,
        "pick": picked.pk,
    }


def _share(maker: User, people: dict[str, User]) -> dict[str, Any]:
    """A private work with a link to it, a tune, a token, an export."""
    private = _publish(maker, "Not shown yet", "seed:patterns:91", visibility="private")
    tune = _publish(maker, "Peat smoke", "seed:tunes:7")
    link = make_link(maker, private, note="For the printer", days=30)
    make_token(maker, name="My script", scopes=["read", "publish"])
    job = request_export(maker, with_files=False, base="http://localhost")
    while run_next():
        pass
    return {"private": private.slug, "tune": tune.slug, "link": link.token, "job": str(job.pk)}


def _moderate(
    maker: User, works: list[Artwork], people: dict[str, User], staff: dict[str, User]
) -> dict[str, Any]:
    """An open report, a work that was taken down, block lists, somebody suspended."""
    taken = _publish(maker, "Too loud", "seed:patterns:92", licence="CC0-1.0")
    case = file_report(people["rook"], taken, reason="spam", text="It advertises something.")
    decide(
        staff["moss"], case, verdict=Verdict.QUARANTINE, reason="Advertising does not belong here."
    )
    report = file_report(
        people["rook"], works[0], reason="other", text="It looks very much like my own drawing."
    )
    file_report(people["wren"], Comment.objects.last(), reason="harm", text="Unkind.")
    hidden = create_collection(maker, title="Buy now", text="Cheap moss by the metre.")
    hide_collection(staff["moss"], hidden, reason="Advertising does not belong here.")
    block_word(staff["moss"], "mouldbrand")
    block_picture(staff["moss"], taken, note="Seen on other sites, too.")
    suspend_for(staff["moss"], people["rook"], term="7", reason="Reports for fun.")
    return {"report": report.pk, "taken": taken.slug, "hidden": hidden.slug, "suspended": "rook"}


def _texts() -> Iterator[str]:
    """Whatever people wrote, and the names and sources of what is credited: no catalogue translates
    it.
    """
    for generator in Species.objects.all():
        yield from (generator.card.get(key, "") for key in ("data_name", "data_source", "paper"))
    yield from (borrowed.paper for borrowed in THIRD_PARTY)
    for artwork in Artwork.objects.prefetch_related("tags"):
        yield from (
            artwork.title,
            artwork.description,
            artwork.alt_text,
            *(tag.name for tag in artwork.tags.all()),
        )
    for person in User.objects.all():
        yield from (person.username, person.name, person.bio)
    for collection in Collection.objects.prefetch_related("items"):
        yield from (
            collection.title,
            collection.text,
            *(item.caption for item in collection.items.all()),
        )
    yield from Comment.objects.values_list("text", flat=True)
    for report in Report.objects.all():
        yield from (report.text, report.decision, report.counter_notice)
    for kind, column in (
        (Pick, "note"),
        (ShareLink, "note"),
        (BlockedPicture, "note"),
        (Suspension, "reason"),
    ):
        yield from kind.objects.values_list(column, flat=True)
    yield from Notification.objects.values_list(
        "text", flat=True
    )  # In the language that the person had at that time.


if __name__ == "__main__":
    main()
