"""Texts of people: what is dropped, what scripts and emoji keep, and the addresses of tags."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.models.texts import clean_line, clean_text, slug_of

FAMILY = "👩\u200d👩\u200d👧"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
TEXTS = st.text(
    st.characters()
    | st.sampled_from("\r\n\t\x0b\x00\u202e\u2066\u200b\u200d\u3164\ufffe\u0301é👩\u094d\ud800")
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("vertical\x0btab \x01 ctrl\x00", "vertical tab ctrl"),
        ("evil \u202edetrevni", "evil detrevni"),
        ("\u2067turned\u2069 \u202around\u202c", "turned round"),
        ("in\u200bvis\u2060ible\ufeff s\u00adoft", "invisible soft"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("no\ufffecharacter\U0001ffff", "nocharacter"),
        ("Cafe\u0301", "Café"),
        ("  two\n lines ", "two lines"),
        ("a\u200db", "ab"),
        (f"H{chr(0x301) * 300}i", f"H{chr(0x301) * 8}i"),
        ("tag\U000e0041\U000e0042s", "tags"),
    ],
)
def test_a_line_keeps_what_can_be_read(typed: str, kept: str):
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian needs its non-joiner,
        "ක්\u200dෂ",  # Sinhala its joiner,
        f"{FAMILY} ❤️ {SCOTLAND} 1️⃣ 🏳️\u200d🌈",  # and emoji both joiners and selectors.
        "شعر \u200fC++\u200f",
        "红花2",
        "C#",
        "e̊",
    ],
)
def test_scripts_and_emoji_keep_what_they_need(text: str):
    assert clean_line(text) == text


@pytest.mark.parametrize(
    "text", ["\u200b\u2060", "\u3164\u3164", "\u2800", " \u0301\ufe0f", "\u202e", "\u200f", "\x00"]
)
def test_a_text_without_anything_visible_is_empty(text: str):
    assert clean_line(text) == clean_text(text) == ""


def test_a_text_of_several_lines_keeps_its_lines_and_tabs():
    assert clean_text("one\r\n\ttwo\rthree\u2028four\x0bfive\n\n") == (
        "one\n\ttwo\nthree\nfour\nfive"
    )


@given(TEXTS)
def test_what_is_clean_stays_as_it_is(text: str):
    for clean in (clean_line, clean_text):
        once = clean(text)
        assert clean(once) == once
        assert unicodedata.is_normalized("NFC", once)
        once.encode()  # No lone surrogates.
        assert not {
            unicodedata.category(letter) for letter in once.replace("\n", "").replace("\t", "")
        } & {
            "Cc",
            "Cs",
        }


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Red Flower", "red-flower"),
        ("red_flower", "red_flower"),
        ("红花2", "红花2"),
        ("ＣＯＬＯＲ　１", "color-1"),
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
        ("C++", "c++"),
        ("C#", "c#"),
        ("AC/DC", "ac-dc"),
        ("❤️", "❤"),
        ("Ünïcode", "ünïcode"),
        ("..", ""),
        ("?!", ""),
        ("\u200b", ""),
    ],
)
def test_a_slug_is_the_folded_text_in_its_own_script(name: str, slug: str):
    assert slug_of(name) == slug
