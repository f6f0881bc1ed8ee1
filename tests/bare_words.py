"""Finds words for people that no translator will ever see: in templates, Python code and ES
modules.
"""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, TokenType

WORD_ATTRIBUTES = {
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "aria-valuetext",
    "title",
    "placeholder",
    "alt",
}
SIGNS = {"px", "OK", "QR", "API", "JSON", "dB", "px.", "bpm", "kB", "MB", "GB", "API:", "ID", "AI"}
VOID = {"script", "style", "code", "pre", "kbd", "samp"}
MARKED = {
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "Refused",
    "word",
}
FOR_OPERATORS = {
    "CommandError",
    "add_argument",
    "write",
    "print",
    "debug",
    "info",
    "warning",
    "error",
    "exception",
    "RuntimeError",
    "ValueError",
}
SENTENCE = re.compile(r"[A-Z“][^<>=_#]*[a-z] [^<>=_#]*[.!?…:]")
HOLE = "\ue000"  # Stands for what a tag or variable writes.


class _Texts(HTMLParser):
    """Collects text nodes and the attributes that people read or hear."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in WORD_ATTRIBUTES and value]
        self.silent += tag in VOID

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in VOID and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def bare_in_template(source: str) -> list[str]:
    """Text nodes, word attributes and arguments of tags that stand outside translate,
    blocktranslate and `_("…")`.
    """
    pieces, inside, found = [], "", []
    for token in Lexer(source).tokenize():
        name, _, rest = token.contents.partition(" ")
        if inside:
            inside = (
                ""
                if token.token_type == TokenType.BLOCK
                and re.fullmatch(inside, token.contents.strip())
                else inside
            )
        elif token.token_type == TokenType.TEXT:
            pieces.append(token.contents)
        elif token.token_type != TokenType.COMMENT:
            pieces.append(HOLE)
            if token.token_type == TokenType.BLOCK and name in (
                "blocktranslate",
                "blocktrans",
                "comment",
                "verbatim",
            ):
                inside = f"end{name}( .*)?"
            elif name == "block" and rest.endswith("class"):
                inside = "endblock( .*)?"
            elif name not in (
                "translate",
                "trans",
                "load",
                "extends",
                "url",
                "static",
                "icon",
                "if",
                "elif",
            ):
                found += re.findall(
                    r'(?:default|=|default_if_none|yesno):?"([A-Z][^"]*[a-z][^"]*)"', token.contents
                )
    parser = _Texts()
    parser.feed(
        re.sub(f"(</?){HOLE}", r"\1x", "".join(pieces))
    )  # The name of an element may be a variable.
    parser.close()
    texts = (" ".join(text.replace(HOLE, " ").split()) for text in parser.found)
    return found + [
        text for text in texts if not SIGNS.issuperset(re.findall(r"[A-Za-z]{2,}\.?", text))
    ]


def pieced_in_python(source: str) -> Iterator[tuple[int, str]]:
    """Calls that mark a text which is not one literal: (line, text). A constant made by `word` may
    stand for one.
    """
    tree = ast.parse(source)
    made = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name) and _name(node.value) in MARKED
    } | {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    made.add("template")  # Of another refusal, which was marked where it arose.
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in MARKED and node.args:
            first = node.args[0]
            is_filled = isinstance(first, ast.Call) and _name(first) == "format"
            is_pieced = is_filled or isinstance(first, ast.JoinedStr | ast.BinOp)
            is_loose = (
                _name(node) == "Refused" and isinstance(first, ast.Name) and first.id not in made
            )
            if is_pieced or is_loose:
                yield node.lineno, ast.unparse(node)[:100]


def bare_in_python(source: str) -> Iterator[tuple[int, str]]:
    """Whole sentences that are neither marked, nor docstrings, nor told to operators in a terminal
    or log: (line, text).
    """
    tree = ast.parse(source)
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        elif isinstance(node, ast.Call) and _name(node) in MARKED | FOR_OPERATORS:
            skipped.update(id(part) for argument in node.args for part in ast.walk(argument))
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in skipped and SENTENCE.fullmatch(text):
            yield node.lineno, text


def bare_in_script(source: str) -> Iterator[str]:
    """String literals of an ES module that read as English and are not given to gettext or
    ngettext.
    """
    code = re.sub(r"(?m)(^|\s)//.*$", "", source)
    code = re.sub(r'\bn?gettext\(\s*"(?:[^"\\]|\\.)*"(?:\s*,\s*"(?:[^"\\]|\\.)*")?', "", code)
    for text in re.findall(r'"((?:[^"\\\n]|\\.)*)"', code):
        if re.match(r"[A-Z][a-z’']+ [a-z]", text) or re.search(r"[a-z] [a-z]+[^\"]*[.!?…]$", text):
            yield text
    for text in re.findall(r"`((?:[^`\\]|\\.)*)`", code):
        plain = re.sub(r"\$\{[^{}]*\}", "{}", text)
        if re.search(
            r"(^|\} )[A-Za-z]{2,}(?= )[^:#.=]* |\} (of|from|to|and|or|is|are|on|off|as)\b", plain
        ):
            yield text


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
