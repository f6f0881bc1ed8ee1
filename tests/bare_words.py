"""Finds texts for people that are not marked for translation.

Looks at templates, Python code and ES modules. Every function yields the line and the text.
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
NOT_WORDS = {
    "px",
    "OK",
    "QR",
    "API",
    "JSON",
    "dB",
    "px.",
    "bpm",
    "kB",
    "MB",
    "GB",
    "API:",
    "ID",
    "AI",
}
NOT_READ = {"script", "style", "code", "pre", "kbd", "samp"}
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
SKIPPED_BLOCKS = {"blocktranslate", "blocktrans", "comment", "verbatim"}
TAGS_WITHOUT_WORDS = {
    "translate",
    "trans",
    "load",
    "extends",
    "url",
    "static",
    "icon",
    "if",
    "elif",
}
TAG_ARGUMENT = re.compile(r'(?:default|=|default_if_none|yesno):?"([A-Z][^"]*[a-z][^"]*)"')
SENTENCE = re.compile(r"[A-Z“][^<>=_#]*[a-z] [^<>=_#]*[.!?…:]")
PLACEHOLDER = "\ue000"  # Stands for the output of a tag or variable.


class _Texts(HTMLParser):
    """Collects text nodes and the attributes that people read or hear, with their lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.not_read = 0  # The number of open elements that are not read.

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, _ = self.getpos()
        self.found += [(line, value) for name, value in attrs if name in WORD_ATTRIBUTES and value]
        self.not_read += tag in NOT_READ

    def handle_endtag(self, tag: str) -> None:
        self.not_read -= tag in NOT_READ and self.not_read > 0

    def handle_data(self, data: str) -> None:
        if not self.not_read:
            line, _ = self.getpos()
            blank = data[: len(data) - len(data.lstrip())]
            self.found.append((line + blank.count("\n"), data))


def bare_in_template(source: str) -> Iterator[tuple[int, str]]:
    """Texts of a template outside `translate`, `blocktranslate` and `_("…")`.

    These are text nodes, attributes that people read or hear, and arguments of tags.
    """
    pieces: list[str] = []
    end = ""  # The pattern of the tag that ends the present translated block.
    for token in Lexer(source).tokenize():
        name, _, rest = token.contents.partition(" ")
        if end:
            # Only the line breaks of what is skipped are kept, for the numbers of the lines.
            pieces.append("\n" * token.contents.count("\n"))
            if token.token_type == TokenType.BLOCK and re.fullmatch(end, token.contents.strip()):
                end = ""
        elif token.token_type == TokenType.TEXT:
            pieces.append(token.contents)
        elif token.token_type != TokenType.COMMENT:
            pieces.append(PLACEHOLDER)
            if token.token_type == TokenType.BLOCK and name in SKIPPED_BLOCKS:
                end = f"end{name}( .*)?"
            elif name == "block" and rest.endswith("class"):
                end = "endblock( .*)?"
            elif name not in TAGS_WITHOUT_WORDS:
                for text in TAG_ARGUMENT.findall(token.contents):
                    yield token.lineno or 0, text
    parser = _Texts()
    # The name of an element may be a variable.
    parser.feed(re.sub(f"(</?){PLACEHOLDER}", r"\1x", "".join(pieces)))
    parser.close()
    for line, data in parser.found:
        text = " ".join(data.replace(PLACEHOLDER, " ").split())
        if not NOT_WORDS.issuperset(re.findall(r"[A-Za-z]{2,}\.?", text)):
            yield line, text


def pieced_in_python(source: str) -> Iterator[tuple[int, str]]:
    """Calls that mark a text which is not one literal.

    A constant made by a marking call may stand for a literal.
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
    made.add("template")  # The text of another refusal, which was marked where it was raised.
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
    """Whole sentences that are not marked.

    Docstrings do not count, nor what operators read in a terminal or log.
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


def bare_in_script(source: str) -> Iterator[tuple[int, str]]:
    """String literals of an ES module that read as English and are not marked."""
    code = re.sub(r"(?m)(?<!\S)//.*$", "", source)
    marked = r'\bn?gettext\(\s*"(?:[^"\\]|\\.)*"(?:\s*,\s*"(?:[^"\\]|\\.)*")?'
    code = re.sub(marked, lambda match: "\n" * match[0].count("\n"), code)
    for match in re.finditer(r'"((?:[^"\\\n]|\\.)*)"', code):
        text = match[1]
        if re.match(r"[A-Z][a-z’']+ [a-z]", text) or re.search(r"[a-z] [a-z]+[^\"]*[.!?…]$", text):
            yield _line_of(match), text
    for match in re.finditer(r"`((?:[^`\\]|\\.)*)`", code):
        plain = re.sub(r"\$\{[^{}]*\}", "{}", match[1])
        if re.search(
            r"(^|\} )[A-Za-z]{2,}(?= )[^:#.=]* |\} (of|from|to|and|or|is|are|on|off|as)\b", plain
        ):
            yield _line_of(match), match[1]


def _line_of(match: re.Match[str]) -> int:
    return match.string.count("\n", 0, match.start()) + 1


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
