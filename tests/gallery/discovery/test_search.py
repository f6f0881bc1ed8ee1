"""Search by words."""

import pytest
from django.db import connection

from gallery.discovery.search import (
    index_words,
    index_works_of,
    search,
    unindex_deleted,
    unindex_words,
)
from gallery.models import Artwork, text_index
from gallery.models.text_index import fold
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db


def found(query: str) -> list[str]:
    return [work.title for work in search(query, Artwork.objects.listed())]


def test_words_are_found_whatever_their_case_and_accents():
    make_artwork(title="Émail Süß")
    assert found("EMAIL") == found("émail") == found("suss") == found("süß") == ["Émail Süß"]


def test_all_words_must_fit_and_the_last_one_may_be_a_beginning():
    make_artwork(title="Silver moth"), make_artwork(title="Silver mask")
    assert found("silver mo") == ["Silver moth"]
    assert found("sil moth") == []
    assert found("silver") == ["Silver mask", "Silver moth"]


@pytest.mark.parametrize("word", ["zz", "jazz", "room9", "9", "мох", "мо", "花"])
def test_beginnings_are_found_in_every_alphabet(word):
    make_artwork(title="Other"), make_artwork(title=f"{word}更" if word == "花" else f"{word}a9z")
    assert len(found(word)) == 1


def test_titles_tags_and_descriptions_are_searched():
    make_artwork(title="One", tags=["Deep Sea"], description="Made in the rain.")
    assert found("one") == found("deep sea") == found("rain") == ["One"]


def test_nothing_to_search_for_finds_nothing():
    make_artwork(title="One")
    assert found("") == found("  ?! ") == []


def test_signs_of_a_pattern_language_mean_nothing():
    make_artwork(title="One")
    assert found("%") == found("_ne") == found("'; --") == []
    assert found("o%") == ["One"]


def test_indexing_again_follows_the_work():
    work = make_artwork(title="Moss and rain")
    work.title = "Moss and snow"
    work.save()
    index_words(work)
    assert found("snow") == ["Moss and snow"] and found("rain") == []


def test_long_words_are_cut_to_the_column():
    assert [len(word) for word in fold("x" * 300)] == [40]


def test_a_word_of_many_works_is_looked_for_in_another_way_with_the_same_answer(monkeypatch):
    older, newer = make_artwork(title="Quiet moss"), make_artwork(title="Moss and mossy fern")
    make_artwork(title="Fern")
    few = [
        list(search(query, Artwork.objects.all()))
        for query in ("moss", "mos", "fern moss", "moss nothing")
    ]
    monkeypatch.setattr(text_index, "MANY", 1)
    many = [
        list(search(query, Artwork.objects.all()))
        for query in ("moss", "mos", "fern moss", "moss nothing")
    ]
    assert many == few == [[newer, older], [newer, older], [newer], []]


@pytest.mark.parametrize("query", ["月光", "月", "光の", "庭", "月光の庭", "庭園"])
def test_words_of_languages_without_spaces_are_found_by_any_part(query):
    make_artwork(title="花と鳥"), make_artwork(title="月光の庭園")
    assert found(query) == ["月光の庭園"]


def test_characters_that_do_not_stand_together_are_not_found():
    make_artwork(title="月光の庭園")
    assert found("月庭") == found("光月") == []


def test_korean_words_are_found_without_their_endings_and_mixed_with_others():
    make_artwork(title="고양이는 2026 moon")
    assert found("고양이") == found("2026 고양") == found("moon 양이") == ["고양이는 2026 moon"]


def test_japanese_voicing_tells_words_apart():
    make_artwork(title="かき"), make_artwork(title="かぎ")
    assert found("かぎ") == ["かぎ"]


def test_makers_are_found_by_both_their_names_and_under_a_new_one():
    ada = make_user("ada", display_name="Countess Lovelace")
    make_artwork(ada, title="Engine")
    assert found("ada engine") == found("lovelace") == ["Engine"]
    ada.display_name = "Augusta"
    ada.save()
    index_works_of(ada)
    assert found("augusta") == ["Engine"] and found("lovelace") == []


def test_a_work_that_is_gone_leaves_no_words():
    kept, forgotten, gone = (make_artwork(title=f"Moss {number}") for number in range(3))
    unindex_words(forgotten)
    Artwork.objects.filter(pk=gone.pk).delete()
    unindex_deleted()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {text_index._key()} FROM {text_index.TABLE}")
        assert cursor.fetchall() == [(kept.pk,)]


@pytest.mark.parametrize(
    "query",
    [
        'moss" OR "fern',
        "moss' | 'fern",
        "moss OR fern",
        "NEAR(moss fern)",
        "words : moss",
        "mo*ss",
        "\\ud800",
        "\U0001d52a moss fern",
    ],
)
def test_the_query_languages_of_databases_mean_nothing(query):
    make_artwork(title="Moss"), make_artwork(title="Fern")
    assert found(query) == []


def test_a_text_of_a_megabyte_is_indexed_by_its_first_words():
    make_artwork(
        title="Long", description="moss " + " ".join(f"w{number}" for number in range(200_000))
    )
    assert found("w5") == ["Long"] and found("w199999") == []
