"""Finds the texts that the site shows: in templates, Python code, ES modules and species cards."""

import ast
import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_javascript, extract_python
from django.utils.translation.template import templatize

from gallery.i18n.catalogues import Found

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("gallery", "generation")
TERMINAL = {"migrations", "management", "training", "data"}
# The words at the ends of sliders, which the cards of newly made species carry to pages.
SHOWN = ROOT / "generation" / "training" / "pictures" / "sliders.py"
SINGLE = {"gettext", "gettext_lazy", "gettext_noop", "Refused", "word"}
PLURAL = {"ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
# What pages show of a species' card. Names of data sets and sources are not translated.
CARD_TEXTS = ("name", "description", "data_notes", "credit", "label", "low_label", "high_label")
TEMPLATE_KEYWORDS = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "_": None,
}
SCRIPT_KEYWORDS = {"gettext": None, "ngettext": (1, 2)}


def find_words(domain: str) -> Iterator[Found]:
    """Every text of a catalogue ("django" or "djangojs"), once for each place where it stands."""
    if domain == "djangojs":
        yield from _find_in_scripts()
        return
    yield from _find_in_templates()
    yield from _find_in_python()
    yield from _find_in_cards()


def template_paths() -> list[Path]:
    """All templates, of pages and emails."""
    return sorted(
        path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt")
    )


def python_paths() -> list[Path]:
    """The code of both packages, without migrations and what only prints to a terminal."""
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return sorted(
        path
        for path in paths
        if path == SHOWN or not TERMINAL.intersection(path.relative_to(ROOT).parts)
    )


def script_paths() -> list[Path]:
    """All ES modules."""
    return sorted((ROOT / "static" / "js").rglob("*.js"))


def words_of_template(source: str, *, place: str = "") -> list[Found]:
    """The texts of `{% translate %}`, `{% blocktranslate %}` and `_("…")` in a template."""
    # Django rewrites the template as calls of gettext between rows of X, which is valid Python once
    # the indentation is removed.
    code = "\n".join(line.strip() for line in templatize(source, origin=place).splitlines())
    found = extract_python(BytesIO(code.encode()), TEMPLATE_KEYWORDS, [], {"encoding": "utf-8"})
    return [
        _from_babel(messages, place, function=function)
        for _, function, messages, _ in found
        if _has_text(messages)
    ]


def words_of_python(source: str, *, place: str = "") -> list[Found]:
    """The literal texts given to the gettext functions, to `Refused` and to `word`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        given = [
            argument.value if isinstance(argument, ast.Constant) else None for argument in node.args
        ]
        if name in SINGLE and given[:1] and isinstance(given[0], str) and given[0]:
            found.append(Found(given[0], place))
        elif name in PLURAL and len(given) > 1 and all(isinstance(text, str) for text in given[:2]):
            found.append(Found((str(given[0]), str(given[1])), place))
        elif (
            name in WITH_CONTEXT
            and len(given) > 1
            and all(isinstance(text, str) for text in given[:2])
        ):
            found.append(Found(str(given[1]), place, context=str(given[0])))
    return found


def words_of_script(source: str, *, place: str = "") -> list[Found]:
    """The texts given to gettext and ngettext in an ES module."""
    options: Any = {"encoding": "utf-8", "parse_template_string": True}
    found = extract_javascript(BytesIO(source.encode()), SCRIPT_KEYWORDS, [], options)
    return [
        _from_babel(messages, place, function=function)
        for _, function, messages, _ in found
        if _has_text(messages)
    ]


def words_of_card(card: Any, *, place: str = "") -> list[Found]:
    """The texts of a species' card: its name, description and kinds, and its labels of controls."""
    if isinstance(card, list):
        return [found for part in card for found in words_of_card(part, place=place)]
    if not isinstance(card, dict):
        return []
    texts = [card[key] for key in CARD_TEXTS if isinstance(card.get(key), str) and card[key]]
    if "data" in card and "data_name" not in card:  # Otherwise it is the name of a folder.
        texts.append(card["data"])
    texts += [kind for kind in card.get("kinds", ()) if isinstance(kind, str)]
    texts += [
        option[1]
        for option in card.get("options", ())
        if isinstance(option, list) and len(option) == 2
    ]
    parts = [card[key] for key in ("gene_groups", "sliders", "choices") if key in card]
    return [Found(text, place) for text in texts] + words_of_card(parts, place=place)


def _find_in_templates() -> Iterator[Found]:
    for path in template_paths():
        yield from words_of_template(path.read_text(encoding="utf-8"), place=_place(path))


def _find_in_python() -> Iterator[Found]:
    for path in python_paths():
        yield from words_of_python(path.read_text(encoding="utf-8"), place=_place(path))


def _find_in_cards() -> Iterator[Found]:
    for path in sorted((ROOT / "generation" / "checkpoints").glob("*/card.json")):
        yield from words_of_card(json.loads(path.read_text(encoding="utf-8")), place=_place(path))


def _find_in_scripts() -> Iterator[Found]:
    for path in script_paths():
        yield from words_of_script(path.read_text(encoding="utf-8"), place=_place(path))


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _has_text(messages: Any) -> bool:
    return bool(messages if isinstance(messages, str) else messages and all(messages[:2]))


def _from_babel(messages: Any, place: str, *, function: object) -> Found:
    if isinstance(messages, str):
        return Found(messages, place)
    if function == "pgettext":
        return Found(messages[1], place, context=messages[0])
    if function == "npgettext":
        return Found((messages[1], messages[2]), place, context=messages[0])
    return Found((messages[0], messages[1]), place)
