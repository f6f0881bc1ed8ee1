"""Catalogues of translations: collecting, keeping, filling and compiling them."""

import gettext
import json
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from gallery.i18n import catalogues
from gallery.i18n.catalogues import Found
from gallery.i18n.extraction import (
    words_of_card,
    words_of_python,
    words_of_script,
    words_of_template,
)


@pytest.fixture
def locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> Path:
    """The folder of a language with empty catalogues."""
    settings.LOCALE_PATHS = [tmp_path / "compiled"]
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    for domain in catalogues.DOMAINS:
        (folder / f"{domain}.po").touch()
    monkeypatch.setattr(catalogues, "LOCALE_DIR", tmp_path)
    return folder


def ids(found: list[Found]) -> list:
    return [each.id for each in found]


def test_words_of_a_template_are_found():
    source = (
        '<p title="it\'s {% translate "Hello" %}">{% blocktranslate trimmed count n=x %}One\n of {{'
        ' n }}{% plural %}{{ n }}{% endblocktranslate %}\n    ( {{ _("Hey") }} {% translate "May"'
        ' context "month" %}'
    )
    assert ids(words_of_template(source)) == ["Hello", ("One of %(n)s", "%(n)s"), "Hey", "May"]
    assert words_of_template(source)[-1].context == "month"


def test_words_of_python_are_found_across_lines():
    source = (
        'gettext("One "\n  "text"); ngettext("{n} a", "{n} b", n); Refused("No {x}.", x=1);'
        ' word("Lino"); gettext(name)'
    )
    assert ids(words_of_python(source)) == ["One text", ("{n} a", "{n} b"), "No {x}.", "Lino"]


def test_words_of_a_module_and_of_a_card_are_found():
    assert ids(
        words_of_script(
            'say(gettext("Done.")); `${gettext("In a hole")}`; ngettext("{n} a", "{n} b", n)'
        )
    ) == [
        "Done.",
        "In a hole",
        ("{n} a", "{n} b"),
    ]
    slider = {"key": "x", "label": "Tint", "low_label": "cool"}
    card = {"name": "Creatures", "licence": "CC0", "kinds": ["bag"], "sliders": [slider]}
    assert sorted(ids(words_of_card(card))) == ["Creatures", "Tint", "bag", "cool"]


def test_an_update_keeps_translations_and_drops_what_is_gone(locale: Path):
    path = locale / "django.po"
    catalogues.update(path, [Found("Hello", "a.html"), Found("Bye", "a.html")])
    catalog = catalogues.load(path)
    catalogues.fill(
        catalog, [{"id": "Hello", "translation": "你好"}, {"id": "Bye", "translation": "再见"}]
    )
    catalogues.save(catalog, path)
    new, dropped = catalogues.update(
        path, [Found("Hello", "b.html"), Found(("{n} a", "{n} b"), "b.html")]
    )
    assert (new, dropped) == (1, 1)
    assert [
        (message.id, message.string) for message in catalogues.texts(catalogues.load(path))
    ] == [
        ("Hello", "你好"),
        (("{n} a", "{n} b"), ("",)),
    ]


def test_an_equal_text_of_another_meaning_has_its_own_translation(locale: Path):
    path = locale / "django.po"
    catalogues.update(path, [Found("May", "a.html"), Found("May", "a.html", context="month")])
    catalog = catalogues.load(path)
    assert catalogues.fill(catalog, [{"id": "May", "context": "month", "translation": "五月"}]) == 1
    assert [message.context for message in catalogues.untranslated(catalog)] == [None]


def test_compiled_words_are_read_by_gettext_and_made_anew_only_when_stale(locale: Path):
    path = locale / "django.po"
    catalogues.update(path, [Found("Hello", "a.html")])
    catalog = catalogues.load(path)
    catalogues.fill(catalog, [{"id": "Hello", "translation": "你好"}])
    catalogues.save(catalog, path)
    compiled = catalogues.compiled_path(path)
    assert compiled in catalogues.compile_stale()
    assert catalogues.compile_stale() == []
    with compiled.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Hello") == "你好"
    os.utime(path, (0, 0))  # Another version of the site, older than what was compiled here.
    assert compiled in catalogues.compile_stale()
    assert not list(locale.glob("*.mo"))  # Nothing is written beside the code.


def test_a_chunk_goes_out_and_comes_back_translated(
    locale: Path, tmp_path: Path, capsys: pytest.CaptureFixture
):
    call_command("collect_words")
    chunk = tmp_path / "chunk.json"
    call_command("collect_words", export=chunk, skip=3, limit=2)
    answer = json.loads(chunk.read_text(encoding="utf-8"))
    assert len(answer) == 2 and all(each["translation"] == "" for each in answer)
    for each in answer:
        each["translation"] = "好"
    chunk.write_text(json.dumps(answer), encoding="utf-8")
    call_command("collect_words", source=chunk)
    assert "2 translations imported" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "{", '{"id": "x"}', "[1]", '[{"translation": "x"}]'])
def test_a_damaged_chunk_is_refused_and_changes_nothing(locale: Path, tmp_path: Path, content: str):
    chunk = tmp_path / "chunk.json"
    chunk.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match="--export|Cannot read"):
        call_command("collect_words", source=chunk)
    assert (locale / "django.po").read_bytes() == b""


def test_an_unknown_language_is_named(locale: Path):
    with pytest.raises(CommandError, match="Begin the language"):
        call_command("collect_words", locale="xx")
