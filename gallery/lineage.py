"""Who descends from whom: ancestors and descendants, the family tree of a work, and to whom its inheritance is owed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from gallery.layers import draw
from gallery.models import Artwork, LineageEdge, State, User, Visibility
from generation.finishing.steps import STEPS
from generation.genespaces import species
from generation.genome import Recipe
from generation.pedigree import Pedigree
from generation.refusal import Refused

MAX_KIN = 2_000  # Ancestors or descendants that one question looks at.
MAX_SHOWN = 24  # On each side of a family tree; the rest is counted.

# What is said of a tune that its maker brought (gallery.actions.sowing).
BROUGHT = {
    "sound": "Its maker hummed or played a melody; the notes that were heard in the recording are its first phrases.",
    "midi": "Its maker brought a melody as a MIDI file; its first phrases are taken from there.",
}

# Walking stops at LIMIT. UNION visits every work once, nearest first; the edges are indexed in both directions.
_WALK = """
    WITH RECURSIVE kin(id) AS (
        SELECT {to} FROM gallery_lineageedge WHERE {start} IN ({marks})
        UNION
        SELECT edge.{to} FROM kin JOIN gallery_lineageedge edge ON edge.{start} = kin.id
    )
    SELECT id FROM kin LIMIT %s
"""


def ancestor_ids(works: Sequence[int], *, limit: int = MAX_KIN) -> list[int]:
    """The ids of everything these works (ids) descend from, nearest first, by one query."""
    return _walk(works, start="child_id", to="parent_id", limit=limit)


def descendant_ids(works: Sequence[int], *, limit: int = MAX_KIN) -> list[int]:
    """The ids of everything that descends from these works (ids), nearest first, by one query."""
    return _walk(works, start="parent_id", to="child_id", limit=limit)


def _walk(works: Sequence[int], *, start: str, to: str, limit: int) -> list[int]:
    if not works:
        return []
    marks = ", ".join(["%s"] * len(works))
    with connection.cursor() as cursor:
        cursor.execute(_WALK.format(start=start, to=to, marks=marks), [*works, limit])
        return [row[0] for row in cursor.fetchall()]


def ancestors(artwork: Artwork, *, limit: int = MAX_KIN) -> QuerySet:
    """The works that this one descends from. Whoever shows them filters by `visible_to`."""
    return Artwork.objects.filter(pk__in=ancestor_ids([artwork.pk], limit=limit))


def descendants(artwork: Artwork, *, limit: int = MAX_KIN) -> QuerySet:
    """The works that descend from this one. Whoever shows them filters by `visible_to`."""
    return Artwork.objects.filter(pk__in=descendant_ids([artwork.pk], limit=limit))


@dataclass(frozen=True)
class Member:
    """One work of a family tree. artwork is None for a work that is not this person's to see; label is what to call it then.

    relation: "ancestor", "self" or "descendant". column: 0 is the oldest. row: at least 1 apart within a column.
    """

    key: int
    artwork: Artwork | None
    label: str
    relation: str
    column: int
    row: float
    is_own: bool


@dataclass(frozen=True)
class Tie:
    """An inheritance between two members. route: points (column, row) from the parent to the child."""

    parent: int
    child: int
    share: float
    route: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Family:
    """A family tree with places. more_*: how many are not shown ("+37 more"); columns and rows: its extent."""

    members: list[Member]
    ties: list[Tie]
    columns: int
    rows: float
    more_ancestors: int
    more_descendants: int

    @property
    def is_alone(self) -> bool:
        return len(self.members) == 1


def family(artwork: Artwork, user, *, limit: int = MAX_SHOWN) -> Family:
    """The nearest ancestors and descendants of a work, `limit` on each side, by four queries at any size."""
    before, after = ancestor_ids([artwork.pk]), descendant_ids([artwork.pk])
    relation = dict.fromkeys(after[:limit], "descendant") | dict.fromkeys(before[:limit], "ancestor") | {artwork.pk: "self"}
    edges = LineageEdge.objects.filter(parent__in=relation, child__in=relation).order_by("child_id", "-share", "pk")
    shares = {(edge.parent_id, edge.child_id): edge.share for edge in edges}
    cards = nameable(user).for_cards().in_bulk(list(relation)) | {artwork.pk: artwork}
    keys = sorted(relation)
    drawing = draw(keys, list(shares), centre=artwork.pk)
    members = [
        Member(
            key, cards.get(key), cards[key].title if key in cards else "A work that is not public", relation[key],
            drawing.columns[key], drawing.rows[key], key in cards and cards[key].author_id == user.pk,
        )
        for key in keys
    ]
    ties = [Tie(*edge, share, drawing.routes[edge]) for edge, share in shares.items()]
    points = [point for tie in ties for point in tie.route] or [(0, 0.0)]
    return Family(
        members, ties, 1 + max(column for column, _ in points), 1 + max(row for _, row in points),
        max(0, len(before) - limit), max(0, len(after) - limit),
    )


def nameable(user) -> QuerySet:
    """Works that may be named as somebody's relatives: those on walls and one's own; for staff every one.

    An unlisted work is found by its address alone, so its relatives must not tell the address.
    """
    works = Artwork.objects.visible_to(user)
    if user.is_authenticated and user.is_moderator:
        return works
    on_walls = Q(state=State.PUBLISHED, visibility=Visibility.PUBLIC)
    return works.filter(on_walls | Q(author=user) if user.is_authenticated else on_walls)


@dataclass(frozen=True)
class Credit:
    """A part of a work's inheritance. author is None for what is new in this very work, and for makers not to be named."""

    author: User | None
    share: float
    is_new: bool = False


def credits(artwork: Artwork, user) -> list[Credit]:
    """Whose inheritance a work is made of, through all generations: largest first, what is new last; sums to 1.

    Every ancestor is credited with what was new in it, weighted by the shares on all ways down to this work. A removed public
    ancestor keeps its maker's credit; a maker is not named to somebody who may name none of their works behind this one.
    """
    novelty, parents = _kin_graph(artwork)
    weights = _weigh(artwork.pk, novelty, parents)
    owed: dict[int, float] = {}
    behind = Artwork.objects.filter(pk__in=[pk for pk in parents if pk != artwork.pk])
    for pk, author in behind.values_list("pk", "author_id"):
        owed[author] = owed.get(author, 0.0) + weights[pk] * novelty[pk]
    removed = Artwork.objects.filter(pk__in=parents, state=State.REMOVED, visibility=Visibility.PUBLIC)
    named = {author for works in (nameable(user).filter(pk__in=parents), removed)
             for author in works.values_list("author_id", flat=True)}
    people = User.objects.in_bulk([author for author in owed if author in named])
    found = [Credit(people[author], share) for author, share in owed.items() if author in people and share > 0]
    unnamed = sum(share for author, share in owed.items() if author not in people)
    line = sorted(found, key=lambda credit: -credit.share)
    line += [Credit(None, unnamed)] if unnamed > 0 else []
    new = novelty[artwork.pk]
    return [*line, Credit(None, new, is_new=True)] if new > 0 else line


def _kin_graph(artwork: Artwork) -> tuple[dict[int, float], dict[int, list[tuple[int, float]]]]:
    """Novelty, and parents with shares that sum to 1, of a work and its ancestors. Whatever has no parents is all new."""
    kin = ancestor_ids([artwork.pk])
    novelty = dict(Artwork.objects.filter(pk__in=kin).values_list("pk", "novelty")) | {artwork.pk: artwork.novelty}
    parents: dict[int, list[tuple[int, float]]] = {pk: [] for pk in novelty}
    for parent, child, share in LineageEdge.objects.filter(child__in=novelty).values_list("parent_id", "child_id", "share"):
        if parent in novelty:
            parents[child].append((parent, share))
    for pk, line in parents.items():
        total = sum(share for _, share in line)
        parents[pk] = [(parent, share / total) for parent, share in line]
        if not line:
            novelty[pk] = 1.0
    return novelty, parents


def _weigh(start: int, novelty: dict[int, float], parents: dict[int, list[tuple[int, float]]]) -> dict[int, float]:
    """How much of `start` comes through each work."""
    weights = dict.fromkeys(parents, 0.0) | {start: 1.0}
    for pk in _children_first(parents):
        for parent, share in parents[pk]:
            weights[parent] += weights[pk] * (1 - novelty[pk]) * share
    return weights


def _children_first(parents: dict[int, list[tuple[int, float]]]) -> list[int]:
    waiting = dict.fromkeys(parents, 0)
    for line in parents.values():
        for parent, _ in line:
            waiting[parent] += 1
    ready = [pk for pk, children in waiting.items() if not children]
    for pk in ready:
        for parent, _ in parents[pk]:
            waiting[parent] -= 1
            if not waiting[parent]:
                ready.append(parent)
    return ready


def tell_recipe(artwork: Artwork, user) -> list[str]:
    """How a work came about, in a few plain sentences. Works that this person may not name stay nameless."""
    if artwork.pedigree.get("upload") in BROUGHT:
        return [BROUGHT[artwork.pedigree["upload"]]]
    try:
        pedigree = Pedigree.from_json(artwork.pedigree)
    except Refused:
        return ["How it came about was not recorded."]
    works = dict(nameable(user).filter(slug__in=pedigree.roots).values_list("slug", "title"))
    names = [_name(root, works) for root in pedigree.roots]
    if not pedigree.steps:
        return ["It grew from a fresh seed: its genes were drawn at random."]
    broods = len(pedigree.steps)
    where = "in one brood" if broods == 1 else f"over {broods} broods, of which only the last child was published"
    told = [f"It was bred {where}, from {_join(list(dict.fromkeys(names)))}."]
    last = pedigree.steps[-1]
    inputs = names + [f"the seedling of brood {number + 1}" for number in range(broods - 1)]
    told += _tell_step(last.recipe, [inputs[position] for position in last.parents], artwork.generator_id)
    return told + _tell_finish(artwork)


def _name(root: str, works: dict[str, str]) -> str:
    if root.startswith("seed:"):
        return "a fresh seed"
    return f"“{works[root]}”" if root in works else "a work that is not public"


def _join(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _tell_step(recipe: Recipe, parents: Sequence[str], generator: str) -> list[str]:
    labels = _labels(generator)
    told = []
    if len(parents) > 1:
        total = sum(recipe.weights)
        parts = _join([
            f"{weight / total:.0%} {name}" for weight, name in zip(recipe.weights, parents, strict=True) if weight > 0
        ])
        verb = "Its parts were taken whole from its parents, about" if recipe.operator == "crossover" else "It is a blend of"
        told.append(f"{verb} {parts}.")
    for group, index in sorted(recipe.mask.items()):
        told.append(f"{labels.get(group, group).capitalize()} comes from {parents[index]}.")
    if recipe.mutation_rate >= 0.005:
        told.append(f"Then it was surprised by chance, with a strength of {recipe.mutation_rate:.0%}.")
    moved = [f"{labels.get(slider, slider).lower()} {amount:+.0%}" for slider, amount in sorted(recipe.edits.items()) if amount]
    if moved:
        told.append(f"By hand: {_join(moved)}.")
    for choice, value in sorted(recipe.choices.items()):
        told.append(f"{labels.get(choice, choice).capitalize()}, chosen by hand: {value.replace('-', ' ')}.")
    if recipe.psi is not None and recipe.psi != 1:
        told.append(f"It was drawn {'closer to' if recipe.psi < 1 else 'farther from'} what is typical of its species.")
    return told


def _tell_finish(artwork: Artwork) -> list[str]:
    """What was done to the picture after the net, but for enlarging, which is done to all."""
    try:
        finishing = artwork.read_genome().finishing
    except Refused:
        return []
    steps = [STEPS[name].label.lower() for name, _settings in finishing if name in STEPS and name != "resolution"]
    return [f"Finished with {_join(steps)}."] if steps else []


def _labels(generator: str) -> dict[str, str]:
    """What people call the gene groups and sliders; nothing when the species is not here any more."""
    try:
        space = species(generator).space
    except Refused:
        return {}
    return {named.key: named.label for named in (*space.groups, *space.sliders, *space.choices)}
