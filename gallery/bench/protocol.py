"""The requests of the bench's socket, parsed from the untrusted text that browsers send."""

import json
from dataclasses import dataclass
from typing import Any

from gallery.bench.looks import Look, values_of
from generation.breeding import BROOD_SIZE
from generation.genome import MAX_PARENTS, Recipe
from generation.pedigree import Pedigree
from generation.refusal import Refused
from generation.words import word

MAX_TEXT = 72 * 1024  # Characters; the longest valid message, a pedigree of 64 steps, is shorter.
MAX_ID = 2**32 - 1  # Ids travel back in four bytes before each frame.
MIN_SIZE, MAX_SIZE, DEFAULT_SIZE = 64, 768, 256
SEEDLING_SIZE = 192
LOOK_SIZE = 112
MAX_BROOD = 24
MAX_LOOKS = 32
MAX_KEY = 40  # Characters of the name of a step, a choice or a value.
DEFAULT_SIZES = {"recipe": DEFAULT_SIZE, "brood": SEEDLING_SIZE, "looks": LOOK_SIZE}
KEYS = {
    "recipe": {"id", "recipe", "size"},
    "brood": {"id", "brood", "count", "size"},
    "parents": {"id", "parents", "chosen"},
    "looks": {"id", "looks", "step", "setting", "choice", "values", "size"},
}


@dataclass(frozen=True)
class FrameRequest:
    """One frame of the child that `recipe` gives.

    size: the edge in pixels, 64 to 768. is_seedling: whether it shows one of a brood (or a parent's
    portrait). look: what is changed about the child. Seedlings and looks give way to what the
    sliders ask for.
    """

    id: int
    recipe: Recipe
    size: int
    is_seedling: bool = False
    look: Look | None = None

    @property
    def gives_way(self) -> bool:
        return self.is_seedling or self.look is not None


@dataclass(frozen=True)
class BroodRequest:
    """`count` seedlings around `recipe`; their frames carry the ids from `id` on."""

    id: int
    recipe: Recipe
    size: int
    count: int


@dataclass(frozen=True)
class LooksRequest:
    """The child of `recipe` with each of these looks; their frames carry the ids from `id` on."""

    id: int
    recipe: Recipe
    size: int
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class ParentsRequest:
    """Other parents: the genomes at the positions `chosen` of the pedigree.

    Positions count its roots first, then the children of its steps.
    """

    id: int
    pedigree: Pedigree
    chosen: tuple[int, ...]


def read(
    text: str | None, *, parents: int
) -> FrameRequest | BroodRequest | LooksRequest | ParentsRequest:
    """Parse one message. parents: how many are on the bench; recipes must have as many weights.

    Raises Refused with a sentence that names the fix; `read_id` finds the id for the answer.
    """
    data = _load(text)
    kinds = [kind for kind in KEYS if kind in data]
    if len(kinds) != 1:
        raise Refused(
            "A message must have exactly one of the keys recipe, brood, looks and parents."
        )
    kind = kinds[0]
    unknown = sorted(key[:40] for key in set(data) - KEYS[kind])
    if unknown:
        raise Refused("The message has unknown keys: {unknown}.", unknown=", ".join(unknown[:5]))
    number = _whole(data.get("id"), word("The id"), low=0, high=MAX_ID)
    if kind == "parents":
        pedigree = Pedigree.from_json(data["parents"])
        return ParentsRequest(number, pedigree, _read_chosen(data.get("chosen"), pedigree))
    if not parents:
        raise Refused("Choose one to four parents first.")
    recipe = Recipe.from_json(data[kind], parents=parents)
    size = _whole(
        data.get("size", DEFAULT_SIZES[kind]), word("The size"), low=MIN_SIZE, high=MAX_SIZE
    )
    if kind == "recipe":
        return FrameRequest(number, recipe, size)
    if kind == "looks":
        looks = _read_looks(data)
        _check_last_id(number, len(looks))
        return LooksRequest(number, recipe, min(size, SEEDLING_SIZE), looks)
    count = _whole(data.get("count", BROOD_SIZE), word("The count"), low=1, high=MAX_BROOD)
    _check_last_id(number, count)
    return BroodRequest(number, recipe, size, count)


def read_id(text: str | None) -> int | None:
    """The id of a message that was refused, if it can be read at all."""
    try:
        return _whole(_load(text).get("id"), word("The id"), low=0, high=MAX_ID)
    except Refused:
        return None


def _load(text: str | None) -> dict[str, Any]:
    if text is None:
        raise Refused("Messages must be JSON text, not binary data.")
    if len(text) > MAX_TEXT:
        raise Refused("A message must be at most {max_text} characters long.", max_text=MAX_TEXT)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):  # Not JSON, a huge number, or endless brackets.
        raise Refused("A message must be JSON.") from None
    if not isinstance(data, dict):
        raise Refused("A message must be a JSON object.")
    return data


def _whole(value: Any, name: str, *, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Refused(
            "{name} must be a whole number from {low} to {high}.", name=name, low=low, high=high
        )
    return value


def _check_last_id(first: int, count: int) -> None:
    if first + count - 1 > MAX_ID:
        raise Refused("The ids of a brood must end at {max_id} or before.", max_id=MAX_ID)


def _read_looks(data: dict[str, Any]) -> tuple[Look, ...]:
    """The looks of a message: values of one finishing step, or of one gene choice."""
    names = ("step", "setting", "choice")
    step, setting, choice = (_key(data.get(name, ""), name) for name in names)
    if bool(step) == bool(choice):
        raise Refused("Looks must name either a step or a choice.")
    if setting and not step:
        raise Refused("There are no looks of “{setting}”.", setting=setting)
    values = data.get("values")
    if not isinstance(values, list) or not 1 <= len(values) <= MAX_LOOKS:
        raise Refused("Ask for 1 to {max_looks} looks.", max_looks=MAX_LOOKS)
    known = values_of(step, setting) if step else None
    for value in values:
        _key(value, "values")
        if known is not None and value not in known:
            raise Refused("There is no look “{value}”.", value=value)
    return tuple(Look(value, step=step, choice=choice, setting=setting) for value in values)


def _key(value: Any, name: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_KEY:
        raise Refused("{name} must be a short text.", name=name)
    return value


def _read_chosen(value: Any, pedigree: Pedigree) -> tuple[int, ...]:
    """The positions of the parents; by default the last child, or the roots where there is none."""
    positions = len(pedigree.roots) + len(pedigree.steps)
    if value is None:
        value = [positions - 1] if pedigree.steps else list(range(positions))[:MAX_PARENTS]
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_PARENTS:
        raise Refused("Choose 1 to {max_parents} parents.", max_parents=MAX_PARENTS)
    chosen = tuple(
        _whole(position, word("A chosen position"), low=0, high=positions - 1) for position in value
    )
    if len(set(chosen)) != len(chosen):
        raise Refused("The same parent was chosen twice.")
    return chosen
