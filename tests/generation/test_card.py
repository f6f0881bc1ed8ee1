"""What a card may say: one sentence for each mistake, and what the licence of a net allows."""

import pytest

from generation.card import KNOWN, NC, RESERVED, SA, USES, WORKS, problem_of, terms_of
from generation.checkpoints import catalogue

CARD = {
    "key": "dreams",
    "name": "Dreams",
    "medium": "picture",
    "architecture": "patterns",
    "version": 1,
    "licence": "MIT",
    "credit": "us",
    "description": "Dreamt.",
}


@pytest.mark.parametrize(
    ("licence", "use", "works"),
    [
        ("CC0-1.0", "commercial", WORKS),
        ("CC0 1.0 Universal", "commercial", WORKS),
        ("CC BY 4.0", "commercial", WORKS),
        ("MIT License", "commercial", WORKS),
        ("Apache-2.0", "commercial", WORKS),
        ("CreativeML-OpenRAIL-M", "commercial", WORKS),
        ("CreativeML Open RAIL++-M", "research", (RESERVED,)),  # Misspelt, so unknown.
        ("OpenRAIL++-M", "commercial", WORKS),
        ("Stability AI Community License", "commercial", WORKS),
        ("stabilityai-ai-community", "commercial", WORKS),
        ("CC-BY-SA-4.0", "commercial", (SA,)),
        ("GPL-3.0-or-later", "commercial", (SA,)),
        ("GPL 3.0", "commercial", (SA,)),
        ("CC BY-NC 4.0", "non-commercial", (NC, RESERVED)),
        ("CC-BY-NC-SA-4.0", "non-commercial", (NC,)),
        ("FLUX.1 [dev] Non-Commercial License v1.1", "non-commercial", (NC, RESERVED)),
        ("NVIDIA Source Code License-NC", "research", (NC, RESERVED)),
        ("NVIDIA Source Code License (non-commercial)", "research", (NC, RESERVED)),
        ("as stated by their owner", "research", (RESERVED,)),
        ("CC-BY-NC-ND-4.0", "research", (RESERVED,)),
    ],
)
def test_a_licence_says_what_a_net_and_its_works_may_be_used_for(licence, use, works):
    terms = terms_of(CARD | {"licence": licence})
    assert problem_of(CARD | {"licence": licence}) == ""
    assert (terms.licence, terms.use, terms.works) == (licence, use, works)
    assert terms.is_known == (works != (RESERVED,))


def test_no_net_that_may_not_be_sold_or_is_copyleft_gives_free_works():
    for name, rule in KNOWN.items():
        if rule.use != "commercial" or name in ("gpl", "agpl", "cc-by-sa"):
            assert not {"CC0-1.0", "CC-BY-4.0"} & set(rule.works), name
        assert rule.works and set(rule.works) <= set(WORKS)


def test_the_shipped_species_leave_every_licence_open():
    for checkpoint in catalogue().values():
        terms = checkpoint.terms
        assert (terms.use, terms.works) == ("commercial", WORKS)
        assert terms.is_exact and not terms.has_age_gate and terms.largest_batch is None


@pytest.mark.parametrize(
    ("said", "use", "works"),
    [
        ({"use": "non-commercial"}, "non-commercial", (NC, RESERVED)),
        ({"use": "research"}, "research", (NC, RESERVED)),
        ({"works": [RESERVED, NC]}, "commercial", (NC, RESERVED)),
        ({"licence": "GPL-3.0", "works": [SA]}, "commercial", (SA,)),
        ({"licence": "CC-BY-NC-4.0", "use": "research"}, "research", (NC, RESERVED)),
        ({"licence": "CC-BY-NC-4.0", "works": [NC]}, "non-commercial", (NC,)),
        ({"licence": "ours", "works": [NC]}, "research", (NC,)),
        ({"licence": "ours", "use": "commercial", "works": [SA]}, "commercial", (SA,)),
        ({"licence": "ours", "use": "commercial"}, "commercial", (RESERVED,)),
    ],
)
def test_a_card_may_narrow_its_licence_and_speaks_for_an_unknown_one(said, use, works):
    assert problem_of(CARD | said) == ""
    terms = terms_of(CARD | said)
    assert (terms.use, terms.works) == (use, works)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"licence": ["MIT"]}, "must be an identifier"),
        ({"use": "fun"}, "must be one of commercial, non-commercial, research"),
        ({"use": ["research"]}, "must be one of"),
        ({"licence": "CC-BY-NC-4.0", "use": "commercial"}, "allows more than its licence"),
        ({"licence": "NVIDIA Source Code License", "use": "non-commercial"}, "allows more"),
        ({"works": []}, "must be a list of some of"),
        ({"works": "CC0-1.0"}, "must be a list of some of"),
        ({"works": ["CC0"]}, "must be a list of some of"),
        ({"works": [["CC0-1.0"]]}, "must be a list of some of"),
        ({"licence": "GPL-3.0", "works": ["CC0-1.0"]}, "CC0-1.0, which its licence does not"),
        ({"licence": "CC-BY-NC-4.0", "works": ["CC-BY-4.0"]}, "which its licence does not"),
        ({"licence": "ours", "works": ["CC-BY-4.0"]}, "“use” is not commercial"),
        ({"use": "non-commercial", "works": ["CC0-1.0"]}, "“use” is not commercial"),
        ({"age_gate": "yes"}, "“age_gate”"),
        ({"exact": "no"}, "“exact”"),
        ({"exact": 0}, "“exact”"),
        ({"seconds": -1}, "“seconds”"),
        ({"seconds": "long"}, "“seconds”"),
        ({"seconds": True}, "“seconds”"),
        ({"largest_batch": 0}, "“largest_batch”"),
        ({"moving_size": 32}, "“moving_size”"),
        ({"moving_size": 4096}, "“moving_size”"),
        ({"largest_batch": True}, "“largest_batch”"),
        ({"weights_sha256": "abc"}, "“weights_sha256”"),
        ({"weights_sha256": 3}, "“weights_sha256”"),
        ({"files": ["net"]}, "“files”"),
        ({"files": {"net": "abc"}}, "“net” in its card.json must be 64"),
        ({"files": {"net": None}}, "must be 64"),
        ({"source": "models/net"}, "absolute path"),
        ({"source": "~/net"}, "absolute path"),
        ({"source": ""}, "absolute path"),
        ({"source": 3}, "absolute path"),
    ],
)
def test_each_mistake_gets_one_sentence_and_the_terms_stay_strict(said, sentence):
    problem = problem_of(CARD | said)
    assert sentence in problem and problem.endswith(".") and problem.count("card.json") == 1
    terms = terms_of(CARD | said)
    assert terms.works and set(terms.works) <= set(WORKS) and terms.use in USES
    assert terms.seconds == 0 and terms.largest_batch is None


def test_several_mistakes_are_told_at_once():
    problem = problem_of(CARD | {"age_gate": 1, "largest_batch": 0})
    assert "age_gate" in problem and "largest_batch" in problem


def test_terms_of_an_unsound_card_allow_nothing_that_its_licence_does_not():
    sold = {"licence": "CC-BY-NC-4.0", "use": "commercial", "works": ["CC0-1.0"]}
    assert terms_of(CARD | sold).works == (RESERVED,)
    assert terms_of({}).works == (RESERVED,)


def test_a_net_that_differs_between_machines_and_takes_long_says_so():
    terms = terms_of(CARD | {"exact": False, "largest_batch": 4, "age_gate": True, "seconds": 7.5})
    assert (terms.is_exact, terms.seconds) == (False, 7.5)
    assert terms.largest_batch == 4 and terms.has_age_gate


def test_the_measured_share_that_older_tunes_call_exact_is_no_mistake():
    assert problem_of(CARD | {"exact": 0.9319}) == ""
    assert terms_of(CARD | {"exact": 0.9319}).is_exact
