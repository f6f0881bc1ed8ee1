"""Prompts: the words that a work was painted from, each with a weight.

A genome holds up to MAX_PROMPTS pairs (words, weight). Children of differently worded parents carry
the words of both; the weights say how much each counts. A genome may hold words to keep away from,
too. Their weights sum to at most 1, because some of the parents may have none.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from generation.refusal import Refused

Prompts = tuple[tuple[str, float], ...]
Part = TypeVar("Part")

MAX_PROMPTS = 8
MAX_WORDS = 400  # Characters; text encoders read about 75 tokens, which is less.
LONGEST_WORD = 40
# Controls, invisible format characters, halves of characters, private and unassigned ones.
NO_TEXT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
JOINERS = "\u200c\u200d"  # Persian, Hindi and emoji are spelt with them.


def clean_words(text: str) -> str:
    """One line of words without control characters.

    Raises Refused for words that are empty or too long.
    """
    if len(text) > MAX_WORDS:
        raise Refused(
            "The words have {n} characters; shorten them to {most}.", n=len(text), most=MAX_WORDS
        )
    words = cut_words(text)
    if not words:
        raise Refused("Write at least one word.")
    return words


def cut_words(text: str) -> str:
    """One line of words without control characters, cut where they are too long; may be empty."""
    spaced = re.sub(r"\s+", " ", text)
    kept = "".join(
        letter
        for letter in spaced
        if letter in JOINERS or unicodedata.category(letter) not in NO_TEXT
    )
    # Between two spaces there may have been nothing but what is not kept.
    words = unicodedata.normalize("NFC", re.sub(" +", " ", kept)).strip(f" {JOINERS}")
    if len(words) <= MAX_WORDS:
        return words
    # At the end of a word, if one ends near.
    cut = words[:MAX_WORDS]
    return (cut if " " not in cut[-LONGEST_WORD:] else cut[: cut.rindex(" ")]).rstrip(" ,")


def read_prompts(value: Any) -> Prompts:
    """Read untrusted prompts: pairs of words and a weight above 0. Raises Refused."""
    if not isinstance(value, list | tuple) or len(value) > MAX_PROMPTS:
        raise Refused(
            "A work is painted from at most {most} prompts, each with a weight.", most=MAX_PROMPTS
        )
    found = []
    for pair in value:
        if (
            not isinstance(pair, list | tuple)
            or len(pair) != 2
            or not isinstance(pair[0], str)
            or isinstance(pair[1], bool)
            or not isinstance(pair[1], int | float)
            or not (math.isfinite(pair[1]) and pair[1] > 0)
        ):
            raise Refused("A prompt must be a pair of words and a weight above 0.")
        found.append((clean_words(pair[0]), float(pair[1])))
    return tuple(found)


def read_avoided(value: Any) -> Prompts:
    """Read untrusted words to keep away from: prompts whose weights sum to at most 1."""
    found = read_prompts(value)
    if sum(weight for _, weight in found) > 1 + 1e-6:
        raise Refused("The weights of what a work keeps away from must sum to at most 1.")
    return found


def blend_parts(
    parents: Sequence[tuple[tuple[Part, float], ...]],
    weights: Sequence[float],
    *,
    most: int,
    name: Callable[[Part], str],
) -> tuple[tuple[Part, float], ...]:
    """What parents hold with weights that sum to at most 1, multiplied by those of the parents.

    Weights of the parents sum to 1. Of more than `most` parts, those that count least are dropped,
    and the others take over their weights. name: by which equally heavy parts are ordered. A
    parent's weight of 1 gives exactly its own parts.
    """
    total: dict[Part, float] = {}
    for parts, share in zip(parents, weights, strict=True):
        if share >= 1:
            return tuple(parts)
        for part, weight in parts:
            total[part] = total.get(part, 0.0) + float(share) * weight
    present = [(part, weight) for part, weight in total.items() if weight > 0]
    heaviest = sorted(present, key=lambda pair: (-pair[1], name(pair[0])))[:most]
    if len(heaviest) == len(present):
        return tuple(heaviest)
    grown = sum(weight for _, weight in present) / sum(weight for _, weight in heaviest)
    return tuple((part, weight * grown) for part, weight in heaviest)


def blend_avoided(parents: Sequence[Prompts], weights: Sequence[float]) -> Prompts:
    """What the parents keep away from, by their weights; see `blend_parts`."""
    return blend_parts(parents, weights, most=MAX_PROMPTS, name=str)


def blend_prompts(parents: Sequence[Prompts], weights: Sequence[float]) -> Prompts:
    """The words of all parents, their weights multiplied by those of the parents.

    Weights of the parents sum to 1. Of more than MAX_PROMPTS, those that count least are dropped.
    The weights of the result sum to 1; a parent's weight of 1 gives exactly its own prompts.
    """
    total: dict[str, float] = {}
    for prompts, share in zip(parents, weights, strict=True):
        if share >= 1:
            return tuple(prompts)
        whole = sum(weight for _, weight in prompts)
        for words, weight in prompts:
            total[words] = total.get(words, 0.0) + float(share) * weight / whole
    heaviest = sorted(
        ((words, weight) for words, weight in total.items() if weight > 0),
        key=lambda pair: (-pair[1], pair[0]),
    )[:MAX_PROMPTS]
    whole = sum(weight for _, weight in heaviest)
    return tuple((words, weight / whole) for words, weight in heaviest)
