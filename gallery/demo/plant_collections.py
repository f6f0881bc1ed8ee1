"""Plants the collections and exhibitions of the demo garden, and notes on the curator's picks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from gallery.demo import load
from gallery.demo.facts import Criteria, Facts
from gallery.models import (
    Collection,
    CollectionItem,
    CollectionKind,
    CollectionMember,
    Licence,
    Pick,
    User,
)

MIN_SIZE = 3  # Collections of fewer works are left out.
OLDEST = timedelta(days=20)
CAPTION_RATE = 0.4  # Share of works in collections that get a caption, while there are any.
MIN_SHARE = 0.25  # Of each parent of an exhibited child.


@dataclass(frozen=True)
class CollectionPlan:
    """A collection before it is created. members: people other than the owner who add works."""

    owner: str
    title: str
    criteria: Criteria
    text: str = ""
    max_size: int = 9
    members: Sequence[str] = ()
    is_public: bool = True
    captions: Sequence[str] = ()


@dataclass(frozen=True)
class ExhibitionPlan:
    """An exhibition before it is created. size: number of works, or of families."""

    title: str
    text: str
    size: int
    criteria: Criteria
    parent_caption: str = ""
    child_caption: str = ""


_DATA = load("collections")
COLLECTIONS = tuple(
    CollectionPlan(**{**row, "criteria": Criteria(**row["criteria"])})
    for row in _DATA["collections"]
)
EXHIBITION, DRAFT = (
    ExhibitionPlan(**{**row, "criteria": Criteria(**row["criteria"])})
    for row in (_DATA["exhibition"], _DATA["draft"])
)
PICK_NOTES: list[str] = _DATA["pick_notes"]


def plant_collections(
    facts: Sequence[Facts],
    *,
    people: Mapping[str, User],
    likes: Mapping[int, int],
    slugs: Sequence[str],
    now: datetime,
    rng: np.random.Generator,
) -> None:
    """Create the collections, one for each slug, mostly of the most liked works that fit."""
    for number, (plan, slug) in enumerate(zip(COLLECTIONS, slugs, strict=True)):
        ranks = {one.work.pk: likes.get(one.work.pk, 0) + 6 * rng.random() for one in facts}
        fitting = [one for one in facts if plan.criteria.match(one)]
        chosen = sorted(fitting, key=lambda one: -ranks[one.work.pk])[: plan.max_size]
        if len(chosen) < MIN_SIZE:
            continue
        chosen = [chosen[place] for place in rng.permutation(len(chosen))]
        age = OLDEST * (1 - number / len(COLLECTIONS))
        created_at = now - age - timedelta(minutes=int(rng.integers(0, 600)))
        _save_collection(plan, chosen, people=people, slug=slug, created_at=created_at, rng=rng)


def _save_collection(
    plan: CollectionPlan,
    chosen: Sequence[Facts],
    *,
    people: Mapping[str, User],
    slug: str,
    created_at: datetime,
    rng: np.random.Generator,
) -> None:
    collection = Collection.objects.create(
        slug=slug,
        owner=people[plan.owner],
        title=plan.title,
        text=plan.text,
        is_public=plan.is_public,
    )
    Collection.objects.filter(pk=collection.pk).update(created_at=created_at)
    adders = [people[name] for name in (plan.owner, *plan.members)]
    for member in adders[1:]:
        CollectionMember.objects.create(
            collection=collection, user=member, accepted_at=created_at + timedelta(days=1)
        )
    captions = list(plan.captions)
    items = []
    for position, one in enumerate(chosen):
        caption = _take_sentence(captions, one) if rng.random() < CAPTION_RATE else ""
        items.append((one, caption, adders[position % len(adders)]))
    _save_items(collection, items)


def _take_sentence(sentences: list[str], facts: Facts) -> str:
    """Remove the first sentence that is true of a work and fill it in; empty if there is none."""
    sentence = next((each for each in sentences if facts.can_fill(each)), "")
    if sentence:
        sentences.remove(sentence)
    return sentence.format(**facts.placeholders)


def _save_items(collection: Collection, items: Sequence[tuple[Facts, str, User]]) -> None:
    """Put works with their captions, and who added them, into a collection."""
    CollectionItem.objects.bulk_create(
        CollectionItem(
            collection=collection,
            artwork=facts.work,
            position=position,
            caption=caption,
            added_by=user,
        )
        for position, (facts, caption, user) in enumerate(items)
    )


def plant_exhibitions(
    facts: Sequence[Facts],
    *,
    curator: User,
    likes: Mapping[int, int],
    slugs: Sequence[str],
    now: datetime,
) -> None:
    """Create an open exhibition of families, if there are any, and a draft. slugs: of both."""
    if families := _choose_families(facts, likes):
        exhibition = Collection.objects.create(
            slug=slugs[0],
            kind=CollectionKind.EXHIBITION,
            owner=curator,
            title=EXHIBITION.title,
            text=EXHIBITION.text,
            opens_at=now - timedelta(days=6),
            closes_at=now + timedelta(days=36),
            cover=families[0].work,
        )
        items = []
        for child in families:
            for parent, share in child.parents:
                caption = EXHIBITION.parent_caption.format(
                    share=f"{share:.0%}", child=child.work.title
                )
                items.append((parent, caption, curator))
            items.append((child, EXHIBITION.child_caption.format(**child.placeholders), curator))
        _save_items(exhibition, items)
    fitting = [one for one in facts if DRAFT.criteria.match(one)]
    liked = sorted(fitting, key=lambda one: -likes.get(one.work.pk, 0))[: DRAFT.size]
    draft = Collection.objects.create(
        slug=slugs[1],
        kind=CollectionKind.EXHIBITION,
        owner=curator,
        title=DRAFT.title,
        text=DRAFT.text,
    )
    _save_items(draft, [(one, "", curator) for one in liked])


def _choose_families(facts: Sequence[Facts], likes: Mapping[int, int]) -> list[Facts]:
    """Children of two parents that both left traces: the most liked one of each species.

    No work is in two families, and anybody may breed from all of them.
    """
    chosen: list[Facts] = []
    exhibited: set[int] = set()
    children = [
        one
        for one in facts
        if EXHIBITION.criteria.match(one)
        and len(one.parents) == 2
        and one.parents[1][1] >= MIN_SHARE
    ]
    # Patterns come first: they fill the frame, and the first child is the exhibition's cover.
    children.sort(key=lambda one: (one.work.species_id != "patterns", -likes.get(one.work.pk, 0)))
    for child in children:
        works = [child.work, *(parent.work for parent, _share in child.parents)]
        ids = {work.pk for work in works}
        if (
            len(chosen) < EXHIBITION.size
            and all(work.may_be_bred and work.licence != Licence.RESERVED for work in works)
            and ids.isdisjoint(exhibited)
            and child.work.species_id not in {one.work.species_id for one in chosen}
        ):
            chosen.append(child)
            exhibited |= ids
    return chosen


def write_pick_notes(facts: Sequence[Facts], *, curator: User) -> None:
    """Name the curator on the picks of demo works, and add notes to the newest."""
    by_id = {one.work.pk: one for one in facts}
    notes = list(PICK_NOTES)
    for pick in Pick.objects.filter(artwork__in=by_id, curator=None).order_by("-starts_at", "-id"):
        pick.curator, pick.note = curator, _take_sentence(notes, by_id[pick.artwork_id])
        pick.save(update_fields=["curator", "note"])
