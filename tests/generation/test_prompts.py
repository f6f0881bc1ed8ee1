"""Prompts: what is kept of people's words, and how those of several parents come together."""

import pytest

from generation.genome import Genome
from generation.prompts import (
    MAX_PROMPTS,
    MAX_WORDS,
    blend_avoided,
    blend_prompts,
    clean_words,
    read_prompts,
)
from generation.refusal import Refused

FOX, BOAT = (("a red fox", 1.0),), (("a paper boat", 1.0),)


def test_words_become_one_clean_line():
    assert clean_words("  a\tred\n\nfox\x00\x1b[31m\u202e \u200b") == "a red fox[31m"
    assert clean_words("0 \x1b 0") == "0 0"
    assert clean_words("ein Fuchs im Gebu\u0308sch") == "ein Fuchs im Geb\xfcsch"
    assert clean_words("雪の中の狐 👩\u200d🚀") == "雪の中の狐 👩\u200d🚀"
    assert clean_words("x" * MAX_WORDS) == "x" * MAX_WORDS


@pytest.mark.parametrize("words", ["", " \n", "\x00\x07", "\u200d", "x" * 100_000])
def test_no_words_and_too_many_are_refused_in_a_sentence(words):
    with pytest.raises(Refused, match=r"(Write at least one word|shorten them to 400)\.$"):
        clean_words(words)


@pytest.mark.parametrize(
    "value",
    [
        "a fox",
        [["a fox"]],
        [["a fox", 1, 2]],
        [["a fox", 0]],
        [["a fox", -1]],
        [["a fox", True]],
        [["a fox", float("nan")]],
        [["a fox", float("inf")]],
        [[7, 1.0]],
        [["", 1.0]],
        [["a fox", 1.0]] * (MAX_PROMPTS + 1),
    ],
)
def test_what_is_no_prompts_is_refused_everywhere(value):
    with pytest.raises(Refused):
        read_prompts(value)
    stored = Genome("dreams", "d", [1.0]).to_json()
    with pytest.raises(Refused):
        Genome.from_json(stored | {"prompts": value})


def test_a_genome_holds_prompts_and_tells_works_apart_by_them():
    plain, fox, boat = (Genome("dreams", "d", [1.0], prompts=each) for each in ((), FOX, BOAT))
    assert "prompts" not in plain.to_json()
    assert len({plain.identity, fox.identity, boat.identity}) == 3
    assert Genome.from_json(fox.to_json()) == fox
    assert Genome.from_json(fox.to_json()).prompts == FOX


def test_a_blend_has_the_words_of_all_parents_by_their_weights():
    assert blend_prompts([FOX, BOAT], (0.25, 0.75)) == (("a paper boat", 0.75), ("a red fox", 0.25))
    assert blend_prompts([FOX, FOX], (0.25, 0.75)) == FOX
    both = blend_prompts([FOX, BOAT], (0.5, 0.5))
    assert blend_prompts([both, FOX], (1.0, 0.0)) == both
    again = dict(blend_prompts([both, FOX], (0.5, 0.5)))
    assert again == pytest.approx({"a red fox": 0.75, "a paper boat": 0.25})


def test_a_blend_of_many_words_drops_those_that_count_least():
    many = tuple((f"thing {n}", float(n)) for n in range(1, MAX_PROMPTS + 1))
    kept = dict(blend_prompts([many, FOX], (0.5, 0.5)))
    assert len(kept) == MAX_PROMPTS and "thing 1" not in kept and "a red fox" in kept
    assert sum(kept.values()) == pytest.approx(1)
    assert kept["thing 8"] / kept["thing 4"] == pytest.approx(2)


def test_a_genome_holds_what_it_keeps_away_from():
    plain, away = (
        Genome("dreams", "d", [1.0], prompts=FOX),
        Genome("dreams", "d", [1.0], prompts=FOX, avoided=BOAT),
    )
    assert "avoided" not in plain.to_json() and plain.identity != away.identity
    assert Genome.from_json(away.to_json()) == away
    too_much = [["a boat", 0.7], ["a fox", 0.7]]
    with pytest.raises(Refused, match="at most 1"):
        Genome.from_json(plain.to_json() | {"avoided": too_much})


def test_a_parent_that_keeps_away_from_nothing_counts_too():
    assert blend_avoided([FOX, ()], (0.25, 0.75)) == (("a red fox", 0.25),)
    assert blend_avoided([FOX, ()], (1.0, 0.0)) == FOX
    assert blend_avoided([FOX, ()], (0.0, 1.0)) == ()
    many = [((f"word {number}", 1.0),) for number in range(MAX_PROMPTS + 2)]
    blended = blend_avoided([*many, ()], [0.05] * len(many) + [0.5])
    assert len(blended) == MAX_PROMPTS
    assert sum(weight for _, weight in blended) == pytest.approx(0.5)
