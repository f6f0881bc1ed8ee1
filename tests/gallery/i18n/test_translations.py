"""Every word that people read can be translated, and is: in templates, sentences, ES modules, and
the catalogues.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from string import Formatter

import pytest

from gallery.i18n import catalogues
from gallery.i18n.extraction import ROOT, find_words, python_paths, script_paths, template_paths
from tests.bare_words import bare_in_python, bare_in_script, bare_in_template, pieced_in_python

# Works of the demo garden have names of their own; the API, and what is written into files for
# anybody, are English.
UNTRANSLATED = (
    "gallery/demo/",
    "gallery/api/",
    "gallery/sharing/provenance.py",
    "gallery/i18n/replaced_texts.py",  # Its texts are keys; the new ones are marked elsewhere.
)


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def assert_none(find: Callable[[str], Iterable[tuple[int, str]]], paths: Iterable[Path]) -> None:
    """Fail with file, line and text of everything that `find` reports in these files."""
    paths = list(paths)
    assert paths, "no files were found to look at"
    found = [
        f"{place(path)}:{line}: {text}"
        for path in paths
        for line, text in find(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(["", *found])


def placeholders(text: str) -> set[str]:
    """The holes of a text, of both kinds: %(name)s and {name}."""
    named = set(re.findall(r"%\((\w+)\)[sd]", text))
    try:
        braces = {
            field.split(".")[0].split("[")[0]
            for _, field, _, _ in Formatter().parse(text)
            if field is not None
        }
    except ValueError:
        braces = set()
    return {f"%{name}" for name in named} | {f"{{{name}" for name in braces}


def tags(text: str) -> list[str]:
    return sorted(re.findall(r"</?[a-z]+", text))


@pytest.mark.parametrize("path", catalogues.po_paths(), ids=place)
def test_the_catalogue_holds_exactly_what_the_code_says(path):
    known = {
        (message.id if isinstance(message.id, str) else message.id[0])
        for message in catalogues.texts(catalogues.load(path))
    }
    said = {
        (found.id if isinstance(found.id, str) else found.id[0]) for found in find_words(path.stem)
    }
    assert known == said, f"Run manage.py collect_words: {sorted(known ^ said)[:5]}"


@pytest.mark.parametrize("path", catalogues.po_paths(), ids=place)
def test_every_text_is_translated(path):
    missing = [message.id for message in catalogues.untranslated(catalogues.load(path))]
    assert not missing, f"{len(missing)} texts lack a translation: {missing[:5]}"


@pytest.mark.parametrize("path", catalogues.po_paths(), ids=place)
def test_translations_keep_the_holes_and_tags_of_the_text(path):
    wrong = []
    for message in catalogues.texts(catalogues.load(path)):
        forms = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = (
            [message.string] if isinstance(message.string, str) else list(message.string or ())
        )
        allowed = [placeholders(form) for form in forms]
        wrong += [
            string
            for string in strings
            if string
            and (
                placeholders(string) not in allowed
                or tags(string) not in [tags(form) for form in forms]
            )
        ]
    assert not wrong


def test_templates_have_no_bare_words():
    assert_none(bare_in_template, template_paths())


def test_texts_are_marked_as_one_literal():
    assert_none(pieced_in_python, python_paths())


def test_sentences_of_the_website_are_marked():
    website = [
        path
        for path in python_paths()
        if place(path).startswith("gallery/") and not place(path).startswith(UNTRANSLATED)
    ]
    assert_none(bare_in_python, website)


def test_modules_have_no_bare_words():
    assert_none(bare_in_script, script_paths())


@pytest.mark.parametrize(
    "source, found",
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ('<p title="Hello">{{ x }} px</p>', ["Hello"]),
        ('{{ x|default:"Nothing yet" }}', ["Nothing yet"]),
        ('{% include "a.html" with heading="Latest failures" %}', ["Latest failures"]),
        (
            (
                '<p>{% translate "Hello" %}</p>{% blocktranslate %}Hello{% endblocktranslate %}{{'
                ' x|default:_("No") }}'
            ),
            [],
        ),
        (
            (
                "{# A note #}<code>manage.py</code><script>const a = 1;</script>{% block main_class"
                " %}page wide{% endblock %}"
            ),
            [],
        ),
    ],
)
def test_bare_words_of_a_template_are_seen(source: str, found: list[str]):
    assert [text for _, text in bare_in_template(source)] == found


def test_bare_sentences_of_python_are_seen():
    source = (
        '"""A doc string."""\nsay("Your work is done.")\nsay(gettext("It is done."))\nlog.info("It'
        ' is done now.")\n'
    )
    assert list(bare_in_python(source)) == [(2, "Your work is done.")]
    pieced = pieced_in_python('gettext(f"{n} works")\nRefused("No " + x)\nRefused("No {x}.", x=x)')
    assert [line for line, _ in pieced] == [1, 2]


def test_bare_sentences_of_a_module_are_seen():
    source = (
        'say("Your work is done."); say(gettext("All is done."));\n// It is done.\nsay(`${n} of'
        ' ${m}`); add("is-small")'
    )
    assert list(bare_in_script(source)) == [(1, "Your work is done."), (3, "${n} of ${m}")]
