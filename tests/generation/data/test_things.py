import pytest

from generation.data.things import KEPT, LEFT_OUT, OTHER_CATEGORIES, why_left_out


def test_animals_food_and_objects_are_kept():
    reasons = why_left_out({"Food & Drink": ["pear"], "Animals & Nature": ["owl", "fox"]})
    assert reasons == {"fox": "", "owl": "", "pear": ""}


@pytest.mark.parametrize(
    ("category", "name", "reason"),
    [
        ("People & Body", "waving-hand", "shows people"),
        ("Flags", "chequered-flag", "a sign"),
        ("Travel & Places", "five-oclock", "a clock"),
        ("Travel & Places", "sunset", "a scene"),
        ("Objects", "ledger", "fine print"),
    ],
)
def test_what_is_no_single_thing_is_left_out_with_a_reason(category, name, reason):
    assert reason in why_left_out({category: [name]})[name]


def test_no_emoji_has_two_reasons():
    listed = [name for names in LEFT_OUT.values() for name in names.split()]
    assert len(listed) == len(set(listed))
    assert not set(KEPT) & set(OTHER_CATEGORIES)
