"""Planting what the people of the demo garden put together: collections, two exhibitions, and words
about the picks.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from gallery.demo.collections import (
    CHILD_CAPTION,
    COLLECTIONS,
    DRAFT_FITS,
    DRAFT_TEXT,
    DRAFT_TITLE,
    DRAFT_WORKS,
    FAMILIES,
    OPEN_TEXT,
    OPEN_TITLE,
    PARENT_CAPTION,
    PICK_NOTES,
    Gathering,
)
from gallery.demo.facts import Facts, Fits
from gallery.demo.people import CURATOR
from gallery.models import (
    Collection,
    CollectionItem,
    CollectionKind,
    CollectionMember,
    Licence,
    Pick,
    User,
)

FEWEST = 3  # A collection of fewer works is not begun.
SINCE = timedelta(days=20)
CAPTIONED = 0.4


def collect(
    facts: Sequence[Facts],
    *,
    people: Mapping[str, User],
    likes: Mapping[int, int],
    slugs: Sequence[str],
    now: datetime,
    rng: np.random.Generator,
) -> None:
    """Begin the collections, one for each slug; what fits is put in by how it is liked, with some
    chance.
    """
    for number, (gathering, slug) in enumerate(zip(COLLECTIONS, slugs, strict=True)):
        keen = {one.work.pk: likes.get(one.work.pk, 0) + 6 * rng.random() for one in facts}
        chosen = sorted(
            (one for one in facts if gathering.fits.covers(one)), key=lambda one: -keen[one.work.pk]
        )
        chosen = chosen[: gathering.most]
        if len(chosen) < FEWEST:
            continue
        chosen = [chosen[place] for place in rng.permutation(len(chosen))]
        since = (
            now
            - SINCE * (1 - number / len(COLLECTIONS))
            - timedelta(minutes=int(rng.integers(0, 600)))
        )
        _begin(gathering, chosen, people=people, slug=slug, since=since, rng=rng)


def _begin(
    gathering: Gathering,
    chosen: Sequence[Facts],
    *,
    people: Mapping[str, User],
    slug: str,
    since: datetime,
    rng: np.random.Generator,
) -> None:
    collection = Collection.objects.create(
        slug=slug,
        owner=people[gathering.owner],
        title=gathering.title,
        text=gathering.text,
        is_public=gathering.is_public,
    )
    Collection.objects.filter(pk=collection.pk).update(created_at=since)
    hands = [people[name] for name in (gathering.owner, *gathering.members)]
    for member in hands[1:]:
        CollectionMember.objects.create(
            collection=collection, user=member, accepted_at=since + timedelta(days=1)
        )
    captions = list(gathering.captions)
    rows = []
    for position, one in enumerate(chosen):
        says = _take_sentence(captions, one) if rng.random() < CAPTIONED else ""
        rows.append((one, says, hands[position % len(hands)]))
    _hang(collection, rows)


def _take_sentence(sentences: list[str], one: Facts) -> str:
    """Take the first of the sentences that can be said of a work off the list; empty where there is
    none.
    """
    sentence = next((each for each in sentences if one.can_say(each)), "")
    if sentence:
        sentences.remove(sentence)
    return sentence.format(**one.words)


def _hang(collection: Collection, rows: Sequence[tuple[Facts, str, User]]) -> None:
    CollectionItem.objects.bulk_create(
        CollectionItem(
            collection=collection,
            artwork=one.work,
            position=position,
            caption=caption,
            added_by=hand,
        )
        for position, (one, caption, hand) in enumerate(rows)
    )


def exhibit(
    facts: Sequence[Facts],
    *,
    people: Mapping[str, User],
    likes: Mapping[int, int],
    slugs: Sequence[str],
    now: datetime,
) -> None:
    """Open an exhibition of families, and leave another one a draft. slugs: of both."""
    curator = people[CURATOR.username]
    if families := _families(facts, likes):
        open_one = Collection.objects.create(
            slug=slugs[0],
            kind=CollectionKind.EXHIBITION,
            owner=curator,
            title=OPEN_TITLE,
            text=OPEN_TEXT,
            opens_at=now - timedelta(days=6),
            closes_at=now + timedelta(days=36),
            cover=families[0][-1].work,
        )
        rows = []
        for *parents, child in families:
            for parent, (_same, share) in zip(parents, child.parents, strict=True):
                rows.append(
                    (
                        parent,
                        PARENT_CAPTION.format(share=f"{share:.0%}", child=child.work.title),
                        curator,
                    )
                )
            rows.append((child, CHILD_CAPTION.format(**child.words), curator))
        _hang(open_one, rows)
    dark = sorted(
        (one for one in facts if DRAFT_FITS.covers(one)), key=lambda one: -likes.get(one.work.pk, 0)
    )[:DRAFT_WORKS]
    draft = Collection.objects.create(
        slug=slugs[1],
        kind=CollectionKind.EXHIBITION,
        owner=curator,
        title=DRAFT_TITLE,
        text=DRAFT_TEXT,
    )
    _hang(draft, [(one, "", curator) for one in dark])


def _families(facts: Sequence[Facts], likes: Mapping[int, int]) -> list[tuple[Facts, Facts, Facts]]:
    """Pairs of parents with a child that both shaped, the best liked of each species, no work
    twice.
    """
    found: list[tuple[Facts, Facts, Facts]] = []
    hung: set[int] = set()
    species: set[str] = set()
    fits = Fits(parents=2, without=("wallpaper", "tune"))
    bred = [
        one
        for one in facts
        if fits.covers(one) and len(one.parents) == 2 and one.parents[1][1] >= 0.25
    ]
    # Patterns fill their frames, so theirs come first, and one of them is the face of the
    # exhibition.
    for one in sorted(
        bred, key=lambda one: (one.work.generator_id != "patterns", -likes.get(one.work.pk, 0))
    ):
        trio = (one.parents[0][0], one.parents[1][0], one)
        keys = {each.work.pk for each in trio}
        open_to_all = all(
            each.work.may_be_bred and each.work.licence != Licence.RESERVED for each in trio
        )
        if (
            open_to_all
            and keys.isdisjoint(hung)
            and one.work.generator_id not in species
            and len(found) < FAMILIES
        ):
            found.append(trio)
            hung |= keys
            species.add(one.work.generator_id)
    return found


def note_picks(facts: Sequence[Facts], *, curator: User) -> None:
    """Put the curator's name to the picks, and let her say something about the newest."""
    by_key = {one.work.pk: one for one in facts}
    notes = list(PICK_NOTES)
    for pick in Pick.objects.filter(artwork__in=by_key, curator=None).order_by("-starts_at", "-id"):
        pick.curator, pick.note = curator, _take_sentence(notes, by_key[pick.artwork_id])
        pick.save(update_fields=["curator", "note"])
