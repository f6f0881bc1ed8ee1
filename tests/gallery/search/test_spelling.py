"""Distances of words, and the keys under which known words are looked up."""

import pytest

from gallery.discovery.search import index_words, unindex_words
from gallery.models import SpellingKey
from gallery.models.spelling import is_spelt, keys_of, remember
from gallery.search.spelling import correct, edit_distance
from tests.factories import make_artwork


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        ("moss", "moss", 0),
        ("moss", "mos", 1),
        ("moss", "mosss", 1),
        ("moss", "mass", 1),
        ("moss", "msos", 1),
        ("periwinkel", "periwinkle", 1),
        ("moss", "fern", 4),
    ],
)
def test_distances_count_letters_missing_added_wrong_and_swapped(first, second, distance):
    assert edit_distance(first, second) == edit_distance(second, first) == distance


def test_words_one_letter_apart_share_a_key():
    for other in ("mos", "mosss", "mass", "msos"):
        assert set(keys_of("moss")) & set(keys_of(other))


def test_numbers_short_words_and_scripts_without_spaces_are_not_corrected():
    assert [word for word in ("abc", "2024", "月光花园", "moss", "мхи1") if is_spelt(word)] == [
        "moss"
    ]


@pytest.mark.django_db
def test_words_are_remembered_once_and_an_unknown_query_stays_as_it_is():
    remember(["moss", "fern", "moss"])
    remember(["moss"])
    assert SpellingKey.objects.filter(key="moss").count() == 1
    assert correct("zzzzzz qqqq") == ""


@pytest.mark.django_db
def test_words_are_forgotten_once_they_stand_nowhere_any_more():
    first, second = make_artwork(title="Quince tayberry"), make_artwork(title="Quince fern")
    unindex_words(first)
    assert set(SpellingKey.objects.values_list("word", flat=True)) >= {"quince", "fern"}
    assert not SpellingKey.objects.filter(word="tayberry").exists()
    second.title = "Fern"
    index_words(second)
    assert not SpellingKey.objects.filter(word="quince").exists()
