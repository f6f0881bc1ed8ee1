"""Search by words."""

import pytest

from gallery.models import Artwork, ArtworkWord
from gallery.search import fold, index_words, search
from tests.factories import make_artwork

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
    index_words(work)
    assert set(ArtworkWord.objects.values_list("word", flat=True)) == {"moss", "and", "snow"}


def test_long_words_are_cut_to_the_column():
    assert [len(word) for word in fold("x" * 300)] == [40]


def test_a_word_of_many_works_is_looked_for_in_another_way_with_the_same_answer(monkeypatch):
    older, newer = make_artwork(title="Quiet moss"), make_artwork(title="Moss and mossy fern")
    make_artwork(title="Fern")
    few = [list(search(query, Artwork.objects.all())) for query in ("moss", "mos", "fern moss", "moss nothing")]
    monkeypatch.setattr("gallery.search.MANY", 1)
    many = [list(search(query, Artwork.objects.all())) for query in ("moss", "mos", "fern moss", "moss nothing")]
    assert many == few == [[newer, older], [newer, older], [newer], []]
